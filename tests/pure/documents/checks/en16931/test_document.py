from __future__ import annotations

import pytest

from posthorn.documents.findings import Finding, Severity
from tests.pure.documents.checks.en16931.parts import Row, findings, fires, put, values

TOTALS = "cac:LegalMonetaryTotal"
PERIOD = "cac:InvoicePeriod"
LINE_PERIOD = "cac:InvoiceLine/cac:InvoicePeriod"
START, END = "cbc:StartDate", "cbc:EndDate"
DOCUMENT = "cac:AdditionalDocumentReference"


def dates(path: str, start: str, end: str) -> str:
    return put(path, put(START, start) + put(END, end))


ROWS: tuple[Row, ...] = (
    ("BR-01", put("cbc:CustomizationID", "x"), put("cbc:CustomizationID", " \t\n")),
    ("BR-02", put("cbc:ID", "1"), put("cbc:ID")),
    ("BR-02", put("cbc:ID", "\u00a0"), ""),
    ("BR-02", put("cbc:ID") + put("cbc:ID", "1"), put("cbc:ID") + put("cbc:ID", " ")),
    ("BR-02", put("cbc:ID/cbc:ID", "1"), put("cbc:ID/cbc:ID", " ")),
    ("BR-03", put("cbc:IssueDate", "2026-01-01"), put("cbc:IssueDate")),
    ("BR-04", put("cbc:InvoiceTypeCode", "380"), put("cbc:InvoiceTypeCode")),
    ("BR-04", put("cbc:CreditNoteTypeCode", "381"), put("cbc:CreditNoteTypeCode")),
    ("BR-05", put("cbc:DocumentCurrencyCode", "EUR"), put("cbc:TaxCurrencyCode", "EUR")),
    ("BR-12", put(f"{TOTALS}/cbc:LineExtensionAmount"), put(TOTALS)),
    ("BR-12", "", put(TOTALS)),
    ("BR-13", put(f"{TOTALS}/cbc:TaxExclusiveAmount"), put(TOTALS)),
    ("BR-14", put(f"{TOTALS}/cbc:TaxInclusiveAmount"), put(TOTALS)),
    ("BR-15", put(f"{TOTALS}/cbc:PayableAmount"), put(TOTALS)),
    ("BR-16", put("cac:InvoiceLine"), ""),
    ("BR-16", put("cac:CreditNoteLine"), put("cac:Other/cac:InvoiceLine")),
    (
        "BR-53",
        put("cbc:TaxCurrencyCode", "SEK") + put("cac:TaxTotal/cbc:TaxAmount@currencyID=SEK"),
        put("cbc:TaxCurrencyCode", "SEK") + put("cac:TaxTotal/cbc:TaxAmount@currencyID=EUR"),
    ),
    ("BR-53", "", put("cbc:TaxCurrencyCode", "SEK")),
    ("BR-29", dates(PERIOD, "2026-01-02", "2026-01-02"), dates(PERIOD, "2026-01-02", "2026-01-01")),
    ("BR-29", put(f"{PERIOD}/{START}", "2026-01-02"), dates(PERIOD, "2026-02-01", "2026-01-31")),
    ("BR-29", put(f"{PERIOD}/{END}", "2026-01-02"), dates(PERIOD, "2026-01-02", "-2026-01-03")),
    (
        "BR-29",
        dates(PERIOD, "2026-13-02", "2026-01-01"),
        dates(PERIOD, "12026-01-01", "2026-01-01"),
    ),
    ("BR-29", dates(PERIOD, "2026-01-02", "1 May"), dates(PERIOD, " 2026-01-02 ", "2026-01-01Z")),
    (
        "BR-29",
        dates(PERIOD, "2026-01-02+14:00", "2026-01-01-10:00"),
        dates(PERIOD, "2026-01-02+14:00", "2026-01-01-09:59"),
    ),
    (
        "BR-29",
        dates(PERIOD, "2026-01-02-01:00", "2026-01-02-01:01"),
        dates(PERIOD, "2026-01-01-01:00", "2026-01-01Z"),
    ),
    (
        "BR-29",
        dates(LINE_PERIOD, "2026-01-02", "2026-01-01"),
        dates("cac:Delivery/cac:InvoicePeriod", "2026-01-02", "2026-01-01"),
    ),
    (
        "BR-30",
        dates(LINE_PERIOD, "2026-01-01", "2026-01-02"),
        dates(LINE_PERIOD, "2026-01-02", "2026-01-01"),
    ),
    (
        "BR-30",
        dates(PERIOD, "2026-01-02", "2026-01-01"),
        dates("cac:CreditNoteLine/cac:InvoicePeriod", "2026-01-02", "2026-01-01"),
    ),
    ("BR-52", put(f"{DOCUMENT}/cbc:ID", "1"), put(f"{DOCUMENT}/cbc:ID", " ")),
    ("BR-52", "", put(f"cac:InvoiceLine/{DOCUMENT}")),
    (
        "BR-55",
        put("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        put("cac:BillingReference/cac:InvoiceDocumentReference"),
    ),
    (
        "BR-57",
        put("cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"),
        put("cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country"),
    ),
    (
        "BR-57",
        put("cac:Delivery/cac:DeliveryAddress"),
        put("cac:InvoiceLine/cac:Delivery/cac:DeliveryLocation/cac:Address"),
    ),
)


@pytest.mark.parametrize(("rule", "holding", "broken"), ROWS)
def test_rule_tells_a_part_it_holds_for_from_one_it_does_not(
    rule: str, holding: str, broken: str
) -> None:
    assert not fires(rule, holding)
    assert fires(rule, broken)


def test_missing_tax_currency_total_is_pointed_at_and_named() -> None:
    part = put("cbc:TaxCurrencyCode", "SEK")
    assert values("BR-53", part) == [("/ubl:Invoice/cbc:TaxCurrencyCode", {"currency": "SEK"})]


def test_period_out_of_order_quotes_its_dates() -> None:
    said = {"start": "2026-01-02", "end": "2026-01-01"}
    part = dates(PERIOD, "2026-01-02", "2026-01-01")
    assert values("BR-29", part) == [("/ubl:Invoice/cac:InvoicePeriod", said)]


def test_mandatory_terms_are_fatal() -> None:
    assert findings("BR-02", "") == [("/ubl:Invoice", Finding(id="BR-02", severity=Severity.FATAL))]
