"""That one client's statement never goes with another's, however they came."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from posthorn.archive.assign import assign, find_again, move
from posthorn.archive.directions import Direction
from posthorn.archive.errors import CutError
from posthorn.archive.lifecycle import reject
from posthorn.archive.models import Document
from posthorn.documents import examine
from posthorn.kernel.clock import now
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from tests.db.arriving import incoming, read_in, scripted
from tests.db.bank_files import (
    BREAD,
    CAMT,
    CHEESE,
    CODA,
    MT940,
    bytes_of,
    owner_of,
    parts_of,
    read_parts,
)
from tests.db.factories import FirmFactory

if TYPE_CHECKING:
    from posthorn.archive.reader import Pool
    from tests.planners import RecordingPlanner

ACTOR = "an@kantoor.example"


@pytest.mark.django_db
@pytest.mark.parametrize("data", [CODA, CAMT, MT940], ids=["coda", "camt", "mt940"])
def test_each_client_gets_its_own_part_and_nobody_the_file(
    readers: Pool, planner: RecordingPlanner, data: bytes
) -> None:
    firm = FirmFactory.create()
    cheese, bread = owner_of(firm, CHEESE), owner_of(firm, BREAD)

    whole = read_in(firm.pk, incoming(data), readers)
    assert planner.planned == []
    first, second = read_parts(whole, readers)

    assert (whole.reading, whole.parts, whole.client_id, whole.released_at) == (
        "read",
        2,
        None,
        None,
    )
    assert bytes_of(whole) == data
    assert [(part.client_id, part.account, part.problem) for part in (first, second)] == [
        (cheese, CHEESE, ""),
        (bread, BREAD, ""),
    ]
    assert planner.planned == [[first.pk], [second.pk]]
    assert CHEESE.encode() not in bytes_of(second)
    assert b"ABNA" not in bytes_of(first)
    if data is not CAMT:
        assert bytes_of(first) + bytes_of(second) == data


@pytest.mark.django_db
def test_a_part_says_where_it_comes_from(readers: Pool, planner: RecordingPlanner) -> None:
    del planner
    firm = FirmFactory.create()
    owner_of(firm, CHEESE)

    whole = read_in(firm.pk, replace(incoming(CODA), file_name="bank.v1.cod"), readers)

    first, second = parts_of(whole)
    assert [(part.source, part.source_id, part.file_name) for part in (first, second)] == [
        ("cut", f"{whole.pk}/1", "bank.v1-1.cod"),
        ("cut", f"{whole.pk}/2", "bank.v1-2.cod"),
    ]
    assert (whole.number, whole.problem, whole.problem_detail) == ("", "", "")
    with acting(firm.pk):
        entries = AuditEntry.objects.order_by("pk").values_list("action", "subject_id")
        assert list(entries) == [
            ("document.arrived", whole.pk),
            ("document.cut", whole.pk),
            ("document.arrived", first.pk),
            ("document.arrived", second.pk),
            ("document.read", whole.pk),
        ]
        cut = AuditEntry.objects.get(action="document.cut")
    assert (cut.actor, cut.detail) == ("reader", {"parts": "2"})


@pytest.mark.django_db
@pytest.mark.parametrize("data", [CODA, CAMT, MT940], ids=["coda", "camt", "mt940"])
def test_nothing_is_cut_when_all_accounts_are_one_clients(
    readers: Pool, planner: RecordingPlanner, data: bytes
) -> None:
    firm = FirmFactory.create()
    client = owner_of(firm, CHEESE, BREAD)

    whole = read_in(firm.pk, incoming(data), readers)

    assert (whole.parts, whole.client_id, whole.release_basis) == (0, client, "on_arrival")
    assert (planner.planned, parts_of(whole)) == ([[whole.pk]], [])


@pytest.mark.django_db
@pytest.mark.parametrize("is_given", [False, True])
def test_an_account_that_nobody_has_waits_by_itself(
    readers: Pool, planner: RecordingPlanner, *, is_given: bool
) -> None:
    firm = FirmFactory.create()
    cheese = owner_of(firm, CHEESE)

    arrived = incoming(CODA, client=cheese if is_given else None)
    whole = read_in(firm.pk, arrived, readers)
    first, second = read_parts(whole, readers)

    assert (whole.parts, whole.client_id, whole.assigned_at) == (2, None, None)
    assert (first.client_id, first.release_basis) == (cheese, "on_arrival")
    assert (second.client_id, second.problem) == (None, "unknown_client")
    assert planner.planned == [[first.pk]]
    bread = owner_of(firm, BREAD)
    with acting(firm.pk):
        assert find_again(firm.pk) == (second.pk,)
    assert planner.planned == [[first.pk], [second.pk]]
    assert parts_of(whole)[1].client_id == bread


@pytest.mark.django_db
def test_a_part_can_be_given_by_hand_and_the_file_cannot(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm = FirmFactory.create()
    cheese = owner_of(firm, CHEESE)
    whole = read_in(firm.pk, incoming(CODA), readers)
    _, second = read_parts(whole, readers)

    with acting(firm.pk):
        for deed in (
            partial(assign, firm.pk, whole.pk, cheese, Direction.NONE, actor=ACTOR),
            partial(move, firm.pk, whole.pk, cheese, actor=ACTOR),
            partial(reject, firm.pk, whole.pk, "no", actor=ACTOR),
        ):
            with pytest.raises(CutError, match="decide on its parts"):
                deed()
        assign(firm.pk, second.pk, cheese, Direction.NONE, actor=ACTOR)

    assert planner.planned[1:] == [[second.pk]]
    with acting(firm.pk):
        untouched = Document.objects.get(pk=whole.pk)
    assert (untouched.client_id, untouched.rejected_at) == (None, None)


@pytest.mark.django_db
def test_the_database_itself_keeps_a_cut_file_back(readers: Pool) -> None:
    firm = FirmFactory.create()
    cheese = owner_of(firm, CHEESE)
    whole = read_in(firm.pk, incoming(CODA), readers)

    for values in ({"client_id": cheese}, {"client_id": cheese, "released_at": now()}):
        with (
            acting(firm.pk),
            pytest.raises(IntegrityError, match="document_cut_stays"),
            transaction.atomic(),
        ):
            Document.objects.filter(pk=whole.pk).update(**values)


@pytest.mark.django_db
def test_a_part_belongs_to_a_file_of_the_same_firm(readers: Pool) -> None:
    here, there = FirmFactory.create(), FirmFactory.create()
    owner_of(here, CHEESE)
    whole = read_in(here.pk, incoming(CODA), readers)
    part = read_in(there.pk, incoming(b"x"), scripted(examine(b"x").facts))

    with (
        acting(there.pk),
        pytest.raises(IntegrityError, match="archive_document_parent_same_firm"),
        transaction.atomic(),
    ):
        Document.objects.filter(pk=part.pk).update(parent_id=whole.pk)
