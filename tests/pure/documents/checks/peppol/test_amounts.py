from __future__ import annotations

from tests.pure.documents.checks.peppol.rows import Row, failures, found, put

ID = "PEPPOL-EN16931-"


def charge(amount: str = "", base: str = "", percent: str = "", indicator: str = "false") -> str:
    parts = {
        "cbc:ChargeIndicator": indicator,
        "cbc:MultiplierFactorNumeric": percent,
        "cbc:Amount": amount,
        "cbc:BaseAmount": base,
    }
    return put("cac:AllowanceCharge", "".join(put(n, v) for n, v in parts.items() if v))


def price(amount: str = "10", base: str = "", rest: str = "") -> str:
    quantity = put("cbc:BaseQuantity", base) if base else ""
    return put("cac:Price", put("cbc:PriceAmount", amount) + quantity + rest)


def line(amount: str, quantity: str = "2", rest: str = "", *, kind: str = "Invoice") -> str:
    name = {"Invoice": "cbc:InvoicedQuantity", "CreditNote": "cbc:CreditedQuantity"}[kind]
    net = put("cbc:LineExtensionAmount", amount)
    return put(f"cac:{kind}Line", put(name, quantity) + net + rest)


def units(of_price: str, of_line: str, *, name: str = "cbc:InvoicedQuantity") -> str:
    quantity = put(f"{name}@unitCode={of_line}", "1")
    return put("cac:InvoiceLine", quantity + put(f"cac:Price/cbc:BaseQuantity@unitCode={of_price}"))


REFERENCE = put("cac:DocumentReference/cbc:DocumentTypeCode", "130")
DISCOUNT = "cac:Price/cac:AllowanceCharge"
EURO = put("cbc:DocumentCurrencyCode", "EUR")
ROWS = (
    Row(f"{ID}R041", charge("1", "10", "10"), charge("1", percent="10")),
    Row(f"{ID}R042", charge("1", "10", "10"), charge("1", "10")),
    Row(
        f"{ID}R040",
        charge("1.02", "10", "10"),
        charge("1.021", "10", "10"),
        {"expected": "1.00", "found": "1.021"},
    ),
    Row(
        f"{ID}R040",
        charge("0.98", "10", "10"),
        charge("0.97", "10", "10"),
        {"expected": "1.00", "found": "0.97"},
    ),
    Row(
        f"{ID}R040",
        put("cac:InvoiceLine", charge("", "10", "0.2")),
        put("cac:InvoiceLine", charge("", "10", "0.3")),
        {"expected": "0.03", "found": "0"},
    ),
    Row(f"{ID}R043", charge(indicator=" true "), charge(indicator="1"), {"found": "1"}),
    Row(f"{ID}R043", charge(indicator="false"), charge(indicator=""), {"found": "—"}),
    Row(f"{ID}R044", put(DISCOUNT, put("cbc:ChargeIndicator", " false")), put(DISCOUNT)),
    Row(f"{ID}R044", price(), put(DISCOUNT, put("cbc:ChargeIndicator", "true"))),
    Row(
        f"{ID}R046",
        price("9.990", rest=charge("0.01", "10.00")),
        price("9.99", rest=charge("0.02", "10.00")),
        {"expected": "9.98", "found": "9.99"},
    ),
    Row(
        f"{ID}R046",
        price("9.99", rest=charge("0.01")),
        price("9.99", rest=charge("", "9.99")),
        {"expected": "—", "found": "—"},
    ),
    Row(
        f"{ID}R046",
        price("x", rest=charge("0.01", "1")),
        put("cac:Price", charge("0.01", "1")),
        {"expected": "—", "found": "—"},
    ),
    Row(
        f"{ID}R120",
        line("20.02", rest=price()),
        line("20.03", rest=price()),
        {"expected": "20.00", "found": "20.03"},
    ),
    Row(
        f"{ID}R120",
        line("19.98", rest=price()),
        line("19.97", rest=price()),
        {"expected": "20.00", "found": "19.97"},
    ),
    Row(
        f"{ID}R120",
        line("-20", "-2", price()),
        line("20", "-2", price()),
        {"expected": "-20.00", "found": "20"},
    ),
    Row(
        f"{ID}R120",
        line("0.20", rest=price(base="100")),
        line("20", rest=price(base="100")),
        {"expected": "0.20", "found": "20"},
    ),
    Row(
        f"{ID}R120",
        line("20", rest=price(base="0")),
        line("19", rest=price(base="0")),
        {"expected": "20.00", "found": "19"},
    ),
    Row(
        f"{ID}R120",
        line("24", rest=price() + charge("5", indicator="true") + charge("1")),
        line("16", rest=price() + charge("5", indicator="true") + charge("1")),
        {"expected": "24.00", "found": "16"},
    ),
    Row(
        f"{ID}R120",
        line("20", rest=price() + charge("5", indicator="1")),
        line("25", rest=price() + charge("5", indicator="1")),
        {"expected": "20.00", "found": "25"},
    ),
    # Two thirds have eighteen places, so that three of them are more than two.
    Row(
        f"{ID}R120",
        line("2.02", "3", price("2", "3")),
        line("1.98", "3", price("2", "3")),
        {"expected": "2.00", "found": "1.98"},
    ),
    # Half a cent goes up, below zero too: -0.005 is no cent, 0.005 is one.
    Row(
        f"{ID}R120",
        line("20.02", rest=price() + charge("-0.005")),
        line("20.02", rest=price() + charge("0.005")),
        {"expected": "19.99", "found": "20.02"},
    ),
    Row(
        f"{ID}R120",
        line("20", kind="CreditNote", rest=price()),
        line("10", kind="CreditNote", rest=price()),
        {"expected": "20.00", "found": "10"},
        "CreditNote",
    ),
    # Without a quantity there is one, without a price or an amount there is nothing.
    Row(
        f"{ID}R120",
        put("cac:InvoiceLine", put("cbc:LineExtensionAmount", "10") + price()),
        put("cac:InvoiceLine", price()),
        {"expected": "10.00", "found": "0"},
    ),
    Row(f"{ID}R120", line("0"), line("1"), {"expected": "0.00", "found": "1"}),
    Row(
        f"{ID}R121",
        line("0", rest=price(base="0.1")),
        line("0", rest=price(base="0")),
        {"found": "0"},
    ),
    Row(f"{ID}R121", line("0", rest=price()), line("0", rest=price(base="-1")), {"found": "-1"}),
    Row(f"{ID}R100", line("0", rest=REFERENCE), line("0", rest=REFERENCE * 2), {"count": "2"}),
    Row(f"{ID}R101", line("0", rest=REFERENCE), line("0", rest=put("cac:DocumentReference"))),
    Row(
        f"{ID}R101",
        line("0"),
        line("0", rest=put("cac:DocumentReference/cbc:DocumentTypeCode", "50")),
    ),
    Row(f"{ID}R130", units("C62", "C62"), units("C62", "H87"), {"expected": "H87", "found": "C62"}),
    Row(
        f"{ID}R130",
        put("cac:InvoiceLine/cac:Price/cbc:BaseQuantity@unitCode=C62"),
        units("C62", "C62", name="cbc:CreditedQuantity"),
        {"expected": "—", "found": "C62"},
    ),
    Row(
        f"{ID}R130",
        put("cac:InvoiceLine", put("cbc:InvoicedQuantity@unitCode=C62") + price(base="1")),
        units("C62", "C62"),
        {"expected": "—", "found": "C62"},
        "CreditNote",
    ),
    Row(
        f"{ID}R051",
        EURO + put("cac:LegalMonetaryTotal/cbc:PayableAmount@currencyID=EUR"),
        EURO + put("cac:LegalMonetaryTotal/cbc:PayableAmount@currencyID=SEK"),
        {"expected": "EUR", "found": "SEK"},
    ),
    Row(
        f"{ID}R051",
        EURO + put("cac:TaxTotal/cbc:TaxAmount@currencyID=SEK"),
        EURO + put("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount@currencyID=SEK"),
        {"expected": "EUR", "found": "SEK"},
    ),
    Row(
        f"{ID}R051",
        EURO,
        EURO + put("cac:TaxTotal", put("cac:TaxSubtotal") + put("cbc:TaxAmount@currencyID=SEK")),
        {"expected": "EUR", "found": "SEK"},
    ),
    Row(
        f"{ID}R051",
        EURO + put("cbc:TaxAmount@currencyID=SEK"),
        put("cac:Price/cbc:PriceAmount"),
        {"expected": "—", "found": "—"},
    ),
    Row(
        f"{ID}CL007",
        put("cac:TaxTotal/cbc:TaxAmount@currencyID=STN"),
        put("cac:TaxTotal/cbc:TaxAmount@currencyID=STD"),
        {"found": "STD"},
    ),
    Row(f"{ID}CL007", put("cbc:Amount@currencyID=XCG"), put("cbc:Amount"), {"found": "—"}),
)


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


