from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.archive.errors import (
    AlreadyReleasedError,
    DocumentNotFoundError,
    EmptyReasonError,
    NotADuplicateError,
)
from posthorn.archive.lifecycle import (
    Released,
    approve,
    reject,
    release,
    send,
    send_anyway,
)
from posthorn.archive.models import Blob, Document
from posthorn.archive.rules import Refused, ReleaseBasis
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, DocumentFactory, FirmFactory
from tests.planners import planning_with

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tests.planners import RecordingPlanner

pytestmark = pytest.mark.django_db
ACTOR = "an@kantoor.example"


def state(document: Document) -> tuple[object, str, str]:
    with acting(document.firm_id):
        row = Document.objects.get(pk=document.pk)
    return row.released_at, row.released_by, row.release_basis


def test_an_approved_purchase_is_released_and_planned_once(planner: RecordingPlanner) -> None:
    document = DocumentFactory.create()
    firm = document.firm_id

    with acting(firm):
        first = approve(firm, [document.pk], actor=ACTOR)
        again = approve(firm, [document.pk], actor="somebody else")
        entries = list(AuditEntry.objects.values_list("action", "actor", "detail"))

    assert first == Released(released=(document.pk,))
    assert again == Released(already=(document.pk,))
    assert planner.planned == [[document.pk]]
    assert state(document)[1:] == (ACTOR, "approved")
    told = {"basis": "approved", "client": str(document.client_id)}
    assert entries == [("document.released", ACTOR, told)]


def test_a_sale_is_sent_and_not_approved_and_a_purchase_the_other_way(
    planner: RecordingPlanner,
) -> None:
    bought = DocumentFactory.create()
    sold = DocumentFactory.create(firm=bought.firm, client=bought.client, direction="sales")
    firm, both = bought.firm_id, [bought.pk, sold.pk]

    with acting(firm):
        approved = approve(firm, both, actor=ACTOR)
        sent = send(firm, both, actor=ACTOR)

    assert approved == Released(released=(bought.pk,), refused={sold.pk: Refused.NOT_A_PURCHASE})
    assert sent == Released(released=(sold.pk,), already=(bought.pk,))
    assert planner.planned == [[bought.pk], [sold.pk]]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"reading": "pending"}, Refused.UNREAD),
        ({"reading": "unreadable"}, Refused.UNREADABLE),
        ({"reading": "quarantined"}, Refused.QUARANTINED),
        ({"client": None}, Refused.UNASSIGNED),
        ({"rejected_at": now()}, Refused.REJECTED),
        ({"direction": ""}, Refused.NO_DIRECTION),
    ],
)
def test_what_cannot_be_released_says_why_and_stays(
    planner: RecordingPlanner, values: dict[str, object], reason: Refused
) -> None:
    document = DocumentFactory.create(**values)
    firm = document.firm_id

    with acting(firm):
        outcome = approve(firm, [document.pk], actor=ACTOR)
        assert AuditEntry.objects.count() == 0

    assert outcome == Released(refused={document.pk: reason})
    assert state(document) == (None, "", "")
    assert planner.planned == []


@pytest.mark.parametrize("life", ["draft", "invited", "archived", "lost"])
def test_nothing_is_released_for_a_client_that_is_not_active(
    planner: RecordingPlanner, life: str
) -> None:
    client = ClientFactory.create(state=life)
    document = DocumentFactory.create(firm=client.firm, client=client)

    with acting(client.firm_id):
        outcome = approve(client.firm_id, [document.pk], actor=ACTOR)

    assert outcome.refused == {document.pk: Refused.CLIENT_NOT_ACTIVE}
    assert planner.planned == []


def test_a_foreign_or_missing_document_is_not_found(planner: RecordingPlanner) -> None:
    firm, foreign, missing = FirmFactory.create().pk, DocumentFactory.create(), new_id()

    with acting(firm):
        outcome = approve(firm, [foreign.pk, missing], actor=ACTOR)

    assert outcome.refused == {foreign.pk: Refused.NOT_FOUND, missing: Refused.NOT_FOUND}
    assert (state(foreign), planner.planned) == ((None, "", ""), [])


