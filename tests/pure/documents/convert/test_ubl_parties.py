from __future__ import annotations

import pytest

from posthorn.documents import ubl, xml
from posthorn.documents.convert import Change, convert
from posthorn.documents.invoice import Identifier
from tests.pure.documents.convert.sources import (
    change,
    codes,
    full_ubl,
    plain_ubl,
    read,
    refusals,
)

SELLER = '<cbc:EndpointID schemeID="0208">0417710407</cbc:EndpointID>'
BUYER = '<cbc:EndpointID schemeID="0088">5499999000118</cbc:EndpointID>'


def test_mail_address_gives_way_to_one_of_the_own_numbers() -> None:
    data = plain_ubl((SELLER, '<cbc:EndpointID schemeID="EM">an@seller.example</cbc:EndpointID>'))

    converted = convert(data)

    assert change(converted, "CONVERT-ADDRESS") == Change(
        code="CONVERT-ADDRESS",
        path="BT-34",
        before="EM:an@seller.example",
        after="0208:0417710407",
    )
    assert read(converted).seller == ubl.read_invoice(xml.parse(full_ubl()).root).seller


@pytest.mark.parametrize(
    ("old", "code"), [("GLN", "0088"), ("gln", "0088"), ("EAN", "0088"), ("NL:KVK", "0106")]
)
def test_older_name_of_a_scheme_becomes_its_code(old: str, code: str) -> None:
    value = "12345678" if code == "0106" else "5499999000118"
    data = plain_ubl((BUYER, f'<cbc:EndpointID schemeID="{old}">{value}</cbc:EndpointID>'))

    converted = convert(data)

    assert change(converted, "CONVERT-SCHEME") == Change(
        code="CONVERT-SCHEME", path="BT-49", before=f"{old}:{value}", after=f"{code}:{value}"
    )
    buyer = read(converted).buyer
    assert buyer is not None
    assert buyer.endpoint == Identifier(value=value, scheme=code)


def test_missing_address_is_made_of_the_vat_number_where_nothing_else_serves() -> None:
    legal = '<cbc:CompanyID schemeID="0240">B123456</cbc:CompanyID>'
    own = '<cbc:ID schemeID="0060">123456789</cbc:ID>'
    data = plain_ubl(
        (BUYER, ""), (legal, "<cbc:CompanyID>B1</cbc:CompanyID>"), (own, "<cbc:ID>7</cbc:ID>")
    )

    assert change(convert(data), "CONVERT-ADDRESS").after == "9938:LU12345613"


def test_missing_address_is_made_of_a_number_of_the_buyer() -> None:
    legal = '<cbc:CompanyID schemeID="0240">B123456</cbc:CompanyID>'
    data = plain_ubl((BUYER, ""), (legal, ""))

    assert change(convert(data), "CONVERT-ADDRESS").after == "0060:123456789"


def test_address_that_nothing_makes_is_not_invented() -> None:
    data = plain_ubl(
        (BUYER, ""),
        ('<cbc:CompanyID schemeID="0240">B123456</cbc:CompanyID>', ""),
        ('<cbc:ID schemeID="0060">123456789</cbc:ID>', "<cbc:ID>7</cbc:ID>"),
        ("<cbc:CompanyID>LU12345613</cbc:CompanyID>", "<cbc:CompanyID>XX1</cbc:CompanyID>"),
    )

    assert refusals(data) == ["PEPPOL-EN16931-R010", "BR-CO-09"]


AUTHORITY = (
    (BUYER, '<cbc:EndpointID schemeID="EM">amt@example.de</cbc:EndpointID>'),
    ('<cbc:CompanyID schemeID="0240">B123456</cbc:CompanyID>', ""),
    ('<cbc:ID schemeID="0060">123456789</cbc:ID>', "<cbc:ID>7</cbc:ID>"),
    ("<cbc:CompanyID>LU12345613</cbc:CompanyID>", "<cbc:CompanyID>XX1</cbc:CompanyID>"),
)


def test_german_authority_is_addressed_by_its_reference() -> None:
    data = plain_ubl(*AUTHORITY, ("Purchasing, desk 4", "04011000-12345-03"))

    # What is left is the VAT number that this test broke.
    assert refusals(data) == ["BR-CO-09"]


def test_reference_with_a_wrong_check_is_no_address() -> None:
    data = plain_ubl(*AUTHORITY, ("Purchasing, desk 4", "04011000-12345-04"))

    assert refusals(data) == ["PEPPOL-EN16931-CL008", "BR-CO-09"]


LEGAL = '<cbc:CompanyID schemeID="0208">0417710407</cbc:CompanyID>'


def test_belgian_number_without_a_scheme_gets_that_of_its_register() -> None:
    data = plain_ubl((LEGAL, "<cbc:CompanyID>0417.710.407</cbc:CompanyID>"))

    converted = convert(data)

    assert change(converted, "CONVERT-SCHEME") == Change(
        code="CONVERT-SCHEME", path="BT-30", before="0417.710.407", after="0208:0417710407"
    )
    assert read(converted).seller == ubl.read_invoice(xml.parse(full_ubl()).root).seller


@pytest.mark.parametrize(
    ("number", "scheme"), [("12345678", "0106"), ("00000001234567890000", "0190"), ("12", None)]
)
def test_dutch_number_without_a_scheme_gets_that_of_its_register(
    number: str, scheme: str | None
) -> None:
    country = "<cbc:IdentificationCode>LU</cbc:IdentificationCode>"
    legal = '<cbc:CompanyID schemeID="0240">B123456</cbc:CompanyID>'
    data = plain_ubl(
        (country, country.replace("LU", "NL")), (legal, f"<cbc:CompanyID>{number}</cbc:CompanyID>")
    )

    buyer = read(convert(data)).buyer

    assert buyer is not None
    assert buyer.legal_identifier == Identifier(value=number, scheme=scheme)


def test_foreign_number_without_a_scheme_stays_without() -> None:
    legal = '<cbc:CompanyID schemeID="0240">B123456</cbc:CompanyID>'

    converted = convert(plain_ubl((legal, "<cbc:CompanyID>B123456</cbc:CompanyID>")))

    assert codes(converted) == ["CONVERT-SPECIFICATION"]


def test_second_number_of_the_buyer_is_left_out() -> None:
    own = '<cbc:ID schemeID="0060">123456789</cbc:ID>'
    two = f"<cbc:ID>7</cbc:ID></cac:PartyIdentification><cac:PartyIdentification>{own}"

    converted = convert(plain_ubl((own, two)))

    assert change(converted, "CONVERT-NUMBER") == Change(
        code="CONVERT-NUMBER", path="BT-46", before="7"
    )
