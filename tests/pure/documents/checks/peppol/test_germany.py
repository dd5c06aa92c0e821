from __future__ import annotations

import pytest

from tests.pure.documents.checks.peppol.parties import (
    account,
    address,
    buyer,
    means,
    parties,
    seller,
    vat,
)
from tests.pure.documents.checks.peppol.rows import Row, failures, found, put, severities

GERMAN = parties(" de")
CITY, ZONE = put("cbc:CityName", "C"), put("cbc:PostalZone", "1")
IBAN = "DE02 1203 0000 0000 2020 51"
BANK = put("cac:PartyIdentification/cbc:ID@schemeID=SEPA", "DE98ZZZ09999999999")
DEBTOR = put("cac:PayerFinancialAccount/cbc:ID", IBAN)
MANDATE = put("cac:PaymentMandate", DEBTOR)
CARD = put("cac:CardAccount")
REFERENCE = put("cac:BillingReference/cac:InvoiceDocumentReference")
DISCOUNT = "#SKONTO#TAGE=14#PROZENT=2.00#\n"


def contact(*rest: str) -> str:
    return seller("DE", put("cac:Contact", "".join(rest))) + buyer("DE")


def telephone(number: str) -> str:
    return contact(put("cbc:Telephone", number))


def mail(to: str) -> str:
    return contact(put("cbc:ElectronicMail", to))


def delivery(*rest: str) -> str:
    return GERMAN + put("cac:Delivery/cac:DeliveryLocation/cac:Address", "".join(rest))


def terms(*notes: str) -> str:
    return GERMAN + put("cac:PaymentTerms", "".join(put("cbc:Note", note) for note in notes))


def file(name: str) -> str:
    element = "cbc:EmbeddedDocumentBinaryObject"
    said = f' filename="{name}"' if name else ""
    return put("cac:AdditionalDocumentReference/cac:Attachment", f"<{element}{said}>x</{element}>")


def taxed(category: str, indicator: str = "false") -> str:
    charge = put("cbc:ChargeIndicator", indicator) + put("cac:TaxCategory/cbc:ID", category)
    return put("cac:AllowanceCharge", charge)


def line(category: str, name: str = "InvoiceLine") -> str:
    return put(f"cac:{name}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID", category)


def linked(to: str) -> str:
    found_at = "cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference"
    return GERMAN + put(found_at, put("cbc:URI", to) if to else "")


def rate(percent: str) -> str:
    return GERMAN + put("cac:TaxTotal/cac:TaxSubtotal", put("cac:TaxCategory", percent))


def debited(number: str) -> str:
    return GERMAN + means("59", put("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", number))


def kind(code: str) -> str:
    return GERMAN + put("cbc:InvoiceTypeCode", code)


