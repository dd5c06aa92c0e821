from __future__ import annotations

import re
from dataclasses import replace

import pytest

from posthorn.sdk import Kind, Misconfigured, NoLinks
from posthorn.sdk.testing import MemoryLinks, sample

INVOICE = sample(Kind.PURCHASE, "ubl_invoice")


def test_the_kits_links_give_the_same_address_for_the_same_document_and_key() -> None:
    links = MemoryLinks()

    first = links.address(INVOICE, key="1")

    assert re.fullmatch(r"https://posthorn\.example/d/[A-Za-z0-9_-]{43}/", first)
    assert links.address(INVOICE, key="1") == first
    assert MemoryLinks().address(INVOICE, key="1") == first
    others = {
        links.address(INVOICE, key="2"),
        links.address(replace(INVOICE, sha256="0" * 64), key="1"),
    }
    assert len(others | {first}) == 3
    assert links.given[first] == INVOICE.sha256


def test_where_nothing_can_be_fetched_the_setting_is_at_fault() -> None:
    with pytest.raises(Misconfigured) as raised:
        NoLinks().address(INVOICE, key="1")

    assert raised.value.code == "links_not_available"
