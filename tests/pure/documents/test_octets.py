from __future__ import annotations

import pytest

from posthorn.documents.octets import octets_of


@pytest.mark.parametrize("sent", ["JVBERg==", " JVBE\r\n\tRg== ", "JV BERg =="])
def test_blanks_do_not_count_in_base64(sent: str) -> None:
    assert (octets_of(sent), octets_of(sent.encode())) == (b"%PDF", b"%PDF")


@pytest.mark.parametrize(
    "sent",
    ["JVBERg", "JVBERg=", "JVBERg===", "JVBERi0====", "JVBE====", "JVB*Rg==", "Rg==JVBE", "é"],
)
def test_base64_with_a_fault_stands_for_nothing(sent: str) -> None:
    assert (octets_of(sent), octets_of(sent.encode())) == (None, None)


def test_nothing_stands_for_no_bytes() -> None:
    assert octets_of("") == b""
