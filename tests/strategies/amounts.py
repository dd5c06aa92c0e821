"""Lines, allowances, VAT and totals that add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from posthorn.documents.invoice import (
    AllowanceCharge,
    Attribute,
    Classification,
    Identifier,
    Item,
    Line,
    Period,
    Price,
    Totals,
    VatLine,
)
from tests.strategies.words import amounts, cents, countries, maybe, names, prose

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A VAT category with its rate, and why no VAT is asked where none is."""

    category: str
    rate: Decimal | None
    code: str | None = None
    reason: str | None = None


STANDARD = [Treatment(category="S", rate=Decimal(rate)) for rate in ("21", "12.00", "5.5")]
ZERO = Treatment(category="Z", rate=Decimal(0))
EXEMPT = Treatment(category="E", rate=Decimal(0), code="VATEX-EU-132", reason="Article 132")
REVERSED = Treatment(category="AE", rate=Decimal(0), code="VATEX-EU-AE")
WITHIN_EU = Treatment(category="K", rate=Decimal(0), code="VATEX-EU-IC")
EXPORTED = Treatment(category="G", rate=Decimal(0), reason="Export")
OUTSIDE = Treatment(category="O", rate=None, code="VATEX-EU-O", reason="Not subject to VAT")
REGIMES = [[*STANDARD, ZERO, EXEMPT], [*STANDARD, REVERSED], [WITHIN_EU], [EXPORTED], [OUTSIDE]]


@st.composite
def allowances(
    draw: DrawFn, *, is_charge: bool, treatment: Treatment | None = None
) -> AllowanceCharge:
    """Give an allowance or a charge, of a line when it has no treatment."""
    base = draw(maybe(amounts(most="500.00")))
    percentage = draw(st.decimals("0.5", "20", places=1)) if base is not None else None
    return AllowanceCharge(
        is_charge=is_charge,
        amount=draw(amounts(most="100.00"))
        if base is None or percentage is None
        else cents(base * percentage / 100),
        base=base,
        percentage=percentage,
        vat_category=treatment.category if treatment else None,
        vat_rate=treatment.rate if treatment else None,
        reason=draw(names),
        reason_code=draw(maybe(st.just("FC" if is_charge else "95"))),
    )


@st.composite
def periods(draw: DrawFn) -> Period:
    """Give days of February 2026, in order; one of them may be absent."""
    days = sorted(draw(st.tuples(st.integers(1, 28), st.integers(1, 28))))
    start, end = (date(2026, 2, day) for day in days)
    which = draw(st.sampled_from(("both", "start", "end")))
    return Period(start=start if which != "end" else None, end=end if which != "start" else None)


@st.composite
def prices(draw: DrawFn, unit: str) -> Price:
    """Give a price for one or more of a unit, with or without the gross price."""
    net = draw(st.decimals("0", "999", places=draw(st.integers(0, 4))))
    discount = draw(maybe(st.decimals("0", "99", places=2)))
    base = draw(st.sampled_from((None, Decimal(1), Decimal("10.0"), Decimal(100))))
    return Price(
        net=net,
        discount=discount,
        gross=net + discount if discount is not None else None,
        base_quantity=base,
        base_unit=unit if base is not None else None,
    )


items = st.builds(
    Item,
    name=names,
    description=maybe(prose),
    seller_identifier=maybe(names),
    buyer_identifier=maybe(names),
    standard_identifier=maybe(st.builds(Identifier, value=names, scheme=st.just("0160"))),
    classifications=st.lists(
        st.builds(
            Classification,
            code=names,
            scheme=st.sampled_from(("STI", "TST")),
            scheme_version=maybe(names),
        ),
        max_size=2,
    ).map(tuple),
    origin_country=maybe(countries),
    attributes=st.lists(st.builds(Attribute, name=names, value=names), max_size=2).map(tuple),
)


@st.composite
def lines(draw: DrawFn, number: int, treatments: Sequence[Treatment]) -> Line:
    """Give a line whose amount follows from quantity, price, allowances and charges."""
    unit = draw(st.sampled_from(("C62", "HUR", "KGM")))
    price, treatment = draw(prices(unit)), draw(st.sampled_from(treatments))
    quantity = draw(st.decimals("-9", "999", places=draw(st.integers(0, 3))))
    less = draw(st.lists(allowances(is_charge=False), max_size=2))
    more = draw(st.lists(allowances(is_charge=True), max_size=1))
    gross = quantity * (price.net or 0) / (price.base_quantity or 1)
    return Line(
        number=str(number),
        note=draw(maybe(prose)),
        object_identifier=draw(maybe(st.builds(Identifier, value=names, scheme=st.just("AVE")))),
        quantity=quantity,
        unit=unit,
        amount=cents(gross) + summed(more) - summed(less),
        order_line=draw(maybe(names)),
        accounting_reference=draw(maybe(names)),
        period=draw(maybe(periods())),
        allowances=tuple(less),
        charges=tuple(more),
        price=price,
        vat_category=treatment.category,
        vat_rate=treatment.rate,
        item=draw(items),
    )


def summed(each: Iterable[AllowanceCharge]) -> Decimal:
    """Add up allowances or charges."""
    return sum((one.amount or NOTHING for one in each), NOTHING)


def vat_of(
    lines: Iterable[Line], changes: Iterable[AllowanceCharge], treatments: Iterable[Treatment]
) -> tuple[VatLine, ...]:
    """Give the VAT of each category and rate that a line or a change of the whole has."""
    sums: dict[tuple[str | None, Decimal | None], Decimal] = {}
    for line in lines:
        key = (line.vat_category, line.vat_rate)
        sums[key] = sums.get(key, NOTHING) + (line.amount or NOTHING)
    for change in changes:
        key, amount = (change.vat_category, change.vat_rate), change.amount or NOTHING
        sums[key] = sums.get(key, NOTHING) + (amount if change.is_charge else -amount)
    known = {(each.category, each.rate): each for each in treatments}
    return tuple(
        VatLine(
            taxable=taxable,
            tax=cents(taxable * (key[1] or 0) / 100),
            category=key[0],
            rate=key[1],
            exemption_code=known[key[0] or "", key[1]].code,
            exemption_reason=known[key[0] or "", key[1]].reason,
        )
        for key, taxable in sums.items()
    )


@st.composite
def totals(
    draw: DrawFn,
    lines: Iterable[Line],
    less: Sequence[AllowanceCharge],
    more: Sequence[AllowanceCharge],
    vat: Iterable[VatLine],
) -> Totals:
    """Give the totals of lines, allowances, charges and VAT; some is paid, some rounded."""
    net = sum((line.amount or NOTHING for line in lines), NOTHING)
    tax = sum((line.tax or NOTHING for line in vat), NOTHING)
    without = net - summed(less) + summed(more)
    paid, rounding = draw(maybe(amounts())), draw(maybe(amounts("-0.99", "0.99")))
    return Totals(
        lines=net,
        allowances=summed(less) if less else None,
        charges=summed(more) if more else None,
        without_vat=without,
        vat=tax,
        with_vat=without + tax,
        paid=paid,
        rounding=rounding,
        payable=without + tax - (paid or NOTHING) + (rounding or NOTHING),
    )
