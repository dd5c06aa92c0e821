"""What sending threads ask of the ledger: values, so that many turns share a commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.delivery.policy import Verdict
    from posthorn.delivery.revisions import NewRevision
    from posthorn.delivery.states import Hold, State
    from posthorn.sdk import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lane held by this worker; the fence grows with every claim and tells holders apart."""

    lane_id: UUID
    fence: int
    firm_id: UUID
    connection_id: UUID
    connection_step: int
    connection_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Write an attempt before its first byte leaves."""

    held: Held
    delivery_id: UUID
    attempt_id: UUID
    number: int
    source: State
    revision: int
    new_revision: NewRevision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """Write what an attempt came to; refused when the attempt is no longer ours."""

    held: Held
    delivery_id: UUID
    attempt_id: UUID
    verdict: Verdict
    receipt: Receipt | None
    field: str = ""
    is_reported: bool = False  # the package tells later what became of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Divert:
    """Move a waiting delivery without an attempt: it expired, or something stands in the way."""

    held: Held
    delivery_id: UUID
    source: State
    target: State
    hold: Hold | None
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Keep a finished call of a delivery that needs several."""

    held: Held
    delivery_id: UUID
    name: str
    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Everything one thread wants committed together; the begin is granted or not."""

    finish: Finish | None = None
    divert: Divert | None = None
    recorded: Recorded | None = None
    begin: Begin | None = None
    let_go: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Which attempts may start, and which results were kept."""

    begun: frozenset[UUID]
    finished: frozenset[UUID]
