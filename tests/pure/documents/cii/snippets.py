"""Small cross industry invoices around pieces of XML, each for one section."""

from __future__ import annotations

from posthorn.documents import xml
from posthorn.documents.cii import read_invoice
from posthorn.documents.invoice import Invoice

_SPACE = "urn:un:unece:uncefact:data:standard:"
_DATE = '<{0}><udt:DateTimeString format="102">{1}</udt:DateTimeString></{0}>'


def document(
    *,
    head: str = "",
    agreement: str = "",
    delivery: str = "",
    settlement: str = "",
    lines: str = "",
) -> bytes:
    sections = (
        f"<ram:ApplicableHeaderTradeAgreement>{agreement}</ram:ApplicableHeaderTradeAgreement>"
        f"<ram:ApplicableHeaderTradeDelivery>{delivery}</ram:ApplicableHeaderTradeDelivery>"
        f"<ram:ApplicableHeaderTradeSettlement>{settlement}</ram:ApplicableHeaderTradeSettlement>"
    )
    return (
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{_SPACE}CrossIndustryInvoice:100"'
        f' xmlns:ram="{_SPACE}ReusableAggregateBusinessInformationEntity:100"'
        f' xmlns:udt="{_SPACE}UnqualifiedDataType:100" xmlns:qdt="{_SPACE}QualifiedDataType:100">'
        f"<rsm:ExchangedDocument>{head}</rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{lines}{sections}</rsm:SupplyChainTradeTransaction>"
        "</rsm:CrossIndustryInvoice>"
    ).encode()


def invoice(**sections: str) -> Invoice:
    return read_invoice(xml.parse(document(**sections)).root)


def line(body: str) -> str:
    return f"<ram:IncludedSupplyChainTradeLineItem>{body}</ram:IncludedSupplyChainTradeLineItem>"


def day(name: str, digits: str) -> str:
    return _DATE.format(name, digits)


def means(body: str) -> str:
    name = "ram:SpecifiedTradeSettlementPaymentMeans"
    return f"<{name}>{body}</{name}>"
