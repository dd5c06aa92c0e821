from __future__ import annotations

from decimal import Decimal

import pytest

from posthorn.documents import xml
from posthorn.documents.cii import is_summary, read_invoice
from posthorn.documents.invoice import (
    Delivery,
    Identifier,
    Note,
    Price,
)
from tests.pure.documents.cii.snippets import document, invoice, line


def test_payee_keeps_both_kinds_of_number() -> None:
    read = invoice(
        settlement='<ram:PayeeTradeParty><ram:ID>P-1</ram:ID><ram:GlobalID schemeID="0088">'
        "5412345000013</ram:GlobalID></ram:PayeeTradeParty>"
    )

    assert read.payee is not None
    assert read.payee.identifiers == (
        Identifier(value="P-1"),
        Identifier(value="5412345000013", scheme="0088"),
    )


def test_place_of_delivery_has_the_number_of_a_known_scheme() -> None:
    read = invoice(
        delivery='<ram:ShipToTradeParty><ram:ID>W-1</ram:ID><ram:GlobalID schemeID="0088">'
        "5412345000013</ram:GlobalID></ram:ShipToTradeParty>"
    )

    assert read.delivery == Delivery(location=Identifier(value="5412345000013", scheme="0088"))


def test_place_of_delivery_has_the_only_number_there_is() -> None:
    read = invoice(delivery="<ram:ShipToTradeParty><ram:ID>W-1</ram:ID></ram:ShipToTradeParty>")

    assert read.delivery == Delivery(location=Identifier(value="W-1"))


def test_department_is_the_contact_where_no_person_is() -> None:
    read = invoice(
        agreement="<ram:BuyerTradeParty><ram:DefinedTradeContact><ram:DepartmentName>Purchasing"
        "</ram:DepartmentName></ram:DefinedTradeContact></ram:BuyerTradeParty>"
    )

    assert read.buyer is not None
    assert read.buyer.contact is not None
    assert read.buyer.contact.name == "Purchasing"


def test_registration_of_another_kind_is_no_vat_number() -> None:
    read = invoice(
        agreement='<ram:SellerTradeParty><ram:SpecifiedTaxRegistration><ram:ID schemeID="XX">1'
        "</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>"
    )

    assert read.seller is not None
    assert (read.seller.vat_identifier, read.seller.tax_registration) == (None, None)


def test_papers_are_told_apart_by_their_type() -> None:
    def paper(code: str) -> str:
        return (
            f"<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>N-{code}"
            f"</ram:IssuerAssignedID><ram:TypeCode>{code}</ram:TypeCode>"
            "</ram:AdditionalReferencedDocument>"
        )

    read = invoice(agreement=paper("916") + paper("50") + paper("130") + paper("AGG"))

    assert [each.identifier for each in read.attachments] == ["N-916"]
    assert read.references.tender == "N-50"
    assert read.references.invoiced_object == Identifier(value="N-130")


def test_broken_base64_is_an_attachment_without_content() -> None:
    read = invoice(
        agreement="<ram:AdditionalReferencedDocument><ram:TypeCode>916</ram:TypeCode>"
        '<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="a.pdf">J*'
        "</ram:AttachmentBinaryObject>"
        "</ram:AdditionalReferencedDocument>"
    )

    assert [(each.is_embedded, each.content) for each in read.attachments] == [(True, None)]


def test_notes_keep_their_line_ends() -> None:
    note = "<ram:IncludedNote><ram:Content> one\ntwo </ram:Content></ram:IncludedNote>"

    assert invoice(head=note + "<ram:IncludedNote/>").notes == (Note(text="one\ntwo"),)


def price(body: str) -> Price | None:
    read = invoice(
        lines=line(f"<ram:SpecifiedLineTradeAgreement>{body}</ram:SpecifiedLineTradeAgreement>")
    )
    return read.lines[0].price


def gross(body: str) -> str:
    name = "ram:GrossPriceProductTradePrice"
    return f"<{name}><ram:ChargeAmount>10</ram:ChargeAmount>{body}</{name}>"


def off(indicator: str, amount: str) -> str:
    return (
        "<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>"
        f"{indicator}</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>{amount}"
        "</ram:ActualAmount></ram:AppliedTradeAllowanceCharge>"
    )


def test_base_quantity_of_the_gross_price_serves_where_the_net_price_has_none() -> None:
    base = '<ram:BasisQuantity unitCode="KGM">100</ram:BasisQuantity>'

    assert price(gross(base)) == Price(
        gross=Decimal(10), base_quantity=Decimal(100), base_unit="KGM"
    )


def test_one_discount_is_read() -> None:
    assert price(gross(off("false", "2"))) == Price(gross=Decimal(10), discount=Decimal(2))


@pytest.mark.parametrize("several", [off("false", "2") + off("false", "1"), off("true", "2"), ""])
def test_several_discounts_and_charges_make_no_discount(several: str) -> None:
    assert price(gross(several)) == Price(gross=Decimal(10))


def test_line_without_prices_has_none() -> None:
    assert price("") is None


@pytest.mark.parametrize(
    ("guideline", "summary"),
    [
        ("urn:factur-x.eu:1p0:minimum", True),
        ("urn:factur-x.eu:1p0:basicwl", True),
        ("urn:zugferd.de:2p0:minimum", True),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:basic", True),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", False),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", False),
        ("urn:cen.eu:en16931:2017", False),
        (None, False),
    ],
)
def test_profile_tells_a_summary(guideline: str | None, summary: bool) -> None:  # noqa: FBT001
    assert is_summary(guideline) is summary


def test_document_is_read_whatever_its_prefixes() -> None:
    data = document(head="<ram:ID>7</ram:ID>").replace(b"ram:", b"x:").replace(b":ram", b":x")

    assert read_invoice(xml.parse(data).root).number == "7"