def test_charges_of_prices_and_of_other_lines_are_not_those_of_the_invoice() -> None:
    wrong = charge("5", percent="10", indicator="1")

    assert not set(found(put("cac:Price", wrong))) & {f"{ID}R041", f"{ID}R043"}
    assert not set(found(put("cac:CreditNoteLine", wrong))) & {f"{ID}R041"}
    assert not set(found(put("cac:SubInvoiceLine/cac:InvoiceLine", wrong))) & {f"{ID}R041"}
    assert f"{ID}R041" in found(put("cac:InvoiceLine", wrong))


def test_charge_with_half_a_percentage_is_told_so_and_no_more() -> None:
    assert set(found(charge("5", percent="10", indicator="1"))) & {
        f"{ID}R040",
        f"{ID}R041",
        f"{ID}R042",
        f"{ID}R043",
    } == {f"{ID}R041"}


def test_figures_that_are_none_are_left_to_the_schema() -> None:
    broken = (
        charge("x", "10", "10"),
        charge("1", "x", "10"),
        charge("1", "10", "x"),
        line("x", rest=price()),
        line("1", "x", price()),
        line("1", rest=price("x")),
        line("1", rest=price(base="x")),
        line("1", rest=price() + charge("x")),
        price("1", rest=charge("x", "1")),
        price("1", rest=charge("1", "x")),
    )
    rules = {f"{ID}R040", f"{ID}R120", f"{ID}R121", f"{ID}R046"}

    assert not rules & set(found("".join(broken)))
    assert rules - {f"{ID}R121"} <= set(
        found(line("1") + charge("9", "1", "1") + price("3", rest=charge("1", "1")))
    )


def test_every_amount_in_a_wrong_currency_is_named() -> None:
    totals = ["TaxExclusive", "TaxInclusive", "AllowanceTotal", "ChargeTotal", "Prepaid"]
    others = ["PayableRounding", "Payable", "", "Base", "Price", "Taxable", "LineExtension"]
    names = [f"{name}Amount" for name in totals + others]
    part = EURO + "".join(put(f"cbc:{name}@currencyID=EURO") for name in names)
    places = [f"/ubl:Invoice/cbc:{name}" for name in names]

    assert sorted(place for place, _ in found(part)[f"{ID}R051"]) == sorted(places)
    assert sorted(place for place, _ in found(part)[f"{ID}CL007"]) == sorted(places)