ROWS = (
    Row("DE-R-001", GERMAN + put("cac:PaymentMeans"), GERMAN),
    Row("DE-R-001", seller("DE"), parties("DE")),
    Row(
        "DE-R-015", GERMAN + put("cbc:BuyerReference", "L"), GERMAN + put("cbc:BuyerReference", " ")
    ),
    Row("DE-R-015", seller("DE") + buyer("BE"), GERMAN),
    *(
        Row("DE-R-016", GERMAN + taxed(good), GERMAN + taxed(bad))
        for good, bad in zip("OOOOOOBB", ("S", "Z", "E", "AE", "K", "G", "L", "M"), strict=True)
    ),
    Row("DE-R-016", GERMAN + taxed("S", "1"), GERMAN + taxed("S", "true")),
    Row("DE-R-016", GERMAN + line("O"), GERMAN + line("S")),
    Row(
        "DE-R-016",
        seller("DE", vat("1", "X")) + buyer("DE") + line("S"),
        GERMAN + line("S", "CreditNoteLine"),
    ),
    Row(
        "DE-R-016",
        GERMAN + line("S") + put("cac:TaxRepresentativeParty"),
        seller("DE", vat(" ")) + buyer("DE") + line("S"),
    ),
    Row("DE-R-017", kind(" 380"), kind("386"), {"found": "386"}),
    Row("DE-R-017", GERMAN + put("cbc:CreditNoteTypeCode", "381"), GERMAN, {"found": "—"}),
    Row(
        "DE-R-018",
        terms(DISCOUNT),
        terms("#SKONTO#TAGE=14#PROZENT=2#\n"),
        {"found": "#SKONTO#TAGE=14#PROZENT=2#"},
    ),
    Row(
        "DE-R-018",
        terms(f"Text\n {DISCOUNT} "),
        terms(DISCOUNT.strip()),
        {"found": DISCOUNT.strip()},
    ),
    Row(
        "DE-R-018",
        terms(f"{DISCOUNT}#SKONTO#TAGE=7#PROZENT=3.00#BASISBETRAG=-99.50#&#13;\nText"),
        terms(f"{DISCOUNT}#30 days\n"),
        {"found": "#30 days"},
    ),
    Row(
        "DE-R-018",
        terms("text, #1", "#2"),
        terms(f"{DISCOUNT}x #y# z"),
        {"found": DISCOUNT.strip()},
    ),
    # The official rule stops at the second terms.
    Row(
        "DE-R-018",
        terms("a") + put("cac:PaymentTerms/cbc:Note", "b"),
        terms(DISCOUNT) + put("cac:PaymentTerms/cbc:Note", "b"),
        {"found": DISCOUNT.strip()},
    ),
    Row("DE-R-018", GERMAN + put("cac:PaymentTerms"), terms("#"), {"found": "#"}),
    Row("DE-R-022", GERMAN + file("a") + file("A"), GERMAN + file("a") * 2, {"found": "a"}),
    Row(
        "DE-R-022", GERMAN + file("") * 2, GERMAN + file("b") + file("") + file("b"), {"found": "b"}
    ),
    Row("DE-R-026", kind("384") + REFERENCE, kind(" 384")),
    Row("DE-R-026", kind("380"), GERMAN + put("cbc:CreditNoteTypeCode", "384"), {}, "CreditNote"),
    Row(
        "DE-R-030",
        seller("DE", BANK) + buyer("DE") + means("59", MANDATE),
        GERMAN + means("59", MANDATE),
    ),
    Row(
        "DE-R-030",
        GERMAN + put("cac:PayeeParty", BANK) + means("59", MANDATE),
        GERMAN + put("cac:PayeeParty", BANK.replace("SEPA", "x")) + means("59", MANDATE),
    ),
    Row("DE-R-030", GERMAN + means("59"), seller("DE") + buyer("DE", BANK) + means("59", MANDATE)),
    Row("DE-R-031", GERMAN + means("59", MANDATE), GERMAN + means("59", put("cac:PaymentMandate"))),
    Row("DE-R-031", GERMAN, GERMAN + means("30", put("cac:PaymentMandate"))),
    Row("DE-R-T02", linked("https:x"), linked("/x"), {"found": "/x"}),
    Row("DE-R-T02", linked("ab:"), linked("a:"), {"found": "a:"}),
    Row("DE-R-T02", linked("x+1-.:y"), linked(""), {"found": "—"}),
    Row("DE-R-002", contact(), GERMAN),
    Row("DE-R-003", seller("DE", place=CITY) + buyer("DE"), seller("DE", place=ZONE) + buyer("DE")),
    Row("DE-R-004", seller("DE", place=ZONE) + buyer("DE"), seller("DE", place=CITY) + buyer("DE")),
    Row("DE-R-005", contact(put("cbc:Name", "N")), contact(put("cbc:Name", " "))),
    Row("DE-R-006", telephone("1"), contact()),
    Row("DE-R-007", mail("m"), contact()),
    Row("DE-R-027", telephone("0 a 1 b 2"), telephone("01"), {"found": "01"}),
    Row("DE-R-027", GERMAN, contact(), {"found": "—"}),
    Row("DE-R-028", mail(" a@b.de "), mail("a@b"), {"found": "a@b"}),
    Row("DE-R-028", mail("a.b@c.d.de"), mail("a@b@c.de"), {"found": "a@b@c.de"}),
    Row("DE-R-028", GERMAN, mail("a b@c.de"), {"found": "a b@c.de"}),
    Row("DE-R-028", mail("a@b.c"), mail("a@b..de"), {"found": "a@b..de"}),
    Row("DE-R-028", mail("a@b.c"), mail("a@b.de."), {"found": "a@b.de."}),
    Row("DE-R-008", seller("DE") + buyer("DE", place=CITY), GERMAN),
    Row("DE-R-009", seller("DE") + buyer("DE", place=ZONE), GERMAN),
    Row("DE-R-010", delivery(CITY), delivery(ZONE)),
    Row("DE-R-011", delivery(ZONE), delivery(CITY)),
    Row("DE-R-014", rate(put("cbc:Percent", "0")), rate("")),
    Row("DE-R-014", GERMAN, rate(put("cbc:Percent", " "))),
    Row(
        "DE-R-019",
        GERMAN + means("58", account(IBAN)),
        GERMAN + means("58", account("DE03120300000000202051")),
        {"found": "DE03120300000000202051"},
    ),
    Row("DE-R-019", GERMAN + means("30", account("x")), GERMAN + means("58"), {"found": "—"}),
    Row(
        "DE-R-019",
        seller("DE") + means("58"),
        GERMAN + means("58", account("de02120300000000202051")),
        {"found": "de02120300000000202051"},
    ),
    Row(
        "DE-R-019",
        GERMAN + means("58", account("GB82WEST12345698765432")),
        GERMAN + means("58", account("GB82west12345698765432")),
        {"found": "GB82west12345698765432"},
    ),
    Row("DE-R-020", debited(IBAN), debited("DE00"), {"found": "DE00"}),
    Row("DE-R-020", GERMAN + means("49"), GERMAN + means("59"), {"found": "—"}),
    Row("DE-R-023-1", GERMAN + means("30", account("1")), GERMAN + means("58"), {"found": "58"}),
    Row("DE-R-023-1", GERMAN + means("31"), GERMAN + means(" 30"), {"found": "30"}),
    Row(
        "DE-R-023-2",
        GERMAN + means("30", account("1")),
        GERMAN + means("30", CARD),
        {"found": "30"},
    ),
    Row(
        "DE-R-023-2", GERMAN + means("59", MANDATE), GERMAN + means("58", MANDATE), {"found": "58"}
    ),
    *(
        Row("DE-R-024-1", GERMAN + means(code, CARD), GERMAN + means(code), {"found": code})
        for code in ("48", "54", "55")
    ),
    Row(
        "DE-R-024-2",
        GERMAN + means("48", CARD),
        GERMAN + means("54", account("1")),
        {"found": "54"},
    ),
    Row(
        "DE-R-024-2", GERMAN + means("49", MANDATE), GERMAN + means("55", MANDATE), {"found": "55"}
    ),
    Row("DE-R-025-1", GERMAN + means("59", MANDATE), GERMAN + means("59"), {"found": "59"}),
    Row(
        "DE-R-025-2",
        GERMAN + means("59", MANDATE),
        GERMAN + means("59", account("1")),
        {"found": "59"},
    ),
    Row(
        "DE-R-025-2",
        GERMAN + means("30", account("1")),
        GERMAN + means("59", CARD),
        {"found": "59"},
    ),
)


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


@pytest.mark.parametrize("code", ["326", "380", "381", "384", "389", "875", "876", "877"])
def test_eight_kinds_of_invoice_are_german(code: str) -> None:
    assert "DE-R-017" not in found(kind(code))


def test_rules_are_for_two_german_parties() -> None:
    german = {rule for rule in severities() if rule.startswith("DE-")}
    elsewhere = (seller("DE") + buyer("AT"), seller("AT") + buyer("DE"), parties("AT"))

    assert len(german) == 31
    assert [german & set(found(part)) for part in elsewhere] == [set()] * 3


def test_address_is_told_by_its_own_elements() -> None:
    assert "DE-R-003" in found(
        put("cac:AccountingSupplierParty", put("cac:Party", address("DE", ZONE))) + buyer("DE")
    )
