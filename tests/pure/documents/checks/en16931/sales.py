"""Lines, allowances, charges and breakdowns of VAT, as small as a rule needs them."""

from __future__ import annotations

from collections.abc import Iterable

from tests.pure.documents.checks.en16931.parts import Row, fires, put

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
# A party's number, of no scheme and of VAT.
TAX_NUMBER = put("cac:PartyTaxScheme", put("cbc:CompanyID", "BE1"))
VAT_NUMBER = put(
    "cac:PartyTaxScheme", put("cbc:CompanyID", "BE1") + put("cac:TaxScheme/cbc:ID", "VAT")
)


def category(code: str, rate: str | None = None, *, scheme: str = "VAT", more: str = "") -> str:
    """Write what a category of VAT holds."""
    percent = "" if rate is None else put("cbc:Percent", rate)
    under = put("cac:TaxScheme/cbc:ID", scheme) if scheme else ""
    return put("cbc:ID", code) + percent + more + under


def line(
    code: str,
    rate: str | None = None,
    net: str = "100",
    *,
    scheme: str = "VAT",
    name: str = "cac:InvoiceLine",
) -> str:
    item = put("cac:Item/cac:ClassifiedTaxCategory", category(code, rate, scheme=scheme))
    return put(name, put("cbc:LineExtensionAmount", net) + item)


def credit_line(code: str, rate: str | None = None, net: str = "100") -> str:
    return line(code, rate, net, name="cac:CreditNoteLine")


def allowance(
    code: str, rate: str | None = None, amount: str = "10", *, scheme: str = "VAT"
) -> str:
    return _allowance_charge("false", code, rate, amount, scheme)


def charge(code: str, rate: str | None = None, amount: str = "10", *, scheme: str = "VAT") -> str:
    return _allowance_charge("true", code, rate, amount, scheme)


def _allowance_charge(sign: str, code: str, rate: str | None, amount: str, scheme: str) -> str:
    taxed = put("cac:TaxCategory", category(code, rate, scheme=scheme))
    says = put("cbc:ChargeIndicator", sign)
    return put("cac:AllowanceCharge", says + put("cbc:Amount", amount) + taxed)


def breakdown(  # what a breakdown says
    code: str,
    rate: str | None = None,
    base: str | None = "100",
    tax: str | None = "0",
    *,
    scheme: str = "VAT",
    more: str = "",
) -> str:
    taxed = put("cac:TaxCategory", category(code, rate, scheme=scheme, more=more))
    amounts = "" if base is None else put("cbc:TaxableAmount", base)
    amounts += "" if tax is None else put("cbc:TaxAmount", tax)
    return put("cac:TaxTotal/cac:TaxSubtotal", amounts + taxed)


def pairs(rows: Iterable[Row], rule: str) -> tuple[list[str], list[str]]:
    """Return the parts on which a rule holds, and those on which it does not."""
    mine = [(holding, broken) for identifier, holding, broken in rows if identifier == rule]
    return [holding for holding, _ in mine], [broken for _, broken in mine]


def rules(rows: Iterable[Row]) -> list[str]:
    """Return the rules that rows tell of."""
    return sorted({identifier for identifier, _, _ in rows})


def assert_tells_apart(rows: Iterable[Row], rule: str) -> None:
    """Fail with the parts that a rule takes for what they are not."""
    holding, broken = pairs(rows, rule)
    assert [part for part in holding if fires(rule, part)] == []
    assert [part for part in broken if not fires(rule, part)] == []
