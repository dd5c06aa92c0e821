from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.sdk import AddressError, clean_address


@pytest.mark.parametrize(
    "address",
    [
        "Dossier-PI@docin.octopus.example",  # case matters before the @ at some packages
        "0123456749@Moncomptable.example",
        "o'brien+sales@a-b.example",
        f"{'a' * 64}@example.org",
    ],
)
def test_address_is_kept_as_typed(address: str) -> None:
    assert clean_address(address) == address


def test_international_domain_is_written_in_ascii() -> None:
    assert clean_address("Box@bücher.example") == "Box@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_an_address"),
        ("box", "not_an_address"),
        ("@example.org", "not_an_address"),
        ("box@", "not_an_address"),
        ("box@localhost", "not_an_address"),
        ("box@-a.example", "not_an_address"),
        ("box@a..example", "not_an_address"),
        ("box@[127.0.0.1]", "not_an_address"),
        ("box@" + "é" * 70 + ".example", "not_an_address"),
        ("a..b@example.org", "not_an_address"),
        ('"a b"@example.org', "not_an_address"),
        ('"a,b"@example.org', "not_an_address"),
        ("<box@example.org>", "not_an_address"),
        ("box@example.org\r\nBcc:x", "not_an_address"),
        (f"{'a' * 65}@example.org", "not_an_address"),
        (f"{'a' * 20}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example", "not_an_address"),
        ("a@example.org,b@example.org", "several_addresses"),
        ("a@example.org b@example.org", "several_addresses"),
        ("a@b@example.org", "several_addresses"),
        ("bücher@example.org", "non_ascii_address"),
    ],
)
def test_anything_else_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(AddressError) as caught:
        clean_address(text)

    assert caught.value.code == code


@given(st.text() | st.from_regex(r"[^@]{1,20}@[^@]{1,20}\.[a-z]{2,3}"))
def test_kept_address_is_one_printable_ascii_word(text: str) -> None:
    try:
        address = clean_address(text)
    except AddressError:
        return

    assert address.isascii()
    assert address.isprintable()
    assert address.split() == [address]
    assert address.count("@") == 1
    assert clean_address(address) == address
