from __future__ import annotations

from dataclasses import replace

import pytest

from posthorn.documents.convert import NotConvertibleError, Supplement, convert
from posthorn.documents.invoice import Identifier
from tests.pure.documents.convert.sources import (
    BIS,
    change,
    codes,
    full_cii,
    read,
    refusals,
    zugferd,
)


def test_other_tax_is_refused_where_it_stands() -> None:
    data = zugferd(("<ram:TypeCode>VAT<", "<ram:TypeCode>ZF_INSURANCE_TAX<"))

    assert refusals(data) == ["CONVERT-OTHER-TAX"]


def test_sub_lines_of_the_extended_profile_are_refused() -> None:
    line = "<ram:LineID>1</ram:LineID>"

    assert refusals(full_cii((line, f"{line}<ram:ParentLineID>0</ram:ParentLineID>"))) == [
        "CONVERT-SUB-LINES"
    ]


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        (">20140410<", ">20140432<", "20140432"),
        (">132.00<", ">132,00<", "132,00"),
        ('unitCode="C62">2.0000<', 'unitCode="C62">two<', "two"),
    ],
)
def test_value_that_cannot_be_read_is_refused_and_not_dropped(
    before: str, after: str, value: str
) -> None:
    with pytest.raises(NotConvertibleError) as refusal:
        convert(zugferd((before, after)))

    found = {(each.id, each.values["value"]) for each in refusal.value.findings}
    assert found == {("CONVERT-VALUE", value)}


def test_mark_that_is_neither_true_nor_false_is_refused() -> None:
    mark = "<udt:Indicator>false</udt:Indicator>"

    assert refusals(full_cii((mark, "<udt:Indicator>no</udt:Indicator>"))) == ["CONVERT-VALUE"]


def test_attachment_in_broken_base64_is_refused_by_name() -> None:
    with pytest.raises(NotConvertibleError) as refusal:
        convert(full_cii(("ZGF5O2hvdXJzCg==", "ZGF5O2hvdXJzCg=")))

    assert [(each.id, dict(each.values)) for each in refusal.value.findings] == [
        ("CONVERT-ATTACHMENT", {"name": "times.csv"})
    ]


def test_missing_terms_are_named_one_by_one() -> None:
    data = zugferd(
        ("<ram:ID>2014-77</ram:ID>", ""),
        ("<ram:BuyerReference>Einkauf</ram:BuyerReference>", ""),
        ("<ram:ID>B-12</ram:ID>", ""),
        ('<ram:ID schemeID="VA">DE136695976</ram:ID>', ""),
        ("<ram:Name>Brett, Eiche</ram:Name>", ""),
    )

    assert refusals(data) == [
        "CONVERT-MISSING-BT-1",
        "CONVERT-MISSING-BT-10",
        "CONVERT-MISSING-BT-49",
        "CONVERT-MISSING-BT-153",
    ]


def test_invoice_without_parties_and_prices_lacks_their_terms() -> None:
    text = zugferd().decode()
    text = text.replace("SellerTradeParty", "OtherParty").replace("BuyerTradeParty", "OtherParty")
    text = text.replace("NetPriceProductTradePrice", "Other").replace("GrossPriceProduct", "Other")
    text = text.replace("SpecifiedTradeProduct", "Other")

    assert refusals(text.encode()) == [
        "CONVERT-MISSING-BT-27",
        "CONVERT-MISSING-BT-34",
        "CONVERT-MISSING-BT-40",
        "CONVERT-MISSING-BT-44",
        "CONVERT-MISSING-BT-49",
        "CONVERT-MISSING-BT-55",
        "CONVERT-MISSING-BT-146",
        "CONVERT-MISSING-BT-153",
    ]


def test_summary_is_named_as_one_with_what_it_lacks() -> None:
    text = full_cii((BIS, "urn:factur-x.eu:1p0:minimum")).decode()
    lines = text[
        text.index("<ram:IncludedSupplyChainTradeLineItem>") : text.index(
            "<ram:ApplicableHeaderTradeAgreement>"
        )
    ]

    assert refusals(text.replace(lines, "").encode()) == [
        "CONVERT-SUMMARY",
        "CONVERT-MISSING-BG-25",
    ]


BUYER = (
    ('<ram:ID schemeID="VA">DE136695976</ram:ID>', ""),
    ("<ram:BuyerReference>Einkauf</ram:BuyerReference>", ""),
    ("<ram:ID>B-12</ram:ID>", ""),
)
KNOWN = Supplement(
    seller_address=Identifier(value="5433333000006", scheme="0088"),
    buyer_address=Identifier(value="5499999000118", scheme="0088"),
    buyer_reference="Client 12",
)


def test_receivers_knowledge_fills_what_the_sender_left_out() -> None:
    converted = convert(zugferd(*BUYER), supplement=KNOWN)

    added = [each for each in converted.changes if each.code == "CONVERT-SUPPLEMENT"]
    assert [(each.path, each.before, each.after) for each in added] == [
        ("BT-49", None, "5499999000118"),
        ("BT-10", None, "Client 12"),
    ]
    invoice = read(converted)
    assert invoice.seller is not None
    assert invoice.seller.endpoint == Identifier(value="5412345000013", scheme="0088")


def test_receivers_knowledge_never_replaces_what_was_sent() -> None:
    converted = convert(full_cii(), supplement=KNOWN)

    assert "CONVERT-SUPPLEMENT" not in codes(converted)
    assert read(converted).references.buyer == "Purchasing, desk 4"


def test_receivers_knowledge_replaces_a_mail_address() -> None:
    mail = '<ram:URIID schemeID="EM">marc@buyer.example</ram:URIID>'
    data = full_cii(
        ('<ram:URIID schemeID="0088">5499999000118</ram:URIID>', mail),
        ('<ram:ID schemeID="0240">B123456</ram:ID>', ""),
        ('<ram:GlobalID schemeID="0060">123456789</ram:GlobalID>', ""),
        ('<ram:ID schemeID="VA">LU12345613</ram:ID>', ""),
    )

    found = change(convert(data, supplement=KNOWN), "CONVERT-SUPPLEMENT")

    assert (found.path, found.before, found.after) == (
        "BT-49",
        "marc@buyer.example",
        "5499999000118",
    )


def test_receivers_knowledge_makes_no_party() -> None:
    text = zugferd().replace(b"SellerTradeParty", b"OtherParty")

    with pytest.raises(NotConvertibleError) as refusal:
        convert(text, supplement=KNOWN)

    assert [each.id for each in refusal.value.findings] == [
        "CONVERT-MISSING-BT-27",
        "CONVERT-MISSING-BT-34",
        "CONVERT-MISSING-BT-40",
    ]


def test_text_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(NotConvertibleError) as refusal:
        convert(zugferd(*BUYER), supplement=replace(KNOWN, buyer_reference="a\0b"))

    assert [each.id for each in refusal.value.findings] == ["CONVERT-VALUE"]


def test_invoice_that_reads_otherwise_in_ubl_is_refused() -> None:
    # There, a number of the scheme SEPA is the creditor of a direct debit.
    creditor = "<ram:CreditorReferenceID>BE69ZZZ050D000000008</ram:CreditorReferenceID>"
    own = '<ram:GlobalID schemeID="0088">5412345000013</ram:GlobalID>'

    assert refusals(full_cii((creditor, ""), (own, own.replace("0088", "SEPA")))) == [
        "CONVERT-LOST"
    ]
