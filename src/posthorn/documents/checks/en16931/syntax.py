"""What UBL may repeat and EN 16931 may not; and what UBL leaves open and EN 16931 does not.

Source of all: the UBL syntax binding, CEN/TS 16931-3-2, as the validation artefacts 1.3.16 read it.
"""

from __future__ import annotations

from typing import Final

from posthorn.documents.checks.en16931.contexts import every, string, strings
from posthorn.documents.checks.rules import EN16931, Answer, Broken, Test
from posthorn.documents.checks.selects import Select, lines, named, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
_SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
_payments: Final = named("cac:PaymentMeans")
_representatives: Final = named("cac:TaxRepresentativeParty")

# Rule, the elements it is asked of, and what these have at most one of.
_AT_MOST_ONE: Final[tuple[tuple[str, Select, str], ...]] = (
    ("UBL-SR-01", root, "cac:ContractDocumentReference/cbc:ID"),  # BT-12
    ("UBL-SR-02", root, "cac:ReceiptDocumentReference/cbc:ID"),  # BT-15
    ("UBL-SR-03", root, "cac:DespatchDocumentReference/cbc:ID"),  # BT-16
    ("UBL-SR-05", root, "cac:PaymentTerms/cbc:Note"),  # BT-20
    ("UBL-SR-06", named("cac:BillingReference"), "cac:InvoiceDocumentReference"),  # BG-3
    ("UBL-SR-08", root, "cac:InvoicePeriod"),  # BG-14
    ("UBL-SR-09", root, f"{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"),  # BT-27
    ("UBL-SR-10", root, f"{_SELLER}/cac:PartyName/cbc:Name"),  # BT-28
    ("UBL-SR-11", root, f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyID"),  # BT-30
    ("UBL-SR-14", root, f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm"),  # BT-33
    ("UBL-SR-15", root, f"{_BUYER}/cac:PartyLegalEntity/cbc:RegistrationName"),  # BT-44
    ("UBL-SR-16", root, f"{_BUYER}/cac:PartyIdentification/cbc:ID"),  # BT-46
    ("UBL-SR-17", root, f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID"),  # BT-47
    ("UBL-SR-22", _representatives, "cac:PartyName/cbc:Name"),  # BT-62
    ("UBL-SR-23", _representatives, "cac:PartyTaxScheme/cbc:CompanyID"),  # BT-63
    ("UBL-SR-24", root, "cac:Delivery"),  # BG-13
    ("UBL-SR-25", named("cac:Delivery"), "cac:DeliveryParty/cac:PartyName/cbc:Name"),  # BT-70
    ("UBL-SR-26", _payments, "cbc:PaymentID"),  # BT-83
    ("UBL-SR-27", _payments, "cbc:PaymentMeansCode"),  # BT-81
    ("UBL-SR-28", _payments, "cac:PaymentMandate/cbc:ID"),  # BT-89
    ("UBL-SR-32", named("cac:TaxSubtotal"), "cac:TaxCategory/cbc:TaxExemptionReason"),  # BT-120
    ("UBL-SR-33", named("cac:AdditionalDocumentReference"), "cbc:DocumentDescription"),  # BT-123
    ("UBL-SR-34", lines, "cbc:Note"),  # BT-127
    ("UBL-SR-35", lines, "cac:OrderLineReference/cbc:LineID"),  # BT-132
    ("UBL-SR-36", lines, "cac:InvoicePeriod"),  # BG-26
    ("UBL-SR-37", lines, "cac:Price/cac:AllowanceCharge/cbc:Amount"),  # BT-147
    ("UBL-SR-39", root, "cac:ProjectReference/cbc:ID"),  # BT-11
    ("UBL-SR-40", root, f"{_BUYER}/cac:PartyName/cbc:Name"),  # BT-45
    ("UBL-SR-45", root, "cac:PaymentMeans/cbc:PaymentDueDate"),  # BT-9
    ("UBL-SR-49", root, "cac:InvoicePeriod/cbc:DescriptionCode"),  # BT-8
    ("UBL-SR-50", lines, "cac:Item/cbc:Description"),  # BT-154
    (
        "UBL-SR-51",
        named("cac:PostalAddress", "cac:Address"),
        "cac:AddressLine",
    ),  # BT-162 and others
    ("UBL-SR-52", lines, "cac:DocumentReference"),  # BT-128
    ("UBL-SR-54", root, "cac:PaymentMeans/cac:CardAccount"),  # BG-18
    ("UBL-SR-55", root, "cac:PaymentMeans/cac:PaymentMandate"),  # BG-19
    ("UBL-SR-56", root, "cac:OriginatorDocumentReference/cbc:ID"),  # BT-17
)


def _at_most_one(path: str) -> Test:
    steps = path.split("/")
    first = steps[0]

    def is_single(element: Element, _: Subject) -> Answer:
        if first not in element.kids:
            return True
        found = every(element, *steps)
        return len(found) <= 1 or repeated(found)

    return is_single


def repeated(found: list[Element]) -> Broken:
    """Point at the second of many where one is the most, and say how many there are."""
    return Broken(at=found[1], count=len(found))


for _id, _select, _path in _AT_MOST_ONE:
    EN16931.add(_id, _select, _at_most_one(_path))


@rule("UBL-SR-04", root)
def has_one_invoiced_object(invoice: Element, _: Subject) -> Answer:
    """BT-18: at most one object is invoiced, a document of type 130."""
    found = [
        number
        for document in invoice.kids.get("cac:AdditionalDocumentReference", ())
        if "130" in strings(document.kids.get("cbc:DocumentTypeCode", ()))
        for number in document.kids.get("cbc:ID", ())
    ]
    return len(found) <= 1 or repeated(found)


@rule("UBL-SR-43", named("cac:AdditionalDocumentReference"))
def has_a_scheme_only_for_an_object(document: Element, subject: Subject) -> Answer:
    """BT-18, BT-122: only the invoiced object has a type code, 130 (or 50), and a scheme."""
    numbers = document.kids.get("cbc:ID", ())
    codes = document.kids.get("cbc:DocumentTypeCode")
    if codes is None:
        return not any("schemeID" in number.attributes for number in numbers)
    kinds = strings(codes)
    return "130" in kinds or (subject.is_credit_note and "50" in kinds) or Broken(code=min(kinds))


@rule("UBL-SR-07", named("cac:BillingReference"))
def numbers_the_preceding_invoice(reference: Element, _: Subject) -> Answer:
    """BT-25: a reference to a preceding invoice has its number."""
    return bool(every(reference, "cac:InvoiceDocumentReference", "cbc:ID"))


@rule("UBL-SR-44", root)
def has_one_payment_reference(_: Element, subject: Subject) -> Answer:
    """BT-83: all payment references of an invoice are the same."""
    return _are_equal(subject.named("cbc:PaymentID"))


@rule("UBL-SR-47", root)
def has_one_means_of_payment(_: Element, subject: Subject) -> Answer:
    """BT-81: all codes of the means of payment are the same."""
    return _are_equal(subject.named("cbc:PaymentMeansCode"))


def _are_equal(found: list[Element]) -> Answer:
    if len(found) <= 1:
        return True
    other = next((one for one in found if string(one) != string(found[0])), None)
    return other is None or Broken(at=other, first=found[0].value, other=other.value)


@rule("UBL-SR-46", root)
def has_one_name_of_the_means_of_payment(invoice: Element, _: Subject) -> Answer:
    """BT-82: at most one code of a means of payment is named."""
    codes = every(invoice, "cac:PaymentMeans", "cbc:PaymentMeansCode")
    found = [code for code in codes if "name" in code.attributes]
    return len(found) <= 1 or repeated(found)


@rule("UBL-SR-48", lines)
def has_one_vat_category(line: Element, _: Subject) -> Answer:
    """BG-30: a line has exactly one VAT category."""
    count = len(every(line, "cac:Item", "cac:ClassifiedTaxCategory"))
    return count == 1 or Broken(line=line.text("cbc:ID"), count=count)
