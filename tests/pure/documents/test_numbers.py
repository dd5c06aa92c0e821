from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthorn.documents import Party, numbers, read

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def seller(body: str) -> Party | None:
    return read(
        (
            f'<Invoice xmlns="{UBL}Invoice-2" xmlns:b="{UBL}CommonBasicComponents-2"'
            f' xmlns:a="{UBL}CommonAggregateComponents-2"><a:AccountingSupplierParty>'
            f"<a:Party>{body}</a:Party></a:AccountingSupplierParty></Invoice>"
        ).encode()
    ).seller


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("BE 0417.710.407", "BE0417710407"),
        ("BE417710407", "BE0417710407"),
        ("be(0)417710407", "BE0417710407"),
        ("NL 004495445B01", "NL004495445B01"),
        ("nl-0044 95445b01", "NL004495445B01"),
        ("BE 0417 710 408", "BE0417710408"),
        ("0417710407", "0417710407"),
        ("DE37/302/30168", "DE37/302/30168"),
        ("²BE", "²BE"),
    ],
)
def test_vat_number_is_written_in_one_way_where_it_holds(sent: str, kept: str) -> None:
    party = seller(
        f"<a:PartyTaxScheme><b:CompanyID>{sent}</b:CompanyID>"
        "<a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:PartyTaxScheme>"
    )

    assert party == Party(vat_number=kept)


@pytest.mark.parametrize(
    ("country", "scheme", "sent", "kept"),
    [
        ("", "0208", "BE 0417.710.407", "0417710407"),
        ("", "0208", "0417 710 408", "0417710408"),
        ("BE", "", "0417.710.407", "0417710407"),
        ("NL", "", "0417.710.407", "0417.710.407"),
        ("BE", "0106", "12 34 56 78", "12345678"),
        ("NL", "0190", "0000000123abc", "0000000123ABC"),
    ],
)
def test_enterprise_number_is_kept_with_its_scheme(
    country: str, scheme: str, sent: str, kept: str
) -> None:
    party = seller(
        f"<a:PostalAddress><a:Country><b:IdentificationCode>{country}</b:IdentificationCode>"
        "</a:Country></a:PostalAddress><a:PartyLegalEntity>"
        f'<b:CompanyID schemeID="{scheme}">{sent}</b:CompanyID></a:PartyLegalEntity>'
    )

    assert party == Party(
        enterprise_number=kept, enterprise_scheme=scheme or None, country=country or None
    )


@pytest.mark.parametrize(
    ("scheme", "sent", "kept"),
    [
        ("0208", "BE0417710407", "0417710407"),
        ("9925", "be0417.710.407", "BE0417710407"),
        ("9944", "NL004495445B01", "NL004495445B01"),
        ("EM", "An@Mail.example ", "An@Mail.example"),
        ("0088", "5412345000013", "5412345000013"),
    ],
)
def test_endpoint_is_kept_with_its_scheme(scheme: str, sent: str, kept: str) -> None:
    party = seller(f'<b:EndpointID schemeID="{scheme}">{sent}</b:EndpointID>')

    assert party == Party(endpoint=kept, endpoint_scheme=scheme)


@settings(max_examples=50)
@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs")), max_size=30))
def test_any_vat_and_enterprise_number_is_read(text: str) -> None:
    sent = text.replace("&", "").replace("<", "").replace(">", "")
    party = seller(
        f'<b:EndpointID schemeID="0208">{sent}</b:EndpointID>'
        f"<a:PartyTaxScheme><b:CompanyID>{sent}</b:CompanyID>"
        "<a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:PartyTaxScheme>"
    )

    assert party is not None
    assert (party.vat_number is None) is (party.endpoint is None) is (not sent.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+++010/8068/17183+++", "010806817183"),
        ("***010/8068/17183***", "010806817183"),
        ("010806817183", "010806817183"),
        (" 010 8068 17183 ", "010806817183"),
        ("+++000/0000/09797+++", "000000009797"),  # 97 stands for 0
        ("+++010/8068/17184+++", None),
        ("+++000/0000/00000+++", None),
        ("+++000/0000/09700+++", None),
        ("10806817183", None),
        ("Mededeling 010806817183", None),
        ("\u0660\u0661\u0660\u0668\u0660\u0666\u0668\u0661\u0667\u0661\u0668\u0663", None),
        ("", None),
    ],
)
def test_structured_communication_has_twelve_digits_and_holds(
    text: str, expected: str | None
) -> None:
    assert numbers.structured_communication(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RF18539007547034", "RF18539007547034"),
        ("rf18 5390 0754 7034", "RF18539007547034"),
        ("RF17539007547034", None),
        ("RF18-5390-0754-7034", None),
        ("RF18", None),
        ("RF45" + "G" * 22, None),
        ("RF18\u0665390075470340", None),
        ("18539007547034", None),
    ],
)
def test_creditor_reference_holds_by_its_check_digits(text: str, expected: str | None) -> None:
    assert numbers.creditor_reference(text) == expected


@given(st.text(max_size=40))
def test_any_text_is_asked_for_a_structured_reference(text: str) -> None:
    kept = numbers.payment_reference(text)

    assert kept in {text, numbers.structured_communication(text), numbers.creditor_reference(text)}
