from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.archive.assign import assign, find_again, move
from posthorn.archive.directions import Direction
from posthorn.archive.errors import (
    AlreadyReleasedError,
    DocumentNotFoundError,
    UnknownClientError,
)
from posthorn.archive.intake import take
from posthorn.archive.lifecycle import approve
from posthorn.archive.models import Document
from posthorn.archive.reading import read_document
from posthorn.kernel.ids import new_id
from posthorn.tenancy.clients import add_number
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.numbers import NumberScheme
from posthorn.tenancy.scope import acting
from tests.db.arriving import bakery, incoming, read_in
from tests.db.factories import ClientFactory, DocumentFactory
from tests.invoices import STRANGER, invoice

if TYPE_CHECKING:
    from posthorn.archive.reader import Pool
    from tests.planners import RecordingPlanner

pytestmark = pytest.mark.django_db
ACTOR = "an@kantoor.example"


def again(document: Document) -> Document:
    with acting(document.firm_id):
        return Document.objects.get(pk=document.pk)


def test_an_unassigned_document_is_given_its_client_by_hand(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm, client = bakery(approval="all_valid")
    document = read_in(firm, incoming(invoice(buyer=STRANGER)), readers)

    with acting(firm):
        assign(firm, document.pk, client, Direction.PURCHASE, actor=ACTOR)
        last = AuditEntry.objects.filter(action="document.assigned").get()

    row = again(document)
    assert (row.client_id, row.assigned_basis, row.problem) == (client, "by_hand", "")
    assert (row.direction, row.direction_basis) == ("purchase", "by_hand")
    assert (last.actor, last.detail) == (ACTOR, {"client": str(client)})
    assert planner.planned == [[document.pk]]


def test_a_client_given_by_hand_before_reading_is_kept(readers: Pool) -> None:
    firm, client = bakery(vat="BE0404616494")
    document = take(firm, incoming(invoice(), direction="")).document_id

    with acting(firm):
        assign(firm, document, client, Direction.PURCHASE, actor=ACTOR)
    read_document(firm, document, readers=readers)

    with acting(firm):
        row = Document.objects.get()
    assert (row.client_id, row.assigned_basis, row.problem) == (client, "by_hand", "wrong_client")


def test_a_released_document_is_moved_and_not_assigned(planner: RecordingPlanner) -> None:
    document = DocumentFactory.create()
    other = ClientFactory.create(firm=document.firm)
    firm = document.firm_id

    with acting(firm):
        approve(firm, [document.pk], actor=ACTOR)
        with pytest.raises(AlreadyReleasedError):
            assign(firm, document.pk, other.pk, Direction.PURCHASE, actor=ACTOR)

    assert again(document).client_id == document.client_id
    assert planner.withdrawn == []


def test_a_document_moved_after_its_release_is_withdrawn_and_planned_anew(
    planner: RecordingPlanner,
) -> None:
    document = DocumentFactory.create()
    right = ClientFactory.create(firm=document.firm)
    firm = document.firm_id

    with acting(firm):
        approve(firm, [document.pk], actor=ACTOR)
        first = Document.objects.get(pk=document.pk).released_at
        move(firm, document.pk, right.pk, actor=ACTOR)
        move(firm, document.pk, right.pk, actor=ACTOR)
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))

    row = again(document)
    assert (row.client_id, row.direction, row.assigned_basis) == (right.pk, "purchase", "moved")
    assert row.release_basis == "moved"
    assert row.released_at is not None
    assert first is not None
    assert row.released_at > first
    assert planner.withdrawn == [[document.pk]]
    assert planner.planned == [[document.pk], [document.pk]]
    assert actions == ["document.released", "document.moved", "document.released"]


def test_a_document_moved_before_its_release_follows_the_other_clients_rules(
    planner: RecordingPlanner,
) -> None:
    document = DocumentFactory.create()
    right = ClientFactory.create(firm=document.firm, approval="all_valid")

    with acting(document.firm_id):
        move(document.firm_id, document.pk, right.pk, actor=ACTOR)

    assert again(document).release_basis == "all_valid"
    assert (planner.withdrawn, planner.planned) == ([], [[document.pk]])


def test_a_document_the_right_client_has_already_is_withdrawn_and_stays_a_duplicate(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm, right = bakery()
    original = read_in(firm, incoming(invoice()), readers)
    wrong = ClientFactory.create(firm=_firm(original))
    document = read_in(firm, incoming(invoice(), client=wrong.pk, direction="purchase"), readers)

    with acting(firm):
        approve(firm, [document.pk], actor=ACTOR)
        move(firm, document.pk, right, actor=ACTOR)

    row = again(document)
    assert (row.duplicate_of_id, row.released_at) == (original.pk, None)
    assert planner.withdrawn == [[document.pk]]
    assert planner.planned == [[document.pk]]


def _firm(document: Document) -> object:
    with acting(document.firm_id):
        return document.firm


def test_a_wrong_direction_is_put_right(planner: RecordingPlanner) -> None:
    document = DocumentFactory.create()
    assert document.client_id is not None

    with acting(document.firm_id):
        move(
            document.firm_id,
            document.pk,
            document.client_id,
            actor=ACTOR,
            direction=Direction.SALES,
        )

    assert again(document).direction == "sales"
    assert planner.withdrawn == []


def test_nothing_is_moved_to_another_firms_client(planner: RecordingPlanner) -> None:
    document, foreign = DocumentFactory.create(), ClientFactory.create()
    firm = document.firm_id

    with acting(firm):
        approve(firm, [document.pk], actor=ACTOR)
        with pytest.raises(UnknownClientError):
            move(firm, document.pk, foreign.pk, actor=ACTOR)
        with pytest.raises(DocumentNotFoundError):
            move(firm, new_id(), foreign.pk, actor=ACTOR)

    row = again(document)
    assert row.client_id == document.client_id
    assert row.released_at is not None
    assert planner.planned == [[document.pk]]


def test_a_new_number_finds_the_documents_that_waited_for_it(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm, client = bakery(vat="BE0404616494", approval="all_valid")
    waiting = read_in(firm, incoming(invoice()), readers)
    other = read_in(firm, incoming(invoice(buyer="BE0428759497")), readers)
    assert (waiting.problem, other.problem) == ("unknown_client", "unknown_client")

    with acting(firm):
        assert find_again(firm) == ()
        add_number(firm, client, NumberScheme.ENTERPRISE, "0417497106", actor=ACTOR)
        assert find_again(firm) == ()

    assert (again(waiting).client_id, again(waiting).problem) == (client, "")
    assert again(other).client_id is None
    assert planner.planned == [[waiting.pk]]
