"""Gives a document its client and direction, by its numbers or by hand, and moves it when wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from posthorn.archive import accounts, duplicates, lifecycle, ports
from posthorn.archive.directions import Direction
from posthorn.archive.errors import AlreadyReleasedError, UnknownClientError
from posthorn.archive.findings import first_fatal
from posthorn.archive.matching import Basis, Given, Match, match
from posthorn.archive.models import Document
from posthorn.archive.parties import unpacked
from posthorn.archive.rules import ReleaseBasis, is_doubtful
from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.models import Client
from posthorn.tenancy.queries import owners_of

if TYPE_CHECKING:
    from uuid import UUID

_STATEMENT = "statement"
_NUMBER_REUSED = "number_reused"
# Somebody said so: a document's own numbers may speak against it but not change it.
_TOLD = frozenset({Basis.GIVEN, Basis.BY_HAND, Basis.MOVED})
_FIELDS = (
    "client",
    "direction",
    "direction_basis",
    "assigned_at",
    "assigned_basis",
    "problem",
    "problem_detail",
    "duplicate_key",
    "duplicate_of",
)


def find_client(document: Document) -> None:
    """Set client, direction, problem and what it repeats, from a document's own numbers."""
    identities = unpacked(document.identities)
    owners = owners_of(document.firm_id, identities.all())
    given = Given(
        client=document.client_id if document.assigned_basis in _TOLD else None,
        direction=Direction(document.direction if document.direction_basis in _TOLD else ""),
    )
    _set(document, match(identities, owners, given, is_statement=_is_statement(document)))


def _is_statement(document: Document) -> bool:
    return document.category == _STATEMENT


def _set(document: Document, found: Match) -> None:
    document.client_id = found.client
    document.direction = Direction.NONE if _is_statement(document) else found.direction
    if found.direction_basis is not Basis.GIVEN:
        document.direction_basis = found.direction_basis
    if document.assigned_at is None and found.client is not None:
        document.assigned_at = now()
    if found.client_basis is not Basis.GIVEN:
        document.assigned_basis = found.client_basis
    document.problem = found.problem or ""
    duplicates.mark(document)
    if not document.problem and document.duplicate_of_id is None:
        document.problem = _NUMBER_REUSED if duplicates.is_number_reused(document) else ""
    if not document.problem:
        _doubt(document)


def _doubt(document: Document) -> None:
    """Say what the check found wrong with a statement: it waits for a person to look at it."""
    document.problem = document.problem_detail = ""
    first = first_fatal(document) if is_doubtful(document) else None
    if first is not None:
        document.problem, document.problem_detail = first.id[:60], first.message()[:500]


def find_again(firm: UUID, *, limit: int = 1_000) -> tuple[UUID, ...]:
    """Look again for the clients of unassigned documents, after a client got a number."""
    rows = Document.objects.filter(
        firm_id=firm, client__isnull=True, reading="read", rejected_at__isnull=True, parts=0
    )
    waiting = list(rows.order_by("arrived_at", "pk").values_list("pk", flat=True)[:limit])
    found = []
    for row in lifecycle.locked(firm, waiting):
        find_client(row)
        if row.client_id is not None:
            row.save(update_fields=_FIELDS)
            found.append(row.pk)
    lifecycle.release_automatically(firm, found)
    return tuple(found)


def assign(
    firm: UUID, document_id: UUID, client: UUID, direction: Direction, *, actor: str
) -> None:
    """Give a document its client by hand; the rules of that client then decide on its release.

    Raises DocumentNotFoundError, UnknownClientError, AlreadyReleasedError, CutError,
    SeveralClientsError.
    """
    with transaction.atomic():
        row = lifecycle.one(firm, document_id)
        if row.released_at is not None:
            message = _("This document was released already: move it to the other client instead.")
            raise AlreadyReleasedError(message)
        accounts.refuse_another(row, client)
        _place(row, client, direction, Basis.BY_HAND)
        _note(row, "document.assigned", actor)
        lifecycle.release_automatically(firm, [document_id])


def move(
    firm: UUID,
    document_id: UUID,
    client: UUID,
    *,
    actor: str,
    direction: Direction | None = None,
) -> None:
    """Move a document that lies with the wrong client.

    What has not been sent is cancelled, what has is marked *take out of the package*; a released
    document is released again for the client it belongs to. Moving it where it is changes nothing.
    Raises DocumentNotFoundError, UnknownClientError, CutError, SeveralClientsError.
    """
    with transaction.atomic():
        row = lifecycle.one(firm, document_id)
        target = Direction(row.direction) if direction is None else direction
        if (row.client_id, row.direction) == (client, target.value):
            return
        accounts.refuse_another(row, client)
        was_released = row.released_at is not None
        if was_released:
            ports.planner().withdraw([row], actor=actor)
            row.released_at, row.released_by, row.release_basis = None, "", ""
            row.save(update_fields=["released_at", "released_by", "release_basis"])
        _place(row, client, target, Basis.MOVED)
        _note(row, "document.moved", actor)
        if was_released:
            lifecycle.release(firm, [document_id], basis=ReleaseBasis.MOVED, actor=actor)
        else:
            lifecycle.release_automatically(firm, [document_id])


def _place(row: Document, client: UUID, direction: Direction, basis: Basis) -> None:
    if not Client.objects.filter(firm_id=row.firm_id, pk=client).exists():
        message = _("The firm has no such client: choose one of its own.")
        raise UnknownClientError(message)
    row.client_id = client
    row.direction = Direction.NONE if _is_statement(row) else direction
    row.direction_basis = row.assigned_basis = basis
    row.assigned_at = now()
    _doubt(row)
    duplicates.mark(row)
    row.save(update_fields=_FIELDS)


def _note(row: Document, action: str, actor: str) -> None:
    audit.record([lifecycle.entry(row, action, actor, client=str(row.client_id))])
