"""Documents on the pages: where each stands, and what people decide."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client as Browser

from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.models import ClientAssignment
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import (
    ClientFactory,
    DocumentFactory,
)
from tests.db.web_desk import Desk, document_now

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "word", "why"),
    [
        ({}, "To approve", "It goes once somebody approves it."),
        ({"direction": "sales"}, "To send", "It goes once somebody sends it."),
        ({"reading": "pending"}, "Being read", "It arrived and is being read."),
        ({"reading": "unreadable"}, "Unreadable", "The file could not be read"),
        ({"rejected_at": now()}, "Rejected", "Somebody decided that it does not go."),
        ({"direction": ""}, "Direction unknown", "whether the client bought or sold"),
        (
            {"released_at": now(), "not_planned": "not_shared"},
            "Goes nowhere",
            "The client does not share documents with the accountant.",
        ),
    ],
)
def test_a_document_says_where_it_stands(values: dict[str, Any], word: str, why: str) -> None:
    desk = Desk()
    document = desk.document(**values)

    listed, page = desk.read("documents/"), desk.read(f"documents/{document.pk}/")
    assert [word in each for each in (listed, page)] == [True, True]
    assert why in page


def test_a_document_stands_where_its_most_pressing_delivery_stands() -> None:
    desk = Desk()
    document = desk.document(released_at=now())
    desk.delivery(document=document, state="refused", code="recipient_refused")

    page = desk.read(f"documents/{document.pk}/")

    assert "Refused" in page
    assert "The mail server refuses the recipient" in page


def test_lists_are_narrowed_by_client_text_and_place() -> None:
    desk = Desk()
    desk.document(number="ONE-1")
    desk.document(number="TWO-2", direction="sales", buyer_name="Café De Zwaan")
    desk.document(number="THREE-3", rejected_at=now())
    other = ClientFactory.create(firm=desk.firm)
    DocumentFactory.create(firm=desk.firm, client=other, number="FOUR-4")

    def found(**asked: str) -> list[str]:
        page = desk.read("documents/", **asked)
        return [name for name in ("ONE-1", "TWO-2", "THREE-3", "FOUR-4") if name in page]

    assert found(client=str(desk.client.pk)) == ["ONE-1", "TWO-2", "THREE-3"]
    assert found(q="zwaan") == ["TWO-2"]
    assert found(where="rejected") == ["THREE-3"]
    assert found(where="to_decide") == ["ONE-1", "TWO-2", "FOUR-4"]
    assert found(client="no id", where="nonsense") == ["ONE-1", "TWO-2", "THREE-3", "FOUR-4"]


def test_pages_follow_each_other_without_a_gap() -> None:
    desk = Desk()
    for number in range(51):
        desk.document(number=f"NR-{number:03}")

    first = desk.browser.get(f"{desk.base}/documents/")
    second = desk.browser.get(f"{desk.base}/documents/{first.context['next_page']}")
    shown = [line.name for line in first.context["lines"]]
    rest = [line.name for line in second.context["lines"]]

    assert shown + rest == [f"NR-{number:03}" for number in reversed(range(51))]
    assert (len(shown), len(rest), second.context["next_page"]) == (50, 1, "")


@pytest.mark.parametrize("after", ["x", "2026-01-01_1", "9" * 40, "-1", "2026-01-01T00:00:00_x"])
def test_a_made_up_page_is_refused(after: str) -> None:
    desk = Desk()
    got = [
        desk.browser.get(f"{desk.base}/{what}/", {"after": after}).status_code
        for what in ("documents", "deliveries")
    ]
    assert got == [400, 400]


def test_the_original_comes_back_byte_for_byte() -> None:
    desk = Desk()
    content = b"<Invoice>\r\n\xff</Invoice>"
    document = web_rows.stored_document(
        content, firm=desk.firm, client=desk.client, file_name='fact\r\nX: y";/../é.xml'
    )

    response = desk.browser.get(f"{desk.base}/documents/{document.pk}/file/")

    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''fact__X%3A%20y_%3B_.._%C3%A9.xml"
    )
    digest = base64.b64encode(bytes.fromhex(document.sha256)).decode()
    assert response["Repr-Digest"] == f"sha-256=:{digest}:"


def test_a_file_that_is_gone_is_said_to_be_gone() -> None:
    desk = Desk()
    document = desk.document()

    response = desk.browser.get(f"{desk.base}/documents/{document.pk}/file/", follow=True)

    assert b"The stored file is missing or damaged." in response.content


def test_approving_releases_and_plans() -> None:
    desk = Desk(Role.ACCOUNTANT)
    document = desk.document()

    page = desk.post(f"documents/{document.pk}/approve/")

    assert "It is approved." in page
    row = document_now(document.pk)
    assert (row.released_by, row.release_basis) == (desk.person.email, "approved")
    with system("look"):
        assert list(Delivery.objects.values_list("document_id", "state")) == [
            (document.pk, "queued")
        ]


def test_a_client_sends_what_it_sold_from_its_own_space() -> None:
    desk = Desk()
    document = desk.document(direction="sales")
    browser = Browser()
    browser.force_login(web_rows.client_person(desk.client, web_rows.person("bakker@x.example")))

    response = browser.post(f"/clients/{desk.client.pk}/documents/{document.pk}/send/", follow=True)

    assert b"It is released and goes in its turn." in response.content
    assert document_now(document.pk).released_by == "bakker@x.example"


def test_what_the_client_sold_is_not_approved() -> None:
    desk = Desk()
    document = desk.document(direction="sales")

    page = desk.post(f"documents/{document.pk}/approve/")

    assert "Only what the client bought is approved." in page
    assert document_now(document.pk).released_at is None


def test_rejecting_takes_a_reason() -> None:
    desk = Desk()
    document = desk.document()

    assert "Write why the document is rejected." in desk.post(f"documents/{document.pk}/reject/")
    assert document_now(document.pk).rejected_at is None
    page = desk.post(f"documents/{document.pk}/reject/", reason="Not ours")
    assert "Why: Not ours" in page
    assert document_now(document.pk).rejected_reason == "Not ours"


def test_a_duplicate_is_sent_on_somebodys_word() -> None:
    desk = Desk()
    first = desk.document(released_at=now())
    second = desk.document(duplicate_of=first)
    assert f"{desk.base}/documents/{first.pk}/" in desk.read(f"documents/{second.pk}/")

    page = desk.post(f"documents/{second.pk}/send-anyway/")

    assert "It is released and goes in its turn." in page
    assert document_now(second.pk).release_basis == "sent_anyway"


def test_a_client_taken_from_an_accountant_is_gone_from_the_next_page_on() -> None:
    desk = Desk(Role.ACCOUNTANT)
    document = desk.document(number="NR-9")
    assert "NR-9" in desk.read("documents/")

    with system("unassign"):
        ClientAssignment.objects.filter(client=desk.client).delete()

    assert "NR-9" not in desk.read("documents/")
    assert desk.browser.get(f"{desk.base}/documents/{document.pk}/").status_code == 404
