from __future__ import annotations

import pytest

from tests.pure.documents.checks.peppol.rows import Row, country, failures, found, put

BIS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
ID = "PEPPOL-EN16931-"
GERMAN = country("Supplier", " de ") + country("Customer", "DE")
NOTE = put("cbc:Note", "n")
PROJECT = put("cac:AdditionalDocumentReference/cbc:DocumentTypeCode", "50")
OTHER = put("cac:AdditionalDocumentReference/cbc:DocumentTypeCode", "130")
BROKEN_DOWN = put("cac:TaxTotal/cac:TaxSubtotal")
PLAIN = put("cac:TaxTotal/cbc:TaxAmount", "1")
TAX_CURRENCY = put("cbc:TaxCurrencyCode", "SEK")


def period(start: str, end: str) -> str:
    return put("cac:InvoicePeriod", put("cbc:StartDate", start) + put("cbc:EndDate", end))


def taxes(own: str, tax: str) -> str:
    return (
        put("cbc:DocumentCurrencyCode", "EUR")
        + put("cbc:TaxCurrencyCode", " SEK ")
        + put("cac:TaxTotal/cbc:TaxAmount@currencyID=EUR", own)
        + put("cac:TaxTotal/cbc:TaxAmount@currencyID=SEK", tax)
    )


ROWS = (
    Row(f"{ID}R001", put("cbc:ProfileID", PROCESS), "", {"expected": PROCESS}),
    Row(
        f"{ID}R007",
        put("cbc:ProfileID", f" {PROCESS}\n"),
        put("cbc:ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:02:1.0"),
        {"expected": PROCESS, "found": "urn:fdc:peppol.eu:2017:poacc:billing:02:1.0"},
    ),
    Row(
        f"{ID}R007",
        put("cbc:ProfileID", "urn:peppol:france:billing:regulated"),
        "",
        {"expected": PROCESS, "found": "—"},
    ),
    Row(
        f"{ID}R007",
        put("cbc:ProfileID", "urn:peppol:bis:billing_with_response"),
        put("cbc:ProfileID", f"x{PROCESS}"),
        {"expected": PROCESS, "found": f"x{PROCESS}"},
    ),
    Row(f"{ID}R002", NOTE, NOTE * 2, {"count": "2"}),
    Row(f"{ID}R002", GERMAN + NOTE * 3, country("Supplier", "DE") + NOTE * 3, {"count": "3"}),
    Row(f"{ID}R002", GERMAN + NOTE * 2, country("Customer", "DE") + NOTE * 2, {"count": "2"}),
    Row(f"{ID}R003", put("cbc:BuyerReference"), ""),
    Row(f"{ID}R003", put("cac:OrderReference/cbc:ID"), put("cac:OrderReference")),
    Row(f"{ID}R004", put("cbc:CustomizationID", f" {BIS}"), "", {"expected": BIS, "found": "—"}),
    Row(
        f"{ID}R004",
        put("cbc:CustomizationID", f"{BIS}#conformant#urn:x"),
        put("cbc:CustomizationID", f"{BIS}::x"),
        {"expected": BIS, "found": f"{BIS}::x"},
    ),
    Row(
        f"{ID}R005",
        put("cbc:TaxCurrencyCode", "SEK") + put("cbc:DocumentCurrencyCode", "EUR"),
        put("cbc:TaxCurrencyCode", " EUR") + put("cbc:DocumentCurrencyCode", "EUR\n"),
        {"found": "EUR"},
    ),
    Row(f"{ID}R008", put("cbc:ID", "1"), put("cbc:ID", " \n"), {"element": "cbc:ID"}),
    Row(f"{ID}R008", put("cbc:ID", "&#160;"), put("cac:Party"), {"element": "cac:Party"}),
    Row(
        f"{ID}R010",
        put("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"),
        put("cac:AccountingCustomerParty/cac:Party"),
    ),
    Row(
        f"{ID}R020",
        put("cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"),
        put("cac:AccountingSupplierParty/cac:Party"),
    ),
    Row(f"{ID}R053", BROKEN_DOWN, "", {"count": "0"}),
    Row(f"{ID}R053", BROKEN_DOWN + PLAIN, BROKEN_DOWN * 2, {"count": "2"}),
    Row(f"{ID}R054", BROKEN_DOWN, PLAIN, {"expected": "0", "count": "1"}),
    Row(f"{ID}R054", TAX_CURRENCY + PLAIN, TAX_CURRENCY, {"expected": "1", "count": "0"}),
    Row(f"{ID}R055", taxes("1", "10"), taxes("1", "-10"), {"own": "1", "tax": "-10"}),
    Row(f"{ID}R055", taxes("-1", "-10"), taxes("-1", "10"), {"own": "-1", "tax": "10"}),
    Row(f"{ID}R055", taxes("0", "-10"), taxes("x", "1"), {"own": "—", "tax": "1"}),
    Row(f"{ID}R055", taxes("0", "10"), taxes("1", "x"), {"own": "1", "tax": "—"}),
    Row(
        f"{ID}R061",
        put("cac:PaymentMeans/cbc:PaymentMeansCode", "58"),
        put("cac:PaymentMeans/cbc:PaymentMeansCode", "59 "),
        {"found": "59"},
    ),
    Row(
        f"{ID}R061",
        put(
            "cac:PaymentMeans",
            put("cbc:PaymentMeansCode", "49") + put("cac:PaymentMandate/cbc:ID", "M"),
        ),
        put(
            "cac:PaymentMeans",
            put("cbc:PaymentMeansCode", "49") + put("cac:PaymentMandate"),
        ),
        {"found": "49"},
    ),
    Row(f"{ID}R080", PROJECT + OTHER, PROJECT * 2, {"count": "2"}, "CreditNote"),
    Row(f"{ID}F001", put("cbc:IssueDate", "2024-02-29"), put("cbc:DueDate"), {"found": ""}),
    *(
        Row(f"{ID}F001", put(name, "2024-12-31"), put(name, wrong), {"found": wrong})
        for name, wrong in (
            ("cbc:IssueDate", "2023-02-29"),
            ("cbc:DueDate", "20240131"),
            ("cbc:TaxPointDate", "2024-W01-1"),
            ("cbc:StartDate", "2024-01-01Z"),
            ("cbc:EndDate", " 2024-01-01"),
            ("cbc:ActualDeliveryDate", "01/02/2024"),
        )
    ),
    Row(
        f"{ID}R110",
        period("2024-01-01", "2024-01-31") + put("cac:InvoiceLine", period("2024-01-01", "x")),
        period("2024-01-02", "2024-01-31") + put("cac:InvoiceLine", period("2024-01-01", "x")),
        {"expected": "2024-01-02", "found": "2024-01-01"},
    ),
    Row(
        f"{ID}R111",
        period("2024-01-01", "2024-01-31") + put("cac:InvoiceLine", period("x", "2024-01-31")),
        period("2024-01-01", "2024-01-30") + put("cac:InvoiceLine", period("x", "2024-01-31")),
        {"expected": "2024-01-30", "found": "2024-01-31"},
    ),
)


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


