"""Takes documents in: what `take` gave an id for is kept, whatever happens next."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from posthorn.archive import wakes
from posthorn.archive.checks import refuse_hostile
from posthorn.archive.directions import Direction
from posthorn.archive.errors import SourceReusedError, UnknownClientError
from posthorn.archive.models import Blob, Document
from posthorn.archive.storage import storage
from posthorn.kernel import crash
from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from uuid import UUID

_MAX_NAME = 255
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file as it came: its bytes, its name there, and where it came from.

    `source_id` is the source's own id for it; the same one again is the same document.
    """

    data: bytes
    file_name: str
    source: str
    source_id: str = ""
    client: UUID | None = None
    direction: Direction = Direction.NONE
    actor: str = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a file; `is_new` is False when the source had sent it before."""

    document_id: UUID
    is_new: bool


def take(firm: UUID, incoming: Incoming, *, within: UUID | None = None) -> Taken:
    """Keep a file and have it read; opens its own scope, narrowed to the client `within`.

    Bytes and row are durable when it returns. Raises IntakeError, UnknownClientError, StorageError.
    """
    refuse_hostile(incoming.data, max_bytes=settings.POSTHORN.max_upload)
    sha256 = storage().put_if_absent(firm, incoming.data)
    with acting(firm, client=within):
        _check_client(firm, incoming.client)
        taken = _insert(firm, incoming, sha256)
        transaction.on_commit(_committed)
    return taken


def _committed() -> None:
    crash.reach("after_intake_commit")


def _check_client(firm: UUID, client: UUID | None) -> None:
    if client is not None and not Client.objects.filter(firm_id=firm, pk=client).exists():
        message = "The firm has no such client: choose one of its own."
        raise UnknownClientError(message)


def _insert(firm: UUID, incoming: Incoming, sha256: str) -> Taken:
    blob = Blob(firm_id=firm, sha256=sha256, size=len(incoming.data))
    Blob.objects.bulk_create([blob], ignore_conflicts=True)
    document = _row(firm, incoming, sha256)
    # A second arrival waits here for the first one's commit, then finds its row.
    Document.objects.bulk_create([document], ignore_conflicts=bool(incoming.source_id))
    if incoming.source_id and not Document.objects.filter(pk=document.pk).exists():
        return Taken(document_id=_earlier(firm, incoming, sha256), is_new=False)
    audit.record([_entry(document)])
    wakes.have_read(firm, document.pk)
    return Taken(document_id=document.pk, is_new=True)


def _earlier(firm: UUID, incoming: Incoming, sha256: str) -> UUID:
    rows = Document.objects.filter(
        firm_id=firm, source=incoming.source, source_id=incoming.source_id, sha256=sha256
    )
    document = rows.first()
    if document is None:
        message = f"{incoming.source} used the id {incoming.source_id!r} for other bytes before."
        raise SourceReusedError(message)
    return document.pk


def _row(firm: UUID, incoming: Incoming, sha256: str) -> Document:
    is_given = incoming.client is not None
    return Document(
        firm_id=firm,
        client_id=incoming.client,
        direction=incoming.direction.value,
        direction_basis="given" if incoming.direction else "",
        source=incoming.source,
        source_id=incoming.source_id,
        file_name=shown_name(incoming.file_name),
        sha256=sha256,
        size=len(incoming.data),
        arrived_by=incoming.actor,
        assigned_at=now() if is_given else None,
        assigned_basis="given" if is_given else "",
    )


def shown_name(name: str) -> str:
    """Give a sender's file name without folders and characters that hide what it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char) not in _HIDDEN)
    return kept.strip().strip(".")[-_MAX_NAME:] or "document"


def _entry(document: Document) -> audit.Entry:
    whose = {"client": str(document.client_id)} if document.client_id else {}
    return audit.Entry(
        firm=document.firm_id,
        actor=document.arrived_by,
        action="document.arrived",
        subject_kind="document",
        subject_id=document.pk,
        detail={
            "source": document.source,
            "sha256": document.sha256,
            "size": document.size,
            **whose,
        },
    )
