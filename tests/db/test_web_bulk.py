"""Deciding on several documents at once, and giving unassigned ones to their clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import ClientNumber
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, DocumentFactory
from tests.db.web_desk import Desk, document_now

if TYPE_CHECKING:
    from posthorn.archive.models import Document

pytestmark = pytest.mark.django_db


def decided(desk: Desk, deed: str, *documents: Document, **typed: str) -> str:
    ids = [str(row.pk) for row in documents]
    response = desk.browser.post(
        f"{desk.base}/documents/chosen/{deed}/", {"chosen": ids, **typed}, follow=True
    )
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def unassigned(desk: Desk, **values: object) -> Document:
    row: Document = DocumentFactory.create(
        firm=desk.firm, client=None, direction="", assigned_at=None, **values
    )
    return row


def test_several_are_approved_and_each_refusal_is_told() -> None:
    desk = Desk(Role.ACCOUNTANT)
    bought = [desk.document(), desk.document(number="2")]
    sold = desk.document(direction="sales", number="3")

    page = decided(desk, "approve", *bought, sold)

    assert "2 were approved." in page
    assert "1 was refused: Only what the client bought is approved." in page
    assert [document_now(row.pk).release_basis for row in (*bought, sold)] == [
        "approved",
        "approved",
        "",
    ]


def test_several_are_sent() -> None:
    desk = Desk()
    sold = desk.document(direction="sales")
    assert "1 document was released and goes in its turn." in decided(desk, "send", sold)
    assert document_now(sold.pk).release_basis == "sent"


def test_documents_of_others_are_refused_like_those_that_are_not_there() -> None:
    desk = Desk(Role.ACCOUNTANT)
    other = DocumentFactory.create(firm=desk.firm, client=ClientFactory.create(firm=desk.firm))

    page = decided(desk, "approve", other)

    assert "1 was refused: There is no such document." in page
    assert document_now(other.pk).released_at is None


def test_rejecting_asks_why_and_can_be_undone() -> None:
    desk = Desk()
    rows = [desk.document(), desk.document(number="2")]

    page = decided(desk, "reject", *rows)
    assert "Reject 2 documents" in page
    assert document_now(rows[0].pk).rejected_at is None

    page = decided(desk, "reject", *rows, reason="Twice")
    assert "2 were rejected." in page
    undo = f"{desk.base}/documents/chosen/take-back/?chosen={rows[0].pk}&amp;chosen={rows[1].pk}"
    assert undo in page
    assert [document_now(row.pk).rejected_reason for row in rows] == ["Twice"] * 2

    response = desk.browser.post(undo.replace("&amp;", "&"), follow=True)
    assert b"2 rejections were taken back." in response.content
    assert [document_now(row.pk).rejected_at for row in rows] == [None] * 2


def test_nothing_chosen_is_said_so() -> None:
    desk = Desk()
    deeds = ("approve", "send", "reject", "assign")
    told = ["Choose documents first." in decided(desk, deed) for deed in deeds]
    assert told == [True] * 4


def test_the_way_back_leads_to_this_site_alone() -> None:
    desk = Desk()
    row = desk.document()
    for asked, expected in (
        ("https://evil.example/x", f"{desk.base}/documents/"),
        (f"{desk.base}/documents/?where=to_decide", f"{desk.base}/documents/?where=to_decide"),
    ):
        response = desk.browser.post(
            f"{desk.base}/documents/chosen/approve/", {"chosen": [str(row.pk)], "next": asked}
        )
        assert response["Location"] == expected


def test_unassigned_documents_get_the_client_that_is_chosen() -> None:
    desk = Desk()
    rows = [unassigned(desk, number=name) for name in ("U-1", "U-2")]

    page = decided(desk, "assign", *rows)
    assert "Assign 2 documents to a client" in page
    assert document_now(rows[0].pk).client_id is None

    page = decided(desk, "assign", *rows, client=str(desk.client.pk), direction="purchase")
    assert "2 documents were given to Bakkerij Janssens." in page
    assert {document_now(row.pk).client_id for row in rows} == {desk.client.pk}


def test_a_client_of_another_firm_gets_nothing() -> None:
    desk = Desk()
    row = unassigned(desk)
    for client in (str(ClientFactory.create().pk), str(new_id()), "nonsense"):
        page = decided(desk, "assign", row, client=client, direction="purchase")
        assert "Assign 1 document to a client" in page
    assert document_now(row.pk).client_id is None


def test_unassigned_documents_suggest_the_client_with_a_near_number() -> None:
    desk = Desk()
    with acting(desk.firm.pk):
        ClientNumber.objects.create(
            firm=desk.firm, client=desk.client, scheme="vat", value="BE0417497106"
        )
    unassigned(desk, number="U-9", identities={"buyer": [["vat", "BE0417497107"]]})
    desk.document(number="KNOWN-1")

    page = desk.read("documents/unassigned/")

    assert "U-9" in page
    assert "KNOWN-1" not in page
    assert "It says BE0417497107; the client has BE0417497106." in page
    assert desk.read("documents/unassigned/", q="nothing").count("U-9") == 0


def test_unassigned_documents_are_for_administrators() -> None:
    desk = Desk(Role.ACCOUNTANT)
    assert desk.browser.get(f"{desk.base}/documents/unassigned/").status_code == 404


def test_lists_ask_few_questions_however_long_they_are() -> None:
    desk = Desk()
    for number in range(20):
        document = desk.document(number=f"D-{number}", released_at=now())
        desk.delivery(document=document, state="refused")
        unassigned(desk, number=f"U-{number}", identities={"buyer": [["vat", "BE0417497107"]]})

    asked = {}
    for path in ("documents/", "documents/unassigned/", "deliveries/"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.read(path)
        asked[path] = len(queries)

    assert {path: number for path, number in asked.items() if number > 30} == {}
