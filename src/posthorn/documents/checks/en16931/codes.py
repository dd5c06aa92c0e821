"""Codes come from the lists that EN 16931 names (BR-CL)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from posthorn.documents.checks.en16931.contexts import (
    BLANKS,
    is_allowance,
    is_charge,
    string,
    strings,
)
from posthorn.documents.checks.rules import EN16931, Answer, Broken, Test
from posthorn.documents.checks.selects import Select, anywhere, at, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.codelists import editions
from posthorn.documents.xml import Element

_SUBJECT: Final = 3  # characters of the code of a note's subject
_AMOUNTS: Final = (
    "cbc:Amount",
    "cbc:BaseAmount",
    "cbc:PriceAmount",
    "cbc:TaxAmount",
    "cbc:TaxableAmount",
    "cbc:LineExtensionAmount",
    "cbc:TaxExclusiveAmount",
    "cbc:TaxInclusiveAmount",
    "cbc:AllowanceTotalAmount",
    "cbc:ChargeTotalAmount",
    "cbc:PrepaidAmount",
    "cbc:PayableRoundingAmount",
    "cbc:PayableAmount",
)
_QUANTITIES: Final = ("cbc:InvoicedQuantity", "cbc:BaseQuantity", "cbc:CreditedQuantity")


def value_in(codes: frozenset[str]) -> Test:
    """Make the test that an element's value is one of the codes, blanks around it left out."""

    def test(element: Element, _: Subject) -> Answer:
        value = string(element)
        return value in codes or value.strip(BLANKS) in codes or Broken(found=value)

    return test


def capitals_in(codes: frozenset[str]) -> Test:
    """Make the test that an element's value, in capitals, is one of the codes."""

    def test(element: Element, _: Subject) -> Answer:
        value = string(element)
        return value.strip(BLANKS).upper() in codes or Broken(found=value)

    return test


def attribute_in(name: str) -> Callable[[frozenset[str]], Test]:
    """Make the maker of tests that an attribute is one of the codes."""

    def made(codes: frozenset[str]) -> Test:
        def test(element: Element, _: Subject) -> Answer:
            value = element.attributes.get(name, "")
            return value in codes or value.strip(BLANKS) in codes or Broken(found=value)

        return test

    return made


def mime_code_in(codes: frozenset[str]) -> Test:
    """Make the test that an attachment is of one of these kinds, written exactly so."""

    def test(element: Element, _: Subject) -> Answer:
        value = element.attributes["mimeCode"]
        return value in codes or Broken(found=value)

    return test


def identifier_scheme_in(codes: frozenset[str]) -> Test:
    """Make the test of a party's scheme: one of the codes, or SEPA of a seller or payee (BT-90)."""

    def test(element: Element, _: Subject) -> Answer:
        value = element.attributes["schemeID"].strip(BLANKS)
        if value in codes or (value == "SEPA" and _is_creditor(element)):
            return True
        return Broken(found=value)

    return test


def _is_creditor(element: Element) -> bool:
    above = element.parent
    while above is not None:
        if above.name in {"cac:AccountingSupplierParty", "cac:PayeeParty"}:
            return True
        above = above.parent
    return False


def note_subject_in(codes: frozenset[str]) -> Test:
    """Make the test that a note which begins `#ABC#` names a known subject (BT-21)."""
    # The official test looks for the three characters anywhere in this text.
    known = f" {' '.join(sorted(codes))} "

    def test(note: Element, _: Subject) -> Answer:
        code, closed, _after = string(note).partition("#")[2].partition("#")
        if closed and len(code) == _SUBJECT and code not in known:
            return Broken(found=code)
        return True

    return test


def _with(select: Select, attribute: str) -> Select:
    return where(select, lambda element: attribute in element.attributes)


def _object_identifiers(references: Sequence[Element], _: Subject) -> list[Element]:
    """Narrow references to the identifiers of the invoiced object, beside type 130 (BT-18)."""
    return [
        identifier
        for reference in references
        if "130" in strings(reference.kids.get("cbc:DocumentTypeCode", ()))
        for identifier in reference.kids.get("cbc:ID", ())
    ]


def reasons_of(is_one: Callable[[Element], bool]) -> Select:
    """Select the codes of the reasons of allowances, or of charges."""
    return named("cac:AllowanceCharge").then(
        lambda found, _: [
            reason
            for element in found
            if "cbc:AllowanceChargeReasonCode" in element.kids and is_one(element)
            for reason in element.kids["cbc:AllowanceChargeReasonCode"]
        ]
    )


