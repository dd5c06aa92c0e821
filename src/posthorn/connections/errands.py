"""What a worker does with a package for a person who waits: asked on a page, answered beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.db.models import Q

from posthorn.connections.errand_models import Errand
from posthorn.connections.errors import ConnectionsError, NotFoundError
from posthorn.kernel.clock import now
from posthorn.sdk.errors import Outcome
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

# A question ends within ten seconds; what has many parts says how far it is.
_LEASE: Final = timedelta(seconds=60)
_MOST_TRIES: Final = 3
_KEPT: Final = timedelta(days=7)
GAVE_UP: Final = "internal_error"


class TakenOverError(RuntimeError):
    """Stop: this worker was away for too long, and another one does the errand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One errand as its handler sees it; `answer` is what an earlier try got done."""

    id: UUID
    firm: UUID
    connection: UUID
    payload: Mapping[str, Any]
    actor: str
    answer: Mapping[str, Any] = field(default_factory=dict)
    number: int = 1  # which try it is

    def note(self, answer: Mapping[str, Any]) -> None:
        """Keep what is done so far, committed at once; the lease begins anew.

        Raises TakenOverError when another worker goes on with it.
        """
        with acting(self.firm):
            mine = Errand.objects.filter(id=self.id, done_at=None, tries=self.number)
            if not mine.update(answer=answer, claimed_until=now() + _LEASE):
                raise TakenOverError(str(self.id))


class Handler(Protocol):
    """Does errands of one kind."""

    def __call__(self, task: Task) -> Mapping[str, Any]:
        """Return the answer, as JSON; the code of an Outcome or ConnectionsError is kept."""


def begin(
    firm: UUID, connection: UUID, kind: str, *, actor: str, payload: Mapping[str, Any] | None = None
) -> UUID:
    """Ask for an errand inside the firm's scope; gives its id."""
    row = Errand.objects.create(
        firm_id=firm, connection_id=connection, kind=kind, payload=payload or {}, actor=actor[:200]
    )
    return row.id


def errand_of(firm: UUID, connection: UUID, errand: UUID) -> Errand:
    """Return an errand with how far it is. Raises NotFoundError."""
    rows = Errand.objects.filter(firm_id=firm, connection_id=connection, id=errand)
    found = rows.first()
    if found is None:
        raise NotFoundError("The firm asked for no such thing.")
    return found


def run_next(handlers: Mapping[str, Handler]) -> bool:
    """Do one errand that waits; False when none does. Call it outside any transaction."""
    claimed = _claim(Q(kind__in=sorted(handlers)))
    if claimed is None:
        return False
    _run(claimed, handlers[claimed.kind])
    return True


def run_one(errand: UUID, handler: Handler) -> None:
    """Do one errand here and now, for somebody at a terminal, unless a worker is at it already."""
    claimed = _claim(Q(id=errand))
    if claimed is not None:
        _run(claimed, handler)


def _run(claimed: Errand, handler: Handler) -> None:
    if claimed.tries > _MOST_TRIES:  # each time a worker died of it, or with it
        _finish(claimed, answer=claimed.answer, code=GAVE_UP)
        return
    task = Task(
        id=claimed.id,
        firm=claimed.firm_id,
        connection=claimed.connection_id,
        payload=claimed.payload,
        actor=claimed.actor,
        answer=claimed.answer,
        number=claimed.tries,
    )
    try:
        answer = handler(task)
    except (Outcome, ConnectionsError) as wrong:
        detail = wrong.detail if isinstance(wrong, Outcome) else str(wrong)
        _finish(claimed, answer=None, code=wrong.code, detail=detail)
    except TakenOverError:
        pass
    else:
        _finish(claimed, answer=answer)


def clear_old() -> int:
    """Remove errands that ended a week ago; gives how many."""
    with system("clear errands"):
        return Errand.objects.filter(done_at__lt=now() - _KEPT).delete()[0]


def _claim(wanted: Q) -> Errand | None:
    with system("errands"):
        free = Q(claimed_until=None) | Q(claimed_until__lt=now())
        rows = Errand.objects.filter(free, wanted, done_at=None).order_by("asked_at", "id")
        row = rows.select_for_update(skip_locked=True).first()
        if row is not None:
            row.claimed_until, row.tries = now() + _LEASE, row.tries + 1
            row.save(update_fields=["claimed_until", "tries"])
        return row


def _finish(
    errand: Errand, *, answer: Mapping[str, Any] | None, code: str = "", detail: str = ""
) -> None:
    """Keep the end; whoever took it over meanwhile has a later try, and its end counts."""
    columns: dict[str, object] = {"done_at": now(), "code": code, "detail": detail[:500]}
    if answer is not None:
        columns["answer"] = answer
    with acting(errand.firm_id):
        Errand.objects.filter(id=errand.id, done_at=None, tries=errand.tries).update(**columns)
