from __future__ import annotations

import zipfile
from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from posthorn.archive import checks, wakes
from posthorn.archive.directions import Direction
from posthorn.archive.errors import (
    ArchiveBombError,
    ArchiveError,
    DoctypeError,
    EmptyFileError,
    FileTooLargeError,
    SourceReusedError,
    UnknownClientError,
)
from posthorn.archive.intake import Incoming, Taken, shown_name, take
from posthorn.archive.models import Blob, Document
from posthorn.archive.storage import storage
from posthorn.kernel.clock import now
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory, FirmFactory
from tests.invoices import invoice
from tests.threads import at_once

if TYPE_CHECKING:
    from uuid import UUID

    from tests.database import Database

ACTOR = "an@kantoor.example"
INCOMING = Incoming(data=invoice(), file_name="F1.xml", source="upload", source_id="1", actor=ACTOR)


def waiting_jobs() -> list[tuple[str, str]]:
    with system("look"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'firm', args->>'document' FROM procrastinate_jobs"
            " WHERE queue_name = 'reading' AND status = 'todo' ORDER BY id"
        )
        return list(cursor.fetchall())


def counts(firm: UUID) -> tuple[int, int, int]:
    with acting(firm):
        return Document.objects.count(), Blob.objects.count(), AuditEntry.objects.count()


@pytest.mark.django_db
def test_what_was_taken_is_kept_and_will_be_read() -> None:
    firm = FirmFactory.create().pk

    taken = take(firm, INCOMING)

    with acting(firm):
        row = Document.objects.get()
        entry = AuditEntry.objects.get()
    assert taken == Taken(document_id=row.pk, is_new=True)
    assert (row.file_name, row.source, row.source_id, row.size, row.reading) == (
        "F1.xml",
        "upload",
        "1",
        len(INCOMING.data),
        "pending",
    )
    assert (row.client_id, row.direction, row.assigned_at, row.released_at) == (
        None,
        "",
        None,
        None,
    )
    assert storage().open(firm, row.sha256) == INCOMING.data
    assert waiting_jobs() == [(str(firm), str(row.pk))]
    assert (entry.action, entry.actor, entry.subject_id) == ("document.arrived", ACTOR, row.pk)


@pytest.mark.django_db
def test_what_the_sender_said_is_kept_with_its_basis() -> None:
    client = ClientFactory.create()
    said = replace(INCOMING, client=client.pk, direction=Direction.SALES)

    take(client.firm_id, said)

    with acting(client.firm_id):
        row = Document.objects.get()
    assert (row.client_id, row.assigned_basis) == (client.pk, "given")
    assert (row.direction, row.direction_basis) == ("sales", "given")
    assert row.assigned_at is not None


@pytest.mark.django_db
def test_the_same_source_id_again_is_the_same_document() -> None:
    firm = FirmFactory.create().pk

    first, again = take(firm, INCOMING), take(firm, INCOMING)

    assert again == Taken(document_id=first.document_id, is_new=False)
    assert counts(firm) == (1, 1, 1)
    assert len(waiting_jobs()) == 1


@pytest.mark.django_db
def test_a_source_id_is_not_used_for_other_bytes() -> None:
    firm = FirmFactory.create().pk
    take(firm, INCOMING)

    with pytest.raises(SourceReusedError, match="upload used the id '1' for other bytes"):
        take(firm, replace(INCOMING, data=invoice(number="F2")))

    assert counts(firm)[0] == 1


@pytest.mark.django_db
def test_without_a_source_id_every_arrival_is_a_document_of_one_file() -> None:
    firm = FirmFactory.create().pk
    anonymous = replace(INCOMING, source_id="")

    assert take(firm, anonymous).is_new
    assert take(firm, anonymous).is_new

    assert counts(firm) == (2, 1, 2)


@pytest.mark.django_db
def test_the_same_source_id_of_two_firms_are_two_documents() -> None:
    first, second = FirmFactory.create().pk, FirmFactory.create().pk
    assert take(first, INCOMING).is_new
    assert take(second, INCOMING).is_new
    assert counts(first) == counts(second) == (1, 1, 1)


def test_twenty_arrivals_at_once_are_one_document(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk

    taken = at_once([partial(take, firm, INCOMING)] * 20)

    assert [each.is_new for each in taken].count(True) == 1
    assert len({each.document_id for each in taken}) == 1
    assert counts(firm) == (1, 1, 1)
    assert len(waiting_jobs()) == 1


def zipped(entries: int, size: int) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(entries):
            archive.writestr(f"{number}.xml", b"0" * size)
    return target.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", EmptyFileError, "empty: send it again"),
        (b"x" * 26_214_401, FileTooLargeError, "26214401 bytes; at most 26214400"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", DoctypeError, "without one"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><!DOCTYPE a><a/>", DoctypeError, "DOCTYPE"),
        (zipped(1, 30_000_000), ArchiveBombError, "unpacks to 30000000 bytes"),
        (zipped(10_001, 0), ArchiveBombError, "send the files themselves"),
    ],
    ids=["empty", "too large", "doctype", "hidden doctype", "bomb", "many entries"],
)
def test_a_hostile_file_is_refused_and_nothing_is_kept(
    data: bytes, error: type[ArchiveError], words: str
) -> None:
    firm = FirmFactory.create().pk

    with pytest.raises(error, match=words):
        take(firm, replace(INCOMING, data=data))

    assert counts(firm) == (0, 0, 0)
    assert waiting_jobs() == []


@pytest.mark.parametrize("data", [b"x", b"PK\x03\x04broken", zipped(3, 1_000), b"%PDF-1.7", b"<a"])
def test_everything_else_is_taken(data: bytes) -> None:
    checks.refuse_hostile(data, max_bytes=10_000)


@pytest.mark.django_db
def test_a_client_of_another_firm_is_refused() -> None:
    firm, foreign = FirmFactory.create().pk, ClientFactory.create()

    with pytest.raises(UnknownClientError):
        take(firm, replace(INCOMING, client=foreign.pk))

    assert counts(firm) == (0, 0, 0)


@pytest.mark.django_db
def test_a_clients_own_person_brings_documents_for_that_client_alone() -> None:
    mine = ClientFactory.create()
    other = ClientFactory.create(firm=mine.firm)

    assert take(mine.firm_id, replace(INCOMING, client=mine.pk), within=mine.pk).is_new
    with pytest.raises(UnknownClientError):
        take(mine.firm_id, replace(INCOMING, client=other.pk), within=mine.pk)

    with acting(mine.firm_id):
        assert list(Document.objects.values_list("client_id", flat=True)) == [mine.pk]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("F1.xml", "F1.xml"),
        ("C:\\Users\\An\\F1.xml", "F1.xml"),
        ("../../etc/passwd", "passwd"),
        ("factuur\u202elmx.exe", "factuurlmx.exe"),
        ("a\nb\x00.xml", "ab.xml"),
        ("..", "document"),
        ("", "document"),
        ("x" * 300 + ".xml", "x" * 251 + ".xml"),
        ("café.xml", "café.xml"),
    ],
)
def test_a_file_name_is_shown_without_what_hides_it(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.django_db
def test_a_document_whose_job_was_lost_is_woken_once() -> None:
    firm = FirmFactory.create().pk
    document = take(firm, INCOMING).document_id
    assert wakes.wake_overdue(now()) == 0

    with system("lose it"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")

    assert wakes.wake_overdue() == 0
    assert wakes.wake_overdue(now()) == 1
    assert wakes.wake_overdue(now()) == 0
    assert waiting_jobs() == [(str(firm), str(document))]
