from __future__ import annotations

import pytest

from tests.pure.documents.checks.en16931.parts import fires, put, values

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
AGENT = "cac:TaxRepresentativeParty"
DOCUMENT = "cac:AdditionalDocumentReference"
LINE = "cac:InvoiceLine"
PAYEE = "cac:PayeeParty"
NAMED = put("cac:PartyName/cbc:Name", "P")
PAY = "cac:PaymentMeans"
SELLER_S = put(f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName", "S")

# Rule, what it stands under, and what may be there once.
SINGLE = (
    ("UBL-SR-01", "", "cac:ContractDocumentReference/cbc:ID"),
    ("UBL-SR-02", "", "cac:ReceiptDocumentReference/cbc:ID"),
    ("UBL-SR-03", "", "cac:DespatchDocumentReference/cbc:ID"),
    ("UBL-SR-05", "", "cac:PaymentTerms/cbc:Note"),
    ("UBL-SR-06", "cac:BillingReference", "cac:InvoiceDocumentReference"),
    ("UBL-SR-08", "", "cac:InvoicePeriod"),
    ("UBL-SR-09", SELLER, "cac:PartyLegalEntity/cbc:RegistrationName"),
    ("UBL-SR-10", SELLER, "cac:PartyName/cbc:Name"),
    ("UBL-SR-11", SELLER, "cac:PartyLegalEntity/cbc:CompanyID"),
    ("UBL-SR-14", SELLER, "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    ("UBL-SR-15", BUYER, "cac:PartyLegalEntity/cbc:RegistrationName"),
    ("UBL-SR-16", BUYER, "cac:PartyIdentification/cbc:ID"),
    ("UBL-SR-17", BUYER, "cac:PartyLegalEntity/cbc:CompanyID"),
    ("UBL-SR-22", AGENT, "cac:PartyName/cbc:Name"),
    ("UBL-SR-23", AGENT, "cac:PartyTaxScheme/cbc:CompanyID"),
    ("UBL-SR-24", "", "cac:Delivery"),
    ("UBL-SR-25", "cac:Delivery", "cac:DeliveryParty/cac:PartyName/cbc:Name"),
    ("UBL-SR-26", PAY, "cbc:PaymentID"),
    ("UBL-SR-27", PAY, "cbc:PaymentMeansCode"),
    ("UBL-SR-28", PAY, "cac:PaymentMandate/cbc:ID"),
    ("UBL-SR-32", "cac:TaxSubtotal", "cac:TaxCategory/cbc:TaxExemptionReason"),
    ("UBL-SR-33", DOCUMENT, "cbc:DocumentDescription"),
    ("UBL-SR-34", LINE, "cbc:Note"),
    ("UBL-SR-35", LINE, "cac:OrderLineReference/cbc:LineID"),
    ("UBL-SR-36", LINE, "cac:InvoicePeriod"),
    ("UBL-SR-37", LINE, "cac:Price/cac:AllowanceCharge/cbc:Amount"),
    ("UBL-SR-39", "", "cac:ProjectReference/cbc:ID"),
    ("UBL-SR-40", BUYER, "cac:PartyName/cbc:Name"),
    ("UBL-SR-45", "", "cac:PaymentMeans/cbc:PaymentDueDate"),
    ("UBL-SR-49", "", "cac:InvoicePeriod/cbc:DescriptionCode"),
    ("UBL-SR-50", "cac:CreditNoteLine", "cac:Item/cbc:Description"),
    ("UBL-SR-51", "cac:PostalAddress", "cac:AddressLine"),
    ("UBL-SR-51", "cac:Address", "cac:AddressLine"),
    ("UBL-SR-52", LINE, "cac:DocumentReference"),
    ("UBL-SR-54", "", "cac:PaymentMeans/cac:CardAccount"),
    ("UBL-SR-55", "", "cac:PaymentMeans/cac:PaymentMandate"),
    ("UBL-SR-56", "", "cac:OriginatorDocumentReference/cbc:ID"),
)


def within(place: str, part: str) -> str:
    return put(place, part) if place else part


@pytest.mark.parametrize(("rule", "place", "path"), SINGLE)
def test_what_is_single_may_be_absent_or_there_once(rule: str, place: str, path: str) -> None:
    nothing, once = within(place, ""), within(place, put(path))
    assert not fires(rule, nothing)
    assert not fires(rule, once)


@pytest.mark.parametrize(("rule", "place", "path"), SINGLE)
def test_what_is_single_may_not_be_repeated(rule: str, place: str, path: str) -> None:
    above, _, last = path.rpartition("/")
    beside = within(place, within(above, put(last) * 3))
    apart = within(place, put(path) * 3)

    for part in (beside, apart):
        [(where, said)] = values(rule, part)
        assert said == {"count": "3"}
        assert "[2]" in where


def document(code: str, *rest: str) -> str:
    return put(DOCUMENT, put("cbc:DocumentTypeCode", code) + "".join(rest))


def taxed(scheme: str, number: str = "1") -> str:
    return put(
        "cac:PartyTaxScheme", put("cbc:CompanyID", number) + put("cac:TaxScheme/cbc:ID", scheme)
    )


def adjusted(indicator: str, reasons: int) -> str:
    reason = put("cbc:AllowanceChargeReason")
    return put("cac:AllowanceCharge", put("cbc:ChargeIndicator", indicator) + reason * reasons)


def identified(*schemes: str) -> str:
    return put(
        PAYEE,
        NAMED + "".join(put(f"cac:PartyIdentification/cbc:ID@schemeID={one}") for one in schemes),
    )


NUMBER = put("cbc:ID")
CODED = "cbc:PaymentMeansCode"
CATEGORY = "cac:ClassifiedTaxCategory"
ROWS = (
    ("UBL-SR-04", document("130", NUMBER), document("130", NUMBER) * 2),
    ("UBL-SR-04", document("130", NUMBER) + document("50", NUMBER), document("130", NUMBER * 2)),
    ("UBL-SR-43", document("130", NUMBER), document("50", NUMBER)),
    ("UBL-SR-43", put(f"{DOCUMENT}/cbc:ID"), put(f"{DOCUMENT}/cbc:ID@schemeID=AA")),
    ("UBL-SR-43", document("130", put("cbc:ID@schemeID=AA")), document("")),
    (
        "UBL-SR-07",
        put("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        put("cac:BillingReference/cac:InvoiceDocumentReference"),
    ),
    (
        "UBL-SR-44",
        put(f"{PAY}/cbc:PaymentID", "1") * 2,
        put(f"{PAY}/cbc:PaymentID", "1") + put("cac:PaymentTerms/cbc:PaymentID", "1 "),
    ),
    (
        "UBL-SR-44",
        put(f"{PAY}/cbc:PaymentID", "1"),
        put(PAY, put("cbc:PaymentID", "1") + put("cbc:PaymentID")),
    ),
    (
        "UBL-SR-47",
        put(f"{PAY}/{CODED}", "30") * 2,
        put(f"{PAY}/{CODED}", "30") + put(f"{PAY}/{CODED}", "58"),
    ),
    (
        "UBL-SR-46",
        put(f"{PAY}/{CODED}@name=a") + put(f"{PAY}/{CODED}"),
        put(f"{PAY}/{CODED}@name=a") * 2,
    ),
    ("UBL-SR-48", put(f"{LINE}/cac:Item/{CATEGORY}"), put(f"{LINE}/cac:Item")),
    ("UBL-SR-48", put(f"cac:CreditNoteLine/cac:Item/{CATEGORY}"), put(LINE)),
    ("UBL-SR-48", "", put(f"{LINE}/cac:Item", put(CATEGORY) * 2)),
    ("UBL-SR-12", put(SELLER, taxed("vat")), put(SELLER, taxed("VAT") + taxed("vat"))),
    ("UBL-SR-12", put(SELLER, taxed("VAT") + taxed(" VAT")), put(SELLER, taxed("VAT")) * 2),
    ("UBL-SR-13", put(SELLER, taxed("VAT") * 3 + taxed("TAX")), put(SELLER, taxed("TAX") * 2)),
    (
        "UBL-SR-13",
        put(SELLER, put("cac:PartyTaxScheme/cbc:CompanyID") * 2),
        put(SELLER, put("cac:PartyTaxScheme", put("cbc:CompanyID") + put("cac:TaxScheme")) * 2),
    ),
    ("UBL-SR-18", put(BUYER, taxed("VAT") + taxed("TAX")), put(BUYER, taxed("VAT") * 2)),
    ("UBL-SR-18", put(SELLER, taxed("VAT") * 2), put(BUYER, taxed("vat") * 2)),
    (
        "UBL-SR-42",
        put(SELLER, put("cac:PartyTaxScheme") * 2),
        put(SELLER, put("cac:PartyTaxScheme") * 3),
    ),
    ("UBL-SR-42", put(BUYER, put("cac:PartyTaxScheme") * 3), put(SELLER, taxed("VAT") * 3)),
    ("UBL-SR-53", put(BUYER, taxed("VAT")), put(BUYER, put("cac:PartyTaxScheme/cbc:CompanyID"))),
    ("UBL-SR-53", "", put(BUYER, put("cac:PartyTaxScheme/cac:TaxScheme/cbc:ID"))),
    ("UBL-SR-29", identified("SEPA", "0208"), identified("SEPA", "sepa")),
    ("UBL-SR-29", put("cac:PartyIdentification/cbc:ID") * 2, identified("Sepa") * 2),
    ("UBL-SR-19", put(PAYEE, NAMED) + SELLER_S, put(PAYEE, NAMED * 2) + SELLER_S),
    ("UBL-SR-19", "", put(PAYEE, NAMED)),
    (
        "UBL-SR-19",
        "",
        put(PAYEE, put("cac:PartyName/cbc:Name", "S")) + SELLER_S,
    ),
    ("UBL-SR-20", identified("0208", "SEPA") + SELLER_S, identified("0208", "0208") + SELLER_S),
    (
        "UBL-SR-20",
        put(PAYEE, NAMED + put("cac:PartyIdentification/cbc:ID")) + SELLER_S,
        put(PAYEE, NAMED + put("cac:PartyIdentification/cbc:ID") * 2) + SELLER_S,
    ),
    ("UBL-SR-20", "", identified("0208")),
    (
        "UBL-SR-21",
        put(PAYEE, NAMED + put("cac:PartyLegalEntity/cbc:CompanyID")) + SELLER_S,
        put(PAYEE, NAMED + put("cac:PartyLegalEntity/cbc:CompanyID") * 2) + SELLER_S,
    ),
    ("UBL-SR-21", "", put(PAYEE) + SELLER_S),
    ("UBL-SR-30", adjusted("false", 1), adjusted("false", 2)),
    ("UBL-SR-30", adjusted("true", 2), put(LINE, adjusted("0", 2))),
    ("UBL-SR-31", adjusted("true", 1), adjusted("true", 2)),
    ("UBL-SR-31", adjusted("false", 2), put(f"{LINE}/cac:Price", adjusted("1", 2))),
)


@pytest.mark.parametrize(("rule", "holding", "broken"), ROWS)
def test_rule_tells_a_part_it_holds_for_from_one_it_does_not(
    rule: str, holding: str, broken: str
) -> None:
    assert not fires(rule, holding)
    assert fires(rule, broken)


def test_credit_note_knows_a_second_type_of_invoiced_object() -> None:
    assert not fires("UBL-SR-43", document("50", NUMBER), root="CreditNote")
    assert fires("UBL-SR-43", document("51", NUMBER), root="CreditNote")


def test_unequal_values_are_quoted() -> None:
    part = put(f"{PAY}/{CODED}", "30") + put(f"{PAY}/{CODED}", "58")
    place = "/ubl:Invoice/cac:PaymentMeans[2]/cbc:PaymentMeansCode"
    assert values("UBL-SR-47", part) == [(place, {"first": "30", "other": "58"})]


def test_line_with_two_categories_quotes_its_number() -> None:
    part = put(LINE, put("cbc:ID", "4") + put("cac:Item", put(CATEGORY) * 2))
    assert values("UBL-SR-48", part) == [
        ("/ubl:Invoice/cac:InvoiceLine", {"line": "4", "count": "2"})
    ]


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("UBL-SR-04", document("130", NUMBER) * 3),
        ("UBL-SR-12", put(SELLER, taxed("VAT") * 3)),
        ("UBL-SR-13", put(SELLER, taxed("TAX") * 3)),
        ("UBL-SR-18", put(BUYER, taxed("VAT") * 3)),
        ("UBL-SR-29", identified("SEPA") * 3),
        ("UBL-SR-30", adjusted("false", 3)),
        ("UBL-SR-31", adjusted("true", 3)),
        ("UBL-SR-42", put(SELLER, put("cac:PartyTaxScheme") * 3)),
        ("UBL-SR-46", put(f"{PAY}/{CODED}@name=a") * 3),
    ],
)
def test_too_many_are_counted(rule: str, part: str) -> None:
    assert [said for _, said in values(rule, part)] == [{"count": "3"}]
