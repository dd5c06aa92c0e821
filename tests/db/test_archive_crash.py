"""What is left when a process dies at a named point, and that the next one goes on from there."""

from __future__ import annotations

import signal
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings

from posthorn.archive.intake import take
from posthorn.archive.lifecycle import approve
from posthorn.archive.models import Document
from posthorn.archive.reading import read_document
from posthorn.archive.storage import storage
from posthorn.documents import Facts, Format
from posthorn.kernel import crash
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from tests.children import in_child
from tests.db.arriving import incoming, scripted
from tests.db.factories import DocumentFactory, FirmFactory
from tests.invoices import invoice
from tests.threads import at_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.database import Database
    from tests.planners import RecordingPlanner

ACTOR = "an@kantoor.example"


def die_at(point: str, call: Callable[[], object]) -> None:
    def run() -> None:
        crash.arm(point)
        call()

    assert in_child(run) == -signal.SIGKILL


def parts(firm: UUID) -> int:
    return len(list((settings.POSTHORN.data / "files" / str(firm)).rglob("*.part")))


def test_dying_before_the_file_has_its_name_leaves_no_document(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk

    die_at("after_store_fsync", partial(take, firm, incoming(invoice())))

    with acting(firm):
        assert Document.objects.count() == 0
    assert parts(firm) == 1
    assert take(firm, incoming(invoice())).is_new


def test_dying_after_intake_has_the_document_and_its_bytes(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk

    die_at("after_intake_commit", partial(take, firm, incoming(invoice())))

    with acting(firm):
        row = Document.objects.get()
        assert list(AuditEntry.objects.values_list("action", flat=True)) == ["document.arrived"]
    assert storage().open(firm, row.sha256) == invoice()
    assert row.reading == "pending"


def test_dying_before_the_facts_are_committed_reads_again(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk
    document = take(firm, incoming(invoice())).document_id
    reader = scripted(Facts(format=Format.XML, number="7"))

    die_at("before_read_commit", partial(read_document, firm, document, readers=reader))

    with acting(firm):
        row = Document.objects.get()
        assert (row.reading, row.number, row.read_tries) == ("pending", "", 0)
    read_document(firm, document, readers=reader)
    with acting(firm):
        row = Document.objects.get()
        assert (row.reading, row.number) == ("read", "7")


def approve_in_scope(firm: UUID, document: UUID) -> None:
    with acting(firm):
        approve(firm, [document], actor=ACTOR)


def test_dying_before_the_release_is_committed_released_nothing(
    committed: Database, planner: RecordingPlanner
) -> None:
    del committed
    document = DocumentFactory.create()
    firm = document.firm_id

    die_at("before_release_commit", partial(approve_in_scope, firm, document.pk))

    with acting(firm):
        assert Document.objects.get().released_at is None
        assert AuditEntry.objects.count() == 0
    approve_in_scope(firm, document.pk)
    assert planner.planned == [[document.pk]]


def test_dying_after_the_release_is_committed_released_it(
    committed: Database, planner: RecordingPlanner
) -> None:
    del committed, planner
    document = DocumentFactory.create()
    firm = document.firm_id

    die_at("after_release_commit", partial(approve_in_scope, firm, document.pk))

    with acting(firm):
        row = Document.objects.get()
        assert row.released_by == ACTOR
        assert list(AuditEntry.objects.values_list("action", flat=True)) == ["document.released"]


def test_two_who_approve_at_once_release_once(
    committed: Database, planner: RecordingPlanner
) -> None:
    del committed
    first = DocumentFactory.create()
    second = DocumentFactory.create(firm=first.firm, client=first.client)
    firm, ids = first.firm_id, [first.pk, second.pk]

    def approve_all(order: list[UUID]) -> int:
        with acting(firm):
            return len(approve(firm, order, actor=ACTOR).released)

    released = at_once([partial(approve_all, ids), partial(approve_all, ids[::-1])] * 4)

    assert sorted(released) == [0, 0, 0, 0, 0, 0, 0, 2]
    assert planner.planned == [ids]
