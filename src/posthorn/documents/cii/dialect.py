"""Names the same things in the two syntaxes of a cross industry invoice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from posthorn.documents.xml import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the parts of an invoice are called in one syntax."""

    context: str
    document: str
    transaction: str
    agreement: str
    delivery: str
    settlement: str
    totals: str
    line_agreement: str
    line_delivery: str
    line_settlement: str
    line_totals: str
    number: str  # of another paper that is referred to
    rate: str


# UN/CEFACT D16B and D22B, which do not differ in what EN 16931-3-3 uses.
CII: Final = Dialect(
    context="rsm:ExchangedDocumentContext",
    document="rsm:ExchangedDocument",
    transaction="rsm:SupplyChainTradeTransaction",
    agreement="ram:ApplicableHeaderTradeAgreement",
    delivery="ram:ApplicableHeaderTradeDelivery",
    settlement="ram:ApplicableHeaderTradeSettlement",
    totals="ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    line_agreement="ram:SpecifiedLineTradeAgreement",
    line_delivery="ram:SpecifiedLineTradeDelivery",
    line_settlement="ram:SpecifiedLineTradeSettlement",
    line_totals="ram:SpecifiedTradeSettlementLineMonetarySummation",
    number="ram:IssuerAssignedID",
    rate="ram:RateApplicablePercent",
)
# ZUGFeRD 1.0 of 2014, built on an earlier CII.
ZUGFERD_1: Final = Dialect(
    context="rsm1:SpecifiedExchangedDocumentContext",
    document="rsm1:HeaderExchangedDocument",
    transaction="rsm1:SpecifiedSupplyChainTradeTransaction",
    agreement="ram:ApplicableSupplyChainTradeAgreement",
    delivery="ram:ApplicableSupplyChainTradeDelivery",
    settlement="ram:ApplicableSupplyChainTradeSettlement",
    totals="ram:SpecifiedTradeSettlementMonetarySummation",
    line_agreement="ram:SpecifiedSupplyChainTradeAgreement",
    line_delivery="ram:SpecifiedSupplyChainTradeDelivery",
    line_settlement="ram:SpecifiedSupplyChainTradeSettlement",
    line_totals="ram:SpecifiedTradeSettlementMonetarySummation",
    number="ram:ID",
    rate="ram:ApplicablePercent",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The three sections of an invoice's header, empty where the file has none."""

    agreement: Element
    delivery: Element
    settlement: Element


def dialect_of(root: Element) -> Dialect:
    """Return the names that a root element's file uses."""
    return ZUGFERD_1 if root.name == "rsm1:CrossIndustryDocument" else CII


def sections_of(root: Element, names: Dialect) -> Sections:
    """Return the sections of the header."""

    def section(name: str) -> Element:
        found = root.first(names.transaction, name)
        return Element(name, None, {}, {}, "") if found is None else found

    return Sections(
        agreement=section(names.agreement),
        delivery=section(names.delivery),
        settlement=section(names.settlement),
    )