_objects = named("cac:AdditionalDocumentReference", "cac:DocumentReference").then(
    _object_identifiers
)
_scheme = attribute_in("schemeID")

# Identifier, what is asked, the list, how it is asked; the business terms are of EN 16931-1.
_CODES: Final[tuple[tuple[str, Select, str, Callable[[frozenset[str]], Test]], ...]] = (
    ("BR-CL-01", named("cbc:InvoiceTypeCode"), "invoice-types", value_in),  # BT-3
    ("BR-CL-01", named("cbc:CreditNoteTypeCode"), "credit-note-types", value_in),  # BT-3
    ("BR-CL-03", named(*_AMOUNTS), "currencies", attribute_in("currencyID")),  # any amount
    ("BR-CL-04", named("cbc:DocumentCurrencyCode"), "currencies", value_in),  # BT-5
    ("BR-CL-05", named("cbc:TaxCurrencyCode"), "currencies", value_in),  # BT-6
    (  # BT-8
        "BR-CL-06",
        anywhere("cac:InvoicePeriod/cbc:DescriptionCode"),
        "vat-date-codes",
        value_in,
    ),
    ("BR-CL-07", _with(_objects, "schemeID"), "reference-schemes", _scheme),  # BT-18
    ("BR-CL-08", at("cbc:Note"), "note-subjects", note_subject_in),  # BT-21
    (  # BT-29, BT-46, BT-60, BT-90
        "BR-CL-10",
        _with(anywhere("cac:PartyIdentification/cbc:ID"), "schemeID"),
        "identifier-schemes",
        identifier_scheme_in,
    ),
    (  # BT-30, BT-47, BT-61
        "BR-CL-11",
        _with(anywhere("cac:PartyLegalEntity/cbc:CompanyID"), "schemeID"),
        "identifier-schemes",
        _scheme,
    ),
    (  # BT-158
        "BR-CL-13",
        _with(anywhere("cac:CommodityClassification/cbc:ItemClassificationCode"), "listID"),
        "item-classifications",
        attribute_in("listID"),
    ),
    (  # BT-40, BT-55, BT-69, BT-80
        "BR-CL-14",
        anywhere("cac:Country/cbc:IdentificationCode"),
        "countries",
        value_in,
    ),
    (  # BT-159
        "BR-CL-15",
        anywhere("cac:OriginCountry/cbc:IdentificationCode"),
        "countries",
        value_in,
    ),
    (  # BT-81
        "BR-CL-16",
        anywhere("cac:PaymentMeans/cbc:PaymentMeansCode"),
        "payment-means",
        value_in,
    ),
    # BT-95, BT-102, BT-118; BT-151
    ("BR-CL-17", anywhere("cac:TaxCategory/cbc:ID"), "vat-categories", value_in),
    ("BR-CL-18", anywhere("cac:ClassifiedTaxCategory/cbc:ID"), "vat-categories", value_in),
    ("BR-CL-19", reasons_of(is_allowance), "allowance-reasons", value_in),  # BT-98, BT-140
    ("BR-CL-20", reasons_of(is_charge), "charge-reasons", value_in),  # BT-105, BT-145
    (  # BT-157
        "BR-CL-21",
        _with(anywhere("cac:StandardItemIdentification/cbc:ID"), "schemeID"),
        "identifier-schemes",
        _scheme,
    ),
    ("BR-CL-22", named("cbc:TaxExemptionReasonCode"), "vat-exemptions", capitals_in),  # BT-121
    (  # BT-130, BT-150
        "BR-CL-23",
        _with(
            named("cbc:InvoicedQuantity", "cbc:BaseQuantity", "cbc:CreditedQuantity"), "unitCode"
        ),
        "units",
        attribute_in("unitCode"),
    ),
    (  # BT-125
        "BR-CL-24",
        _with(named("cbc:EmbeddedDocumentBinaryObject"), "mimeCode"),
        "attachment-types",
        mime_code_in,
    ),
    (  # BT-34, BT-49
        "BR-CL-25",
        _with(named("cbc:EndpointID"), "schemeID"),
        "address-schemes",
        _scheme,
    ),
    (  # BT-71
        "BR-CL-26",
        _with(anywhere("cac:DeliveryLocation/cbc:ID"), "schemeID"),
        "identifier-schemes",
        _scheme,
    ),
)

for _identifier, _select, _list, _test_of in _CODES:
    for _edition in editions(_list):
        EN16931.add(
            _identifier,
            _select,
            _test_of(_edition.codes),
            since=_edition.since,
            until=_edition.until,
        )
