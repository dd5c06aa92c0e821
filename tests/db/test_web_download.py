"""A download address hands out one file and nothing else, to whoever has it."""

from __future__ import annotations

import base64

import pytest
from django.test import Client as Browser

from posthorn.connections.links import hash_of
from posthorn.delivery import links
from posthorn.delivery.link_models import Fetching, Link
from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.factories import ClientFactory
from tests.db.linking import (
    BYTES,
    DIGEST,
    begin,
    downloads,
    linked_desk,
    site_fixture,  # noqa: F401  found by its name
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_the_file_comes_with_everything_that_keeps_it_where_it_is() -> None:
    token, _ = begin(linked_desk())

    response = Browser().get(f"/d/{token}/", headers={"user-agent": "Importer/1.0"})

    assert (response.status_code, response.content) == (200, BYTES)
    digest = base64.b64encode(bytes.fromhex(DIGEST)).decode()
    assert {name: response[name] for name in EXPECTED} == {
        **EXPECTED,
        "Repr-Digest": f"sha-256=:{digest}:",
    }
    assert response.cookies == {}
    assert downloads() == [("127.0.0.0/24", "Importer/1.0")]


EXPECTED = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": 'attachment; filename="invoice.xml"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Repr-Digest": "",
}


def test_asking_for_the_head_takes_nothing_and_counts_for_nothing() -> None:
    token, _ = begin(linked_desk())

    response = Browser().head(f"/d/{token}/")

    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(BYTES))
    assert downloads() == []
    assert Fetching.objects.count() == 0


def test_wrong_late_and_closed_addresses_answer_the_same() -> None:
    late, _ = begin(linked_desk())
    closed, _ = begin(linked_desk())
    with system("test"):
        for token, values in ((late, {"expires_at": now()}), (closed, {"revoked_at": now()})):
            Link.objects.filter(token_sha256=hash_of(token)).update(**values)

    answers = [Browser().get(f"/d/{token}/") for token in ("x" * 43, late, closed, "a" * 4000)]

    assert [one.status_code for one in answers] == [404] * 4
    assert len({one.content for one in answers}) == 1


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_else_can_be_done_with_an_address(method: str) -> None:
    token, _ = begin(linked_desk())

    assert getattr(Browser(), method)(f"/d/{token}/").status_code == 405


def test_who_asks_too_often_waits_an_hour() -> None:
    token, _ = begin(linked_desk())
    for _ in range(links.PER_ADDRESS):
        assert Browser().get(f"/d/{token}/").status_code == 200

    response = Browser().get(f"/d/{token}/")

    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert BYTES not in response.content


def test_the_delivery_shows_who_fetched_and_closes_the_link() -> None:
    desk = linked_desk()
    token, delivery = begin(desk)
    browser, page = Browser(), f"/firms/{desk.firm}/deliveries/{delivery.pk}/"
    firm = desk.integrations[0].firm
    browser.force_login(web_rows.member(firm, Role.ACCOUNTANT, desk.integrations[0].client))
    Browser().get(f"/d/{token}/", headers={"user-agent": "<b>Importer</b>"})

    shown = browser.get(page).content.decode()
    assert "Fetched once." in shown
    assert "&lt;b&gt;Importer&lt;/b&gt;" in shown
    assert "127.0.0.0/24" in shown
    assert token not in shown
    browser.post(f"{page}revoke-link/")

    assert Browser().get(f"/d/{token}/").status_code == 404
    again = browser.get(page).content.decode()
    assert "Close the link" not in again
    assert "Closed " in again


def test_people_without_the_client_close_nothing() -> None:
    desk = linked_desk()
    token, delivery = begin(desk)
    firm = desk.integrations[0].firm
    other = ClientFactory.create(firm=firm)
    page = f"/firms/{desk.firm}/deliveries/{delivery.pk}/revoke-link/"
    for person in (
        web_rows.member(firm, Role.CLIENT_MANAGER),
        web_rows.member(firm, Role.ACCOUNTANT, other),
    ):
        browser = Browser()
        browser.force_login(person)
        assert browser.post(page).status_code == 404

    with acting(desk.firm):
        assert Link.objects.get().revoked_at is None
    assert Browser().get(f"/d/{token}/").status_code == 200