def test_invoice_may_name_several_projects() -> None:
    assert f"{ID}R080" not in found(PROJECT * 2)


def test_each_empty_element_is_found_where_it_stands() -> None:
    party = put("cac:AccountingSupplierParty/cac:Party/cbc:EndpointID")

    assert found(party + put("cbc:ID"))[f"{ID}R008"] == [
        (
            "/ubl:Invoice/cac:AccountingSupplierParty/cac:Party/cbc:EndpointID",
            {"element": "cbc:EndpointID"},
        ),
        ("/ubl:Invoice/cbc:ID", {"element": "cbc:ID"}),
    ]


def test_periods_of_lines_are_free_where_the_invoice_has_none() -> None:
    line = put("cac:InvoiceLine", period("1999-01-01", "2099-01-01"))

    assert not {f"{ID}R110", f"{ID}R111"} & set(found(line))


def test_line_without_a_period_and_what_is_no_date_are_left_alone() -> None:
    own = period("2024-01-01", "2024-01-31")
    lines = put("cac:InvoiceLine") + put("cac:InvoiceLine", period("soon", "later"))

    assert not {f"{ID}R110", f"{ID}R111"} & set(found(own + lines))


@pytest.mark.parametrize(
    ("own", "lines"),
    [
        (period("", ""), period("2024-01-01", "2024-01-31")),
        (period("2024-01-01", "2024-01-31"), period("", "")),
    ],
)
def test_period_without_its_dates_is_in_no_order(own: str, lines: str) -> None:
    assert set(found(own + put("cac:InvoiceLine", lines))) >= {f"{ID}R110", f"{ID}R111"}


def test_time_zone_of_a_date_counts() -> None:
    own = period("2024-01-01", "2024-01-31")
    early = put("cac:InvoiceLine", period("2024-01-01+02:00", "2024-01-31"))
    late = put("cac:InvoiceLine", period("2024-01-01Z", "2024-01-31-05:00"))

    assert {f"{ID}R110", f"{ID}R111"} & set(found(own + early)) == {f"{ID}R110"}
    assert {f"{ID}R110", f"{ID}R111"} & set(found(own + late)) == {f"{ID}R111"}


def test_date_in_an_unknown_calendar_is_left_to_its_form() -> None:
    own = period("x", "x") + put("cac:InvoiceLine", period("2024-01-01", "2024-01-31"))

    assert not {f"{ID}R110", f"{ID}R111"} & set(found(own))
    assert len(found(own)[f"{ID}F001"]) == 2
