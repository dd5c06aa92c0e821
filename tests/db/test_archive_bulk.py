"""Deciding on several documents, and finding whose a mistyped number is."""

from __future__ import annotations

import pytest

from posthorn.archive.bulk import Decided, assign_many, reject_many, take_back_many
from posthorn.archive.directions import Direction
from posthorn.archive.lifecycle import reject, take_back
from posthorn.archive.models import Document
from posthorn.archive.nearness import Near, around, near_clients
from posthorn.archive.queries import workable
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.models import AuditEntry, ClientNumber
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, DocumentFactory, FirmFactory

pytestmark = pytest.mark.django_db
ACTOR = "an@kantoor.example"


def test_a_rejection_is_taken_back_and_releases_nothing() -> None:
    document = DocumentFactory.create()
    firm = document.firm_id
    with acting(firm):
        reject(firm, document.pk, "Not ours", actor=ACTOR)
        take_back(firm, document.pk, actor=ACTOR)
        take_back(firm, document.pk, actor=ACTOR)
        row = Document.objects.get(pk=document.pk)
        entries = list(AuditEntry.objects.values_list("action", flat=True))

    assert (row.rejected_at, row.rejected_reason, row.released_at) == (None, "", None)
    assert entries == ["document.rejected", "document.rejection_taken_back"]


def test_one_refusal_stops_no_other() -> None:
    firm = FirmFactory.create()
    client = ClientFactory.create(firm=firm)
    first, gone = (
        DocumentFactory.create(firm=firm, client=client, **more)
        for more in ({}, {"released_at": now()})
    )
    unknown = new_id()
    with acting(firm.pk):
        ids = [first.pk, gone.pk, unknown]
        rejected = reject_many(firm.pk, ids, "Twice", actor=ACTOR)
        back = take_back_many(firm.pk, ids[:1], actor=ACTOR)

    assert rejected.done == (first.pk,)
    assert {row: error.code for row, error in rejected.refused.items()} == {
        gone.pk: "already_released",
        unknown: "not_found",
    }
    assert back == Decided(done=(first.pk,))


def test_many_documents_are_given_one_client() -> None:
    firm = FirmFactory.create()
    client = ClientFactory.create(firm=firm)
    rows = [
        DocumentFactory.create(firm=firm, client=None, direction="", assigned_at=None, number=name)
        for name in ("A", "B")
    ]
    ids = [row.pk for row in rows]
    with acting(firm.pk):
        found = assign_many(firm.pk, ids, client.pk, Direction.PURCHASE, actor=ACTOR)
        kept = list(Document.objects.values_list("client_id", "direction"))

    assert found.done == tuple(ids)
    assert kept == [(client.pk, "purchase")] * 2


def test_only_documents_that_a_person_may_decide_on_are_workable() -> None:
    firm = FirmFactory.create()
    mine, other = ClientFactory.create(firm=firm), ClientFactory.create(firm=firm)
    documents = [DocumentFactory.create(firm=firm, client=one) for one in (mine, other)]
    documents.append(DocumentFactory.create(firm=firm, client=None, assigned_at=None))
    ids = [row.pk for row in documents]
    accountant = Viewer(role=Role.ACCOUNTANT, assigned=frozenset({mine.pk}))
    with acting(firm.pk):
        assert workable(firm.pk, accountant, ids) == {ids[0]}
        assert workable(firm.pk, Viewer(role=Role.ADMINISTRATOR), ids) == set(ids)
        assert workable(firm.pk, Viewer(role=Role.CLIENT_MANAGER), ids) == set()


@pytest.mark.parametrize(
    "slip", ["BE0417497107", "BE0417947106", "BE041749710", "BE04174971061", "BE0417497105"]
)
def test_a_number_one_slip_away_is_near(slip: str) -> None:
    assert "BE0417497106" in around(slip)


def test_the_same_number_short_ones_and_two_slips_are_not_near() -> None:
    assert "BE0417497106" not in around("BE0417497106")
    assert "BE0417497106" not in around("BE0417497188")
    assert around("1234567") == frozenset()


def test_the_one_client_with_a_near_number_is_suggested() -> None:
    firm = FirmFactory.create()
    client = ClientFactory.create(firm=firm, name="Bakkerij", dossier_number="77")
    with acting(firm.pk):
        ClientNumber.objects.create(firm=firm, client=client, scheme="vat", value="BE0417497106")
    document, other = (
        DocumentFactory.create(
            firm=firm,
            client=None,
            assigned_at=None,
            identities={"buyer": [["vat", number]]},
        )
        for number in ("BE0417497107", "BE0203201340")
    )
    with acting(firm.pk):
        found = near_clients(firm.pk, [document.pk, other.pk])

    assert found == {
        document.pk: Near(
            client=client.pk,
            client_name="Bakkerij",
            dossier_number="77",
            own="BE0417497106",
            found="BE0417497107",
            is_seller=False,
        )
    }