def test_a_duplicate_goes_on_somebodys_word_alone(planner: RecordingPlanner) -> None:
    first = DocumentFactory.create()
    firm = first.firm_id
    again = DocumentFactory.create(firm=first.firm, client=first.client, duplicate_of=first)

    with acting(firm):
        assert approve(firm, [again.pk], actor=ACTOR).refused == {again.pk: Refused.DUPLICATE}
        assert send_anyway(firm, again.pk, actor=ACTOR) == Released(released=(again.pk,))
        with pytest.raises(NotADuplicateError):
            send_anyway(firm, first.pk, actor=ACTOR)

    assert planner.planned == [[again.pk]]
    assert state(again)[2] == "sent_anyway"


def test_documents_are_planned_in_order_of_arrival(planner: RecordingPlanner) -> None:
    first = DocumentFactory.create()
    firm = first.firm_id
    others = [DocumentFactory.create(firm=first.firm, client=first.client) for _ in range(4)]
    in_order = [first.pk, *(other.pk for other in others)]

    with acting(firm):
        outcome = approve(firm, in_order[::-1], actor=ACTOR)

    assert outcome.released == tuple(in_order)
    assert planner.planned == [in_order]


class FailingPlanner:
    """Fails as a planner with a bug would."""

    def plan(self, documents: Sequence[Document], *, actor: str) -> None:
        raise ZeroDivisionError(actor, len(documents))

    withdraw = plan


def test_a_release_whose_plan_fails_did_not_happen() -> None:
    document = DocumentFactory.create()
    firm = document.firm_id

    with planning_with(FailingPlanner()), acting(firm):
        with pytest.raises(ZeroDivisionError):
            approve(firm, [document.pk], actor=ACTOR)
        assert AuditEntry.objects.count() == 0

    assert state(document) == (None, "", "")


def test_a_rejected_document_keeps_its_first_reason_and_never_goes(
    planner: RecordingPlanner,
) -> None:
    document = DocumentFactory.create()
    firm = document.firm_id

    with acting(firm):
        reject(firm, document.pk, " not \n ours ", actor=ACTOR)
        reject(firm, document.pk, "again", actor=ACTOR)
        assert approve(firm, [document.pk], actor=ACTOR).refused == {document.pk: Refused.REJECTED}
        row = Document.objects.get()
        assert list(AuditEntry.objects.values_list("action", flat=True)) == ["document.rejected"]

    assert row.rejected_reason == "not ours"
    assert planner.planned == []


def test_what_cannot_be_rejected_is_refused(planner: RecordingPlanner) -> None:
    document = DocumentFactory.create()
    firm = document.firm_id

    with acting(firm):
        with pytest.raises(EmptyReasonError):
            reject(firm, document.pk, "  ", actor=ACTOR)
        with pytest.raises(DocumentNotFoundError):
            reject(firm, new_id(), "not ours", actor=ACTOR)
        approve(firm, [document.pk], actor=ACTOR)
        with pytest.raises(AlreadyReleasedError):
            reject(firm, document.pk, "not ours", actor=ACTOR)
        assert Document.objects.get().rejected_at is None
    assert planner.planned == [[document.pk]]


def many(count: int) -> tuple[UUID, list[UUID]]:
    client = ClientFactory.create()
    blob = Blob(firm=client.firm, sha256="0" * 64, size=1)
    rows = [
        Document(
            firm=client.firm,
            client=client,
            direction="purchase",
            source="upload",
            file_name=f"{number}.xml",
            sha256=blob.sha256,
            size=1,
            reading="read",
            number=str(number),
            duplicate_of=None,
        )
        for number in range(count)
    ]
    for row in rows[1:]:
        row.duplicate_of = rows[0]  # one file for all of them, which is no matter here
    with acting(client.firm_id):
        blob.save(force_insert=True)
        Document.objects.bulk_create(rows)
    return client.firm_id, [row.pk for row in rows]


def test_a_thousand_documents_are_released_in_a_handful_of_queries(
    planner: RecordingPlanner,
) -> None:
    firm, ids = many(1_000)

    with acting(firm), CaptureQueriesContext(connection) as queries:
        begun = time.process_time()  # a busy machine is no reason to fail
        outcome = release(firm, ids, basis=ReleaseBasis.SENT_ANYWAY, actor=ACTOR)
        spent = time.process_time() - begun

    assert (len(outcome.released), len(planner.planned)) == (1_000, 1)
    assert len(queries) == 5  # savepoint, lock, update, trail, end of savepoint
    assert spent < 1.5
