"""What Peppol asks of invoices between parties in Germany.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules; most
of it comes from XRechnung.
"""

from __future__ import annotations

import re
from typing import Final

from posthorn.documents.checks.peppol.places import BUYER, SELLER, are_german, where_parties
from posthorn.documents.checks.peppol.text import has, raw, tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken, Test
from posthorn.documents.checks.selects import Select, at, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_TAXED: Final = frozenset({"S", "Z", "E", "AE", "K", "G", "L", "M"})
_KINDS: Final = frozenset({"326", "380", "384", "389", "381", "875", "876", "877"})
_CORRECTED: Final = "384"
_BANK: Final = "SEPA"  # the scheme of an identifier that a bank gives to a creditor
_DISCOUNT: Final = re.compile(
    r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(?:#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#"
)
_STATEMENTS: Final = re.compile(r"#[^\r\n]+#")
_LINE_END: Final = re.compile(r"[ \t\r\n]*\n")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")
_MAIL: Final = re.compile(r"[^@ \t\r\n]+@(?:[^@. \t\r\n]+\.)+[^@. \t\r\n]+")
_DIGIT: Final = re.compile(r"[0-9]")
_LEAST_DIGITS: Final = 3


def _german(select: Select) -> Select:
    """Select only where seller and buyer have their address in Germany."""
    return where_parties(are_german, select)


_invoices: Final = _german(root)


def _kind(invoice: Element) -> str:
    return tidied(invoice, "cbc:InvoiceTypeCode") or tidied(invoice, "cbc:CreditNoteTypeCode")


@rule("DE-R-001", _invoices)
def says_how_to_pay(invoice: Element, _: Subject) -> Answer:
    """BG-16: the invoice says how to pay."""
    return "cac:PaymentMeans" in invoice.kids


@rule("DE-R-016", _invoices)
def taxed_seller_has_a_number(invoice: Element, _: Subject) -> Answer:
    """BT-31, BT-32, BG-11: who charges VAT has a tax number or a representative."""
    return (
        "cac:TaxRepresentativeParty" in invoice.kids
        or _TAXED.isdisjoint(_categories(invoice))
        or any(
            tidy(number.value)
            for number in invoice.each(*SELLER, "cac:PartyTaxScheme", "cbc:CompanyID")
        )
    )


def _categories(invoice: Element) -> set[str]:
    """Return the VAT categories of allowances, charges and lines (BT-95, BT-102, BT-151)."""
    found = {
        code.value or ""
        for charge in invoice.each("cac:AllowanceCharge")
        if any(kind.value in {"true", "false"} for kind in charge.each("cbc:ChargeIndicator"))
        for code in charge.each("cac:TaxCategory", "cbc:ID")
    }
    for name in ("cac:InvoiceLine", "cac:CreditNoteLine"):
        codes = invoice.each(name, "cac:Item", "cac:ClassifiedTaxCategory", "cbc:ID")
        found.update(code.value or "" for code in codes)
    return found


@rule("DE-R-017", _invoices, severity=Severity.WARNING)
def is_of_a_german_kind(invoice: Element, _: Subject) -> Answer:
    """BT-3: the kind of invoice is one that is used in Germany."""
    kinds = {tidied(invoice, "cbc:InvoiceTypeCode"), tidied(invoice, "cbc:CreditNoteTypeCode")}
    return not _KINDS.isdisjoint(kinds) or Broken(found=_kind(invoice) or None)


@rule("DE-R-018", _invoices)
def discount_is_written_as_agreed(invoice: Element, _: Subject) -> Answer:
    """BT-20: a discount is #SKONTO#TAGE=14#PROZENT=2.00# on a line of its own."""
    notes = [
        note.value or ""
        for terms in invoice.each("cac:PaymentTerms")
        for note in terms.kids.get("cbc:Note", ())[:1]
    ]
    stated = [
        line
        for note in notes
        for line in map(tidy, re.split(r"\r?\n", note))
        if line.startswith("#")
    ]
    wrong = next((line for line in stated if not _DISCOUNT.fullmatch(line)), None)
    # With several terms the official rule stops, and its document is invalid.
    is_right = wrong is None and len(notes) == 1 and _ends_in_line(notes[0])
    return not stated or is_right or Broken(found=wrong or stated[-1])


def _ends_in_line(note: str) -> bool:
    """Tell whether a line ends after the last statement of a discount."""
    return _LINE_END.match(_STATEMENTS.split(note)[-1]) is not None


@rule("DE-R-022", _invoices)
def files_have_names_of_their_own(invoice: Element, _: Subject) -> Answer:
    """BT-125: no two references have attached files of the same name."""
    seen: set[str] = set()
    for reference in invoice.each("cac:AdditionalDocumentReference"):
        files = list(reference.each("cac:Attachment", "cbc:EmbeddedDocumentBinaryObject"))
        names = {file.attributes["filename"] for file in files if "filename" in file.attributes}
        if names & seen:
            return Broken(at=files[0], found=min(names & seen))
        seen |= names
    return True


@rule("DE-R-026", _invoices, severity=Severity.WARNING)
def correction_names_its_invoice(invoice: Element, _: Subject) -> Answer:
    """BG-3: a corrected invoice (384) names the one it corrects."""
    kinds = {tidied(invoice, "cbc:InvoiceTypeCode"), tidied(invoice, "cbc:CreditNoteTypeCode")}
    return _CORRECTED not in kinds or has(
        invoice, "cac:BillingReference", "cac:InvoiceDocumentReference"
    )


@rule("DE-R-030", _invoices)
def debit_names_the_creditor(invoice: Element, _: Subject) -> Answer:
    """BT-90: with a direct debit goes the creditor's identifier from its bank (SEPA)."""
    if not has(invoice, "cac:PaymentMeans", "cac:PaymentMandate"):
        return True
    return any(
        number.attributes.get("schemeID") == _BANK
        for party in (SELLER, ("cac:PayeeParty",))
        for number in invoice.each(*party, "cac:PartyIdentification", "cbc:ID")
    )


@rule("DE-R-031", _invoices)
def debit_names_the_account(invoice: Element, _: Subject) -> Answer:
    """BT-91: with a direct debit goes the account that is debited."""
    mandate = ("cac:PaymentMeans", "cac:PaymentMandate")
    return not has(invoice, *mandate) or has(
        invoice, *mandate, "cac:PayerFinancialAccount", "cbc:ID"
    )


@rule(
    "DE-R-T02",
    _german(at("cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference")),
    severity=Severity.WARNING,
)
def location_is_an_address(reference: Element, _: Subject) -> Answer:
    """BT-124: where a document lies is a whole address with its scheme (https:)."""
    found = raw(reference, "cbc:URI")
    return _SCHEME.match(found) is not None or Broken(found=found or None)


@rule("DE-R-002", _german(at("cac:AccountingSupplierParty")))
def seller_has_a_contact(seller: Element, _: Subject) -> Answer:
    """BG-6: the seller names whom to ask."""
    return has(seller, "cac:Party", "cac:Contact")


_contacts: Final = _german(at("/".join((*SELLER, "cac:Contact"))))


@rule("DE-R-027", _contacts, severity=Severity.WARNING)
def telephone_has_digits(contact: Element, _: Subject) -> Answer:
    """BT-42: a telephone number has at least three digits."""
    found = tidied(contact, "cbc:Telephone")
    return len(_DIGIT.findall(found)) >= _LEAST_DIGITS or Broken(found=found or None)


@rule("DE-R-028", _contacts, severity=Severity.WARNING)
def mail_address_is_one(contact: Element, _: Subject) -> Answer:
    """BT-43: a mail address has one @, and a dot within what follows."""
    found = tidied(contact, "cbc:ElectronicMail")
    return _MAIL.fullmatch(found) is not None or Broken(found=found or None)


def _is_given(*path: str) -> Test:
    """Return the test that a value is there and not blank."""

    def is_given(element: Element, _: Subject) -> Answer:
        return any(tidy(found.value) for found in element.each(*path))

    return is_given


_seller_addresses: Final = _german(at("/".join((*SELLER, "cac:PostalAddress"))))
_buyer_addresses: Final = _german(at("/".join((*BUYER, "cac:PostalAddress"))))
_delivery_addresses: Final = _german(at("cac:Delivery/cac:DeliveryLocation/cac:Address"))
_breakdowns: Final = _german(at("cac:TaxTotal/cac:TaxSubtotal"))
# Each a value that must be given: of the buyer's reference, addresses, contact and VAT rate.
for _identifier, _select, _path in (
    ("DE-R-015", _invoices, ("cbc:BuyerReference",)),  # BT-10
    ("DE-R-003", _seller_addresses, ("cbc:CityName",)),  # BT-37
    ("DE-R-004", _seller_addresses, ("cbc:PostalZone",)),  # BT-38
    ("DE-R-005", _contacts, ("cbc:Name",)),  # BT-41
    ("DE-R-006", _contacts, ("cbc:Telephone",)),  # BT-42
    ("DE-R-007", _contacts, ("cbc:ElectronicMail",)),  # BT-43
    ("DE-R-008", _buyer_addresses, ("cbc:CityName",)),  # BT-52
    ("DE-R-009", _buyer_addresses, ("cbc:PostalZone",)),  # BT-53
    ("DE-R-010", _delivery_addresses, ("cbc:CityName",)),  # BT-77
    ("DE-R-011", _delivery_addresses, ("cbc:PostalZone",)),  # BT-78
    ("DE-R-014", _breakdowns, ("cac:TaxCategory", "cbc:Percent")),  # BT-119
):
    PEPPOL.add(_identifier, _select, _is_given(*_path))
