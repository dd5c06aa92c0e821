"""An invoice or credit note as it is meant, with the arithmetic of EN 16931."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from tools.samples.catalogue import CATALOGUE, RATES, Article
from tools.samples.companies import Company
from tools.samples.numbers import pick

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round to whole cents, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """A VAT category of UNCL 5305 with its rate in percent."""

    category: str
    rate: Decimal

    @property
    def exemption(self) -> tuple[str, str] | None:
        """Return the VATEX code and text that a category without VAT needs."""
        return _EXEMPTIONS.get(self.category)


_EXEMPTIONS = {
    "AE": ("VATEX-EU-AE", "Reverse charge"),
    "K": ("VATEX-EU-IC", "Intra-Community supply"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line."""

    article: Article
    quantity: Decimal
    vat: Vat

    @property
    def net(self) -> Decimal:
        """Return quantity times price, in cents."""
        return cents(self.quantity * self.article.price)


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """An invoice or, with `credits`, a credit note on that invoice."""

    number: str
    issued: date
    seller: Company
    buyer: Company
    lines: tuple[Line, ...]
    reference: str
    payment: str
    credits: Invoice | None = None
    discount: Decimal = Decimal(0)  # percent of the whole, where all lines have one rate
    prepaid: Decimal = Decimal(0)
    note: str = ""
    has_pdf: bool = False

    @property
    def due(self) -> date:
        """Return the last day to pay."""
        return self.issued + timedelta(days=30)

    @cached_property
    def sum_of_lines(self) -> Decimal:
        """Return the lines without VAT."""
        return sum((line.net for line in self.lines), Decimal(0))

    @cached_property
    def allowance(self) -> Decimal:
        """Return the discount on the whole, in cents."""
        return cents(self.sum_of_lines * self.discount / 100)

    @cached_property
    def taxes(self) -> dict[Vat, tuple[Decimal, Decimal]]:
        """Return the taxable amount and the VAT of every category and rate."""
        kinds = dict.fromkeys(line.vat for line in self.lines)
        taxable = {
            kind: sum((line.net for line in self.lines if line.vat == kind), Decimal(0))
            - self.allowance
            for kind in kinds
        }
        return {kind: (base, cents(base * kind.rate / 100)) for kind, base in taxable.items()}

    @property
    def net(self) -> Decimal:
        """Return the total without VAT."""
        return self.sum_of_lines - self.allowance

    @property
    def tax(self) -> Decimal:
        """Return all VAT."""
        return sum((tax for _, tax in self.taxes.values()), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Return the total with VAT."""
        return self.net + self.tax


def vat_of(article: Article, seller: Company, buyer: Company) -> Vat:
    """Return the VAT on an article between two companies that both have a VAT number."""
    if seller.country != buyer.country:
        return Vat(category="AE" if article.is_service else "K", rate=Decimal(0))
    # Building work between Belgian companies is charged in reverse (Royal Decree no. 1, art. 20).
    if seller.country == "BE" and seller.catalogue == "building" and article.is_service:
        return Vat(category="AE", rate=Decimal(0))
    return Vat(category="S", rate=RATES[seller.country][article.level])


def lines_of(seller: Company, buyer: Company, seed: str) -> tuple[Line, ...]:
    """Return a few lines of what the seller sells, always the same ones for the same seed."""
    offer = CATALOGUE[seller.catalogue]
    first = pick(f"{seed} first", len(offer))
    count = 1 + pick(f"{seed} count", len(offer))
    chosen = [offer[(first + place) % len(offer)] for place in range(count)]
    return tuple(
        Line(
            article=article,
            quantity=Decimal(1 + pick(f"{seed} {article.name}", article.most)),
            vat=vat_of(article, seller, buyer),
        )
        for article in chosen
    )
