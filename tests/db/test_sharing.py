"""*Share documents with accountant* is one switch over everything that leaves a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.archive import lifecycle
from posthorn.archive.models import Document
from posthorn.archive.queries import Filters, document, documents, workable
from posthorn.archive.rules import ReleaseBasis
from posthorn.delivery import actions
from posthorn.delivery.models import Delivery
from posthorn.delivery.queries.deliveries import open_delivery
from posthorn.delivery.queries.documents import DocumentFilter, list_documents, open_document
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.clients import NewClient, create_client, set_sharing
from posthorn.tenancy.models import Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.delivering import ACTOR, Desk, open_desk
from tests.db.factories import (
    ConnectionFactory,
    DeliveryFactory,
    DocumentFactory,
    FirmFactory,
    IntegrationFactory,
)

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db


def _share(desk: Desk, *, shares: bool) -> None:
    client = desk.integrations[0].client_id
    with acting(desk.firm):
        set_sharing(desk.firm, client, shares=shares, actor=ACTOR)


def _release(desk: Desk) -> Document:
    (row,) = desk.documents()
    with acting(desk.firm):
        basis = ReleaseBasis.APPROVED
        lifecycle.release(desk.firm, [row.pk], basis=basis, actor=ACTOR)
        return Document.objects.get(pk=row.pk)


def _firms_people(client: UUID) -> list[Viewer]:
    return [
        Viewer(role=Role.ADMINISTRATOR),
        Viewer(role=Role.ACCOUNTANT, assigned=frozenset({client})),
    ]


def _seen(firm: UUID, viewer: Viewer, row: Document) -> list[bool]:
    """Tell in how many ways a person reads a document."""
    with acting(firm):
        return [
            document(firm, viewer, row.pk) is not None,
            open_document(firm, viewer, row.pk) is not None,
            row in documents(firm, viewer, Filters()).documents,
            row.pk in [one.id for one in list_documents(firm, viewer, DocumentFilter()).rows],
            row.pk in workable(firm, viewer, [row.pk]),
        ]


def test_a_new_client_shares_nothing() -> None:
    firm = FirmFactory.create()
    with acting(firm.pk):
        made = create_client(firm.pk, NewClient(dossier_number="1", name="New"), actor=ACTOR)

    assert (made.shares_documents, made.shared_since) == (False, None)


def test_what_is_released_while_it_is_off_goes_through_no_integration_and_says_so() -> None:
    desk = open_desk()
    first = desk.integrations[0]
    IntegrationFactory.create(
        firm=first.firm, client=first.client, connection=ConnectionFactory.create(firm=first.firm)
    )
    _share(desk, shares=False)

    row = _release(desk)

    assert (desk.deliveries(), row.not_planned) == ([], "not_shared")


def test_on_again_starts_anew_and_what_was_released_meanwhile_stays_where_it_is() -> None:
    desk = open_desk()
    with acting(desk.firm):
        before = Client.objects.get().shared_since
    _share(desk, shares=False)
    kept = _release(desk)
    _share(desk, shares=True)

    went = _release(desk)

    with acting(desk.firm):
        client = Client.objects.get()
        assert before is not None
        assert client.shared_since is not None
        assert kept.released_at is not None
        assert before < kept.released_at < client.shared_since
        assert list(Delivery.objects.values_list("document_id", flat=True)) == [went.pk]
        assert Document.objects.get(pk=kept.pk).not_planned == "not_shared"


def test_what_waited_is_held_while_it_is_off_and_goes_on_by_hand_once_it_is_on() -> None:
    desk = open_desk()
    (waited,) = desk.queue()

    _share(desk, shares=False)
    assert desk.states() == ["not_shared"]
    with acting(desk.firm), pytest.raises(actions.NotPossibleError):
        actions.release(desk.firm, waited.pk, actor=ACTOR)
    _share(desk, shares=True)
    assert desk.states() == ["not_shared"]

    with acting(desk.firm):
        actions.release(desk.firm, waited.pk, actor=ACTOR)
    assert desk.states() == ["queued"]


def test_while_it_is_off_nobody_of_the_firm_reads_and_its_own_people_do() -> None:
    desk = open_desk()
    client = desk.integrations[0].client_id
    (row,) = desk.documents()
    own = Viewer(own=frozenset({client}))
    for viewer in [*_firms_people(client), own]:
        assert _seen(desk.firm, viewer, row) == [True] * 5

    _share(desk, shares=False)

    for viewer in _firms_people(client):
        assert _seen(desk.firm, viewer, row) == [False] * 5
    assert _seen(desk.firm, own, row) == [True] * 5


def test_what_nobody_claims_yet_is_read_as_before() -> None:
    row = DocumentFactory.create(client=None, direction="", assigned_at=None)

    assert _seen(row.firm_id, Viewer(role=Role.ADMINISTRATOR), row) == [True] * 5


def test_the_ledger_stays_without_what_the_documents_say() -> None:
    row = DeliveryFactory.create(detail="what they answered")
    firm, client = row.firm_id, row.client_id
    with acting(firm):
        set_sharing(firm, client, shares=False, actor=ACTOR)
        for viewer in _firms_people(client):
            found = open_delivery(firm, viewer, row.pk)
            assert found is not None
            assert (found.row.is_open, found.row.file_name, found.row.detail) == (False, "", "")
