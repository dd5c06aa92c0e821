from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest

from posthorn.connections.links import LinkMaker, hash_of
from posthorn.sdk import Kind, Misconfigured
from posthorn.sdk.testing import sample

INVOICE = sample(Kind.PURCHASE, "ubl_invoice")
SITE = "https://post.example"
FIRM, OTHER = UUID(int=1), UUID(int=2)
KEY = "the installation's own"


def _maker(secret: str = KEY, firm: UUID = FIRM) -> LinkMaker:
    return LinkMaker(site=SITE, secret=secret, firm=firm)


def test_an_address_is_the_same_in_every_process_with_the_same_secret() -> None:
    maker = _maker()

    address = maker.address(INVOICE, key="k")

    assert re.fullmatch(r"https://post\.example/d/[A-Za-z0-9_-]{43}/", address)
    assert _maker().address(INVOICE, key="k") == address
    token = address.removeprefix(f"{SITE}/d/").removesuffix("/")
    assert maker.given == {token: INVOICE.sha256}
    assert re.fullmatch("[0-9a-f]{64}", hash_of(token))


@pytest.mark.parametrize(
    "other",
    [
        _maker("t").address(INVOICE, key="k"),
        _maker(firm=OTHER).address(INVOICE, key="k"),
        _maker().address(INVOICE, key="k.1"),
        _maker().address(replace(INVOICE, sha256="0" * 64), key="k"),
    ],
    ids=["secret", "firm", "delivery", "document"],
)
def test_anything_else_gives_another_address(other: str) -> None:
    assert _maker().address(INVOICE, key="k") != other


def test_without_an_address_of_the_site_there_is_none() -> None:
    with pytest.raises(Misconfigured) as raised:
        LinkMaker(site="", secret=KEY, firm=FIRM).address(INVOICE, key="k")

    assert raised.value.code == "links_not_available"


def test_the_secret_and_the_tokens_do_not_show_in_a_trace() -> None:
    maker = _maker("very secret")
    maker.address(INVOICE, key="k")

    assert repr(maker) == f"LinkMaker(site='{SITE}', firm={FIRM!r})"
