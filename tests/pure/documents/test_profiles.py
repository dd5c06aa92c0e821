from __future__ import annotations

import pytest

from posthorn.documents import Format
from posthorn.documents.profiles import Profile, profile_of
from posthorn.documents.sniffing import Confidence, Sniffed, sniff

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CBC = f'xmlns:cbc="{UBL}CommonBasicComponents-2"'
CII = "urn:un:unece:uncefact:data:standard:"
EN = "urn:cen.eu:en16931:2017"

PROFILES = {
    f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0": Profile.BIS,
    f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0": Profile.SELF_BILLING,
    f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0": Profile.XRECHNUNG,
    f"{EN}#compliant#urn:xoev-de:kosit:standard:xrechnung_2.3": Profile.XRECHNUNG,
    f"{EN}#compliant#urn:fdc:nen.nl:nlcius:v1.0": Profile.NLCIUS,
    f"{EN}#conformant#urn:UBL.BE:1.0.0.20180214": Profile.UBL_BE,
    "urn:peppol:pint:billing-1@jp-1": Profile.PINT,
    EN: Profile.EN16931,
    "urn:factur-x.eu:1p0:minimum": Profile.MINIMUM,
    "urn:factur-x.eu:1p0:basicwl": Profile.BASIC_WL,
    f"{EN}#compliant#urn:factur-x.eu:1p0:basic": Profile.BASIC,
    f"{EN}#conformant#urn:factur-x.eu:1p0:extended": Profile.EXTENDED,
    f"{EN}#conformant#urn:zugferd.de:2p0:extended": Profile.EXTENDED,
    "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort": Profile.ZUGFERD_1,
    "urn:www.cenbii.eu:transaction:biicoretrdm010:ver1.0": Profile.OTHER,
    "": Profile.NONE,
}


@pytest.mark.parametrize("customization", PROFILES)
def test_profile_is_told_by_its_identifier(customization: str) -> None:
    assert profile_of(customization) is PROFILES[customization]


def test_ubl_2_0_without_a_name_is_e_fff() -> None:
    assert profile_of(None, "2.0") is Profile.EFFF
    assert profile_of("E-FFF.BE BILLING3", "2.0") is Profile.EFFF
    assert profile_of(None, "2.1") is Profile.NONE
    assert profile_of("urn:own", "2.1") is Profile.OTHER


def ubl(customization: str, rest: str = "") -> str:
    return (
        f'<i:Invoice xmlns:i="{UBL}Invoice-2" {CBC}><cbc:UBLVersionID>2.1</cbc:UBLVersionID>'
        f"<cbc:CustomizationID>\n {customization} </cbc:CustomizationID>{rest}"
    )


def test_profile_is_read_from_the_head_of_a_broken_file() -> None:
    identifier = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

    assert sniff(ubl(identifier, "<cbc:ID>1</oops>").encode()) == Sniffed(
        format=Format.UBL_INVOICE, profile=Profile.BIS
    )


def test_looking_stops_long_before_the_end() -> None:
    late = ubl("", "<cbc:Note/>" * 300).replace("\n  </cbc", "</cbc")

    assert sniff(late.encode()).profile is Profile.NONE


def test_guideline_of_cii_is_its_profile() -> None:
    data = (
        f'<r:CrossIndustryInvoice xmlns:r="{CII}CrossIndustryInvoice:100" '
        f'xmlns:a="{CII}ReusableAggregateBusinessInformationEntity:100">'
        "<r:ExchangedDocumentContext>"
        "<a:BusinessProcessSpecifiedDocumentContextParameter><a:ID>A1</a:ID>"
        "</a:BusinessProcessSpecifiedDocumentContextParameter>"
        "<a:GuidelineSpecifiedDocumentContextParameter><a:ID>urn:factur-x.eu:1p0:minimum</a:ID>"
        "</a:GuidelineSpecifiedDocumentContextParameter></r:ExchangedDocumentContext>"
        "<r:ExchangedDocument/></r:CrossIndustryInvoice>"
    )

    assert sniff(data.encode()) == Sniffed(format=Format.CII, profile=Profile.MINIMUM)


def test_envelope_is_seen_and_what_it_holds() -> None:
    space = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    opened = f'<s:StandardBusinessDocument xmlns:s="{space}">'
    data = f"{opened}<s:StandardBusinessDocumentHeader/>{ubl(EN)}".encode()
    empty = f"{opened}</s:StandardBusinessDocument>".encode()
    lone = f'<s:StandardBusinessDocumentHeader xmlns:s="{space}"/>'.encode()

    assert sniff(data) == Sniffed(
        format=Format.UBL_INVOICE, profile=Profile.EN16931, is_enveloped=True
    )
    assert sniff(empty) == Sniffed(
        format=Format.XML, confidence=Confidence.LIKELY, is_enveloped=True
    )
    assert sniff(lone) == Sniffed(format=Format.XML, confidence=Confidence.LIKELY)


@pytest.mark.parametrize(
    ("data", "confidence"),
    [
        (b"%PDF-1.7\n", Confidence.CERTAIN),
        (b"<a/>", Confidence.CERTAIN),
        (b"<", Confidence.LIKELY),
        (b":20:1\r\n:25:X\r\n:60F:C260301EUR1,\r\n", Confidence.LIKELY),
        (b"From: a\nTo: b\nSubject: c", Confidence.LIKELY),
        (b"hello", Confidence.NONE),
    ],
)
def test_confidence_says_how_the_format_was_known(data: bytes, confidence: Confidence) -> None:
    assert sniff(data).confidence is confidence
