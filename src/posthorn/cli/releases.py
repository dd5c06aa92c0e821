"""Says what a release came to: what goes, what went before, and what does not go and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.archive.rules import Refused
from posthorn.cli.errors import ConflictError, NothingFoundError, PartlyDoneError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from posthorn.archive.lifecycle import Released
    from posthorn.cli.output import Output

_WHY = {
    Refused.NOT_FOUND: "The firm has no such document.",
    Refused.UNREAD: "It has not been read yet: try again in a moment.",
    Refused.UNREADABLE: "It cannot be read.",
    Refused.QUARANTINED: "It is in quarantine.",
    Refused.UNASSIGNED: "It has no client yet: `posthorn doc assign`.",
    Refused.NO_DIRECTION: "Nobody said whether it is purchase or sales: `posthorn doc assign`.",
    Refused.REJECTED: "Somebody rejected it.",
    Refused.DUPLICATE: "It is a duplicate: `posthorn doc send-anyway` sends it all the same.",
    Refused.CLIENT_NOT_ACTIVE: "Its client is not active.",
    Refused.NOT_A_PURCHASE: "It is no purchase document: `posthorn doc send`.",
    Refused.NOT_A_SALE: "It is no sales document: `posthorn doc approve`.",
    Refused.CUT: "It was cut: its parts go in its place, `posthorn doc show` names them.",
    Refused.SEVERAL_CLIENTS: "Its accounts are not all known as one client's: add their numbers.",
    Refused.CHECK_FAILED: "It contradicts itself: `posthorn doc send-anyway` after looking.",
}


def tell(output: Output, ids: Sequence[UUID], released: Released) -> None:
    """List each document with what became of it.

    Raises NothingFoundError, ConflictError or PartlyDoneError when some were refused.
    """
    output.rows([_row(one, released) for one in ids], ("id", "state", "why"))
    if not released.refused:
        return
    message = f"{len(released.refused)} of {len(ids)} were not released; the list says why."
    if len(released.refused) < len(ids):
        raise PartlyDoneError(message)
    if set(released.refused.values()) == {Refused.NOT_FOUND}:
        raise NothingFoundError(message)
    raise ConflictError(message)


def _row(document: UUID, released: Released) -> dict[str, object]:
    refused = released.refused.get(document)
    if refused is not None:
        return {"id": document, "state": "refused", "code": refused.value, "why": _WHY[refused]}
    is_new = document in released.released
    return {"id": document, "state": "released" if is_new else "released before"}
