"""What waits when a file of several clients cannot be cut, or its worker dies over it."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from posthorn.archive.accounts import mixed
from posthorn.archive.assign import assign, find_again, move
from posthorn.archive.directions import Direction
from posthorn.archive.errors import SeveralClientsError
from posthorn.archive.intake import take
from posthorn.archive.lifecycle import release_automatically, send_anyway
from posthorn.archive.models import Blob, Document
from posthorn.archive.reading import read_document
from posthorn.archive.rules import Refused
from posthorn.archive.wakes import wake_overdue
from posthorn.documents.statements.model import Span
from posthorn.kernel import crash
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client, ClientNumber
from posthorn.tenancy.scope import acting, system
from tests.children import in_child
from tests.db.arriving import incoming, read_in, scripted
from tests.db.bank_files import (
    BREAD,
    CHEESE,
    CODA,
    bytes_of,
    owner_of,
    parts_of,
    read_parts,
    told,
)
from tests.db.factories import ClientNumberFactory, FirmFactory

if TYPE_CHECKING:
    from posthorn.archive.reader import Pool
    from tests.database import Database
    from tests.planners import RecordingPlanner

ACTOR = "an@kantoor.example"


def uncuttable() -> bytes:
    """Give a CODA file that opens for one account and closes for another."""
    return CODA.replace(b"8071" + CHEESE.encode(), b"8071BE71096123456769", 1)


@pytest.mark.django_db
def test_what_cannot_be_cut_waits_and_says_why(readers: Pool, planner: RecordingPlanner) -> None:
    firm = FirmFactory.create()
    cheese = owner_of(firm, CHEESE)
    owner_of(firm, BREAD)

    whole = read_in(firm.pk, incoming(uncuttable(), client=cheese), readers)

    assert (whole.parts, whole.problem, parts_of(whole)) == (0, "statement.cut", [])
    assert whole.problem_detail.startswith("The statements of several accounts cannot be parted")
    with acting(firm.pk):
        with pytest.raises(SeveralClientsError, match="give the client all their numbers"):
            move(firm.pk, whole.pk, owner_of(firm), actor=ACTOR)
        assert release_automatically(firm.pk, [whole.pk]) == ()
        on_word = send_anyway(firm.pk, whole.pk, actor=ACTOR)
    assert on_word.refused == {whole.pk: Refused.SEVERAL_CLIENTS}
    assert planner.planned == []


@pytest.mark.django_db
def test_what_cannot_be_cut_goes_once_all_of_it_is_one_clients(planner: RecordingPlanner) -> None:
    firm = FirmFactory.create()
    cheese = owner_of(firm, CHEESE)
    facts = replace(told(CODA), parts=(), uncut="Ask the bank.")
    whole = read_in(firm.pk, incoming(CODA), scripted(facts))
    assert (whole.client_id, whole.problem_detail) == (None, "Ask the bank.")
    with acting(firm.pk), pytest.raises(SeveralClientsError):
        assign(firm.pk, whole.pk, cheese, Direction.NONE, actor=ACTOR)

    with acting(firm.pk):
        assert find_again(firm.pk) == ()
        ClientNumberFactory.create(
            firm=firm, client=Client.objects.get(pk=cheese), scheme="iban", value=BREAD
        )
        assert find_again(firm.pk) == (whole.pk,)
        found = Document.objects.get(pk=whole.pk)

    assert (found.client_id, found.problem, found.problem_detail) == (cheese, "", "")
    assert planner.planned == [[whole.pk]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spans",
    [
        ((Span(start=0, end=10),), (Span(start=10, end=99_999),)),
        ((Span(start=10, end=0),), (Span(start=10, end=20),)),
        ((), (Span(start=0, end=20),)),
        ((Span(start=0, end=20),),),
        ((Span(start=0, end=2_000),),) * 1_000 + ((Span(start=0, end=2_000),),) * 5_000,
    ],
    ids=["beyond the end", "backwards", "of nothing", "alone", "far more than the file"],
)
def test_parts_that_do_not_fit_the_file_are_not_believed(
    planner: RecordingPlanner, spans: tuple[tuple[Span, ...], ...]
) -> None:
    firm = FirmFactory.create()
    owner_of(firm, CHEESE)

    whole = read_in(firm.pk, incoming(CODA), scripted(replace(told(CODA), parts=spans)))

    assert (whole.parts, whole.problem, parts_of(whole)) == (0, "statement.cut", [])
    assert planner.planned == []


@pytest.mark.django_db
def test_a_part_that_still_mixes_clients_is_not_cut_again(planner: RecordingPlanner) -> None:
    firm = FirmFactory.create()
    owner_of(firm, CHEESE)
    owner_of(firm, BREAD)
    whole = read_in(firm.pk, incoming(CODA), scripted(told(CODA)))

    first, second = read_parts(whole, scripted(told(CODA)))

    assert [(part.parts, part.client_id, part.problem) for part in (first, second)] == [
        (0, None, "several_clients")
    ] * 2
    assert (parts_of(first), planner.planned) == ([], [])


@pytest.mark.django_db
def test_the_same_file_again_gives_parts_that_are_duplicates(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm = FirmFactory.create()
    owner_of(firm, CHEESE)
    owner_of(firm, BREAD)
    first = read_parts(read_in(firm.pk, incoming(CODA), readers), readers)

    again = read_parts(read_in(firm.pk, incoming(CODA), readers), readers)

    assert [part.duplicate_of_id for part in again] == [part.pk for part in first]
    assert planner.planned == [[part.pk] for part in first]
    with acting(firm.pk):
        assert Blob.objects.count() == 3


@pytest.mark.django_db
def test_reading_the_file_twice_makes_its_parts_once(readers: Pool) -> None:
    firm = FirmFactory.create()
    owner_of(firm, CHEESE)
    whole = read_in(firm.pk, incoming(CODA), readers)

    read_document(firm.pk, whole.pk, readers=readers)

    assert [part.source_id for part in parts_of(whole)] == [f"{whole.pk}/1", f"{whole.pk}/2"]


@pytest.mark.django_db
def test_an_account_that_changed_hands_stops_a_file_that_waits(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm = FirmFactory.create()
    client = owner_of(firm, CHEESE, BREAD, state="draft")
    whole = read_in(firm.pk, incoming(CODA), readers)
    assert (whole.client_id, whole.released_at) == (client, None)

    with acting(firm.pk):
        Client.objects.filter(pk=client).update(state="active")
        row = Document.objects.get(pk=whole.pk)
        assert mixed([row]) == frozenset()
        ClientNumber.objects.filter(value=BREAD).delete()
        assert mixed([row]) == {whole.pk}
        assert release_automatically(firm.pk, [whole.pk]) == ()

    assert planner.planned == []


@pytest.mark.parametrize(
    ("point", "nth"),
    [("after_store_fsync", 1), ("after_store_fsync", 2), ("before_read_commit", 1)],
)
def test_dying_while_it_is_cut_leaves_nothing_half_done(
    committed: Database, planner: RecordingPlanner, point: str, nth: int
) -> None:
    del committed
    firm = FirmFactory.create()
    cheese, bread = owner_of(firm, CHEESE), owner_of(firm, BREAD)
    whole = take(firm.pk, incoming(CODA)).document_id

    def run() -> None:
        crash.arm(point, nth)
        read_document(firm.pk, whole, readers=scripted(told(CODA)))

    assert in_child(run) == -signal.SIGKILL
    with acting(firm.pk):
        row = Document.objects.get()
        assert (row.reading, row.parts) == ("pending", 0)
    read_document(firm.pk, whole, readers=scripted(told(CODA)))

    first, second = parts_of(row)
    for part in (first, second):
        read_document(firm.pk, part.pk, readers=scripted(told(bytes_of(part))))
    assert [part.client_id for part in parts_of(row)] == [cheese, bread]
    assert planner.planned == [[first.pk], [second.pk]]


def test_parts_whose_worker_died_are_read_by_the_next(
    committed: Database, planner: RecordingPlanner
) -> None:
    del committed
    firm = FirmFactory.create()
    owner_of(firm, CHEESE)
    owner_of(firm, BREAD)
    whole = read_in(firm.pk, incoming(CODA), scripted(told(CODA)))
    first, second = parts_of(whole)

    def run() -> None:
        crash.arm("before_release_commit")
        read_document(firm.pk, first.pk, readers=scripted(told(bytes_of(first))))

    assert in_child(run) == -signal.SIGKILL
    assert [part.reading for part in parts_of(whole)] == ["pending", "pending"]
    with system("jobs"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert wake_overdue(now() + timedelta(hours=1)) == 2
    for part in (first, second):
        read_document(firm.pk, part.pk, readers=scripted(told(bytes_of(part))))
    assert planner.planned == [[first.pk], [second.pk]]
