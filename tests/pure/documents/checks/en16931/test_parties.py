from __future__ import annotations

import pytest

from posthorn.documents.findings import Severity
from tests.pure.documents.checks.en16931.parts import Row, findings, fires, put, values

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
AGENT = "cac:TaxRepresentativeParty"
NAME = "cac:PartyLegalEntity/cbc:RegistrationName"
COUNTRY = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
VAT = put("cac:TaxScheme/cbc:ID", " vat ")
PAYEE = put("cac:PayeeParty/cac:PartyName/cbc:Name", "P")
ACCOUNT = "cac:PayeeFinancialAccount/cbc:ID"
CARD = "cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID"


def means(code: str, *rest: str) -> str:
    return put("cac:PaymentMeans", put("cbc:PaymentMeansCode", code) + "".join(rest))


ROWS: tuple[Row, ...] = (
    ("BR-06", put(f"{SELLER}/{NAME}", "S"), put(f"{SELLER}/{NAME}", " ")),
    ("BR-06", put(SELLER, put(NAME) + put(NAME, "S")), put(f"{BUYER}/{NAME}", "S")),
    ("BR-07", put(f"{BUYER}/{NAME}", "B"), put(f"{BUYER}/{NAME}")),
    ("BR-07", put(f"{BUYER}/{NAME}", "B"), put(f"{SELLER}/{NAME}", "B")),
    ("BR-08", put(f"{SELLER}/cac:PostalAddress"), put(f"{BUYER}/cac:PostalAddress")),
    ("BR-10", put(f"{BUYER}/cac:PostalAddress"), put(f"{SELLER}/cac:PostalAddress")),
    ("BR-09", put(f"{SELLER}/{COUNTRY}", "BE"), put(f"{SELLER}/{COUNTRY}", " ")),
    ("BR-09", put(SELLER), put(f"{SELLER}/cac:PostalAddress")),
    ("BR-11", put(f"{BUYER}/{COUNTRY}", "BE"), put(f"{BUYER}/{COUNTRY}")),
    ("BR-11", put(BUYER), put(f"{BUYER}/cac:PostalAddress")),
    ("BR-20", put(f"{AGENT}/{COUNTRY}", "BE"), put(f"{AGENT}/{COUNTRY}")),
    ("BR-20", put(AGENT), put(f"{AGENT}/cac:PostalAddress")),
    ("BR-62", put(f"{SELLER}/cbc:EndpointID@schemeID=0208"), put(f"{SELLER}/cbc:EndpointID")),
    ("BR-63", put(f"{BUYER}/cbc:EndpointID@schemeID="), put(f"{BUYER}/cbc:EndpointID")),
    ("BR-17", PAYEE, put("cac:PayeeParty/cac:PartyName")),
    (
        "BR-17",
        PAYEE + put(f"{SELLER}/cac:PartyName/cbc:Name", "S"),
        PAYEE + put(f"{SELLER}/cac:PartyName/cbc:Name", "P"),
    ),
    (
        "BR-17",
        put(
            "cac:PayeeParty",
            put("cac:PartyName/cbc:Name", "P") + put("cac:PartyIdentification/cbc:ID", "1"),
        )
        + put(f"{SELLER}/cac:PartyIdentification/cbc:ID", "2"),
        put(
            "cac:PayeeParty",
            put("cac:PartyName/cbc:Name", "P") + put("cac:PartyIdentification/cbc:ID", "1"),
        )
        + put(f"{SELLER}/cac:PartyIdentification/cbc:ID", "1"),
    ),
    ("BR-18", put(f"{AGENT}/cac:PartyName/cbc:Name", "A"), put(f"{AGENT}/cac:PartyName/cbc:Name")),
    ("BR-19", put(f"{AGENT}/cac:PostalAddress"), put(AGENT)),
    (
        "BR-56",
        put(f"{AGENT}/cac:PartyTaxScheme", put("cbc:CompanyID") + VAT),
        put(f"{AGENT}/cac:PartyTaxScheme", put("cbc:CompanyID")),
    ),
    (
        "BR-56",
        put(f"{AGENT}/cac:PartyTaxScheme", VAT + put("cbc:CompanyID")),
        put(f"{AGENT}/cac:PartyTaxScheme", VAT),
    ),
    (
        "BR-56",
        "",
        put(
            f"{AGENT}/cac:PartyTaxScheme",
            put("cac:TaxScheme/cbc:ID", "GST") + put("cac:TaxScheme/cbc:ID") + put("cbc:CompanyID"),
        ),
    ),
    ("BR-49", means(""), put("cac:PaymentMeans")),
    ("BR-50", means("30", put(ACCOUNT, "BE1")), means("30", put(ACCOUNT, " "))),
    ("BR-50", means("58", put(ACCOUNT, "BE1")), means("58", put("cac:PayeeFinancialAccount"))),
    ("BR-50", means(" 30", put(ACCOUNT)), means("30", put(ACCOUNT))),
    ("BR-50", means("48", put(ACCOUNT)), means("58", put(ACCOUNT))),
    ("BR-51", put(CARD, "\n 123456  890 "), put(CARD, "123456 7890")),
    ("BR-51", put(CARD), put(CARD, "12345678901")),
    ("BR-61", means("30", put(ACCOUNT)), means("30")),
    ("BR-61", means("48"), means(" 58 ")),
    ("BR-61", put("cac:PaymentMeans"), means("58", put("cac:PayeeFinancialAccount"))),
)


@pytest.mark.parametrize(("rule", "holding", "broken"), ROWS)
def test_rule_tells_a_part_it_holds_for_from_one_it_does_not(
    rule: str, holding: str, broken: str
) -> None:
    assert not fires(rule, holding)
    assert fires(rule, broken)


def test_card_number_is_a_warning() -> None:
    [(_, finding)] = findings("BR-51", put(CARD, "1" * 16))
    assert finding.severity is Severity.WARNING


def test_transfer_without_account_quotes_the_means_of_payment() -> None:
    assert values("BR-61", means("30") + means("31")) == [
        ("/ubl:Invoice/cac:PaymentMeans[1]", {"code": "30"})
    ]


def test_address_of_a_party_within_a_line_is_asked_as_well() -> None:
    part = put(f"cac:InvoiceLine/{SELLER}/cac:PostalAddress")
    assert values("BR-09", part) == [
        (f"/ubl:Invoice/cac:InvoiceLine/{SELLER}/cac:PostalAddress", {})
    ]
