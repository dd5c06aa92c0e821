"""Keeps a file with statements of several accounts from going to a client who has not all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.archive.errors import CutError, SeveralClientsError
from posthorn.archive.matching import owner_of
from posthorn.archive.parties import unpacked
from posthorn.tenancy.queries import owners_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from posthorn.archive.models import Document
    from posthorn.archive.parties import Identities

_STATEMENT = "statement"


def whose(firm: UUID, identities: Identities) -> UUID | None:
    """Give the one client who has every account in a file of statements; None without one."""
    return owner_of(identities, owners_of(firm, identities.all()))


def mixed(documents: Iterable[Document]) -> frozenset[UUID]:
    """Give those of several accounts that are not all known as their client's."""
    return frozenset(row.pk for row in documents if not _is_all_of(row, row.client_id))


def _is_all_of(document: Document, client: UUID | None) -> bool:
    if document.category != _STATEMENT:
        return True
    identities = unpacked(document.identities)
    return len(identities.accounts) <= 1 or whose(document.firm_id, identities) == client


def refuse_cut(document: Document) -> None:
    """Raise CutError for a file whose parts go in its place."""
    if document.parts:
        message = "This file was cut: decide on its parts, each is a document of its own."
        raise CutError(message)


def refuse_another(document: Document, client: UUID) -> None:
    """Raise CutError or SeveralClientsError for a file that cannot be this client's as a whole."""
    refuse_cut(document)
    if not _is_all_of(document, client):
        message = (
            "The file has statements of several accounts that are not all known as this client's:"
            " give the client all their numbers, or ask the bank for a file of each."
        )
        raise SeveralClientsError(message)
