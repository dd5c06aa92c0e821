"""Writes what was done, seals it in chained batches and verifies the chain."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from posthorn.kernel.clock import now
from posthorn.tenancy.models import AuditEntry, AuditSeal
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

_MAX_ACTOR = 200
_INSERT = (
    "INSERT INTO tenancy_auditentry (firm_id, at, actor, action, subject_kind, subject_id, detail)"
    " SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],"
    " %s::uuid[], %s::jsonb[])"
)
_NO_SEAL = "0" * 64
_SEALER_LOCK = 7_401_001
_BATCH = 5_000
_INSTALLATION = "installation"
_TAKE = (
    "DELETE FROM tenancy_auditunsealed WHERE entry_id IN"
    " (SELECT entry_id FROM tenancy_auditunsealed ORDER BY entry_id LIMIT %s)"
    " RETURNING firm_id, entry_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry before it is written; `detail` holds JSON values and no content of documents."""

    firm: UUID | None
    actor: str
    action: str
    subject_kind: str
    subject_id: UUID | None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(entries: Iterable[Entry]) -> None:
    """Write entries inside the running transaction."""
    rows = [_row(entry) for entry in entries]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.firm,
        now(),
        entry.actor[:_MAX_ACTOR],
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        json.dumps(entry.detail),
    )


_ENTRIES = """
SELECT id, firm_id, at, actor, action, subject_kind, subject_id, detail
FROM tenancy_auditentry WHERE id = ANY(%s)
"""


def seal() -> int:
    """Chain committed entries that no seal holds yet, 5,000 at most; gives the number sealed."""
    with system("audit seal"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [_BATCH])
        waiting: dict[UUID | None, list[int]] = {}
        for firm, entry in cursor.fetchall():
            waiting.setdefault(firm, []).append(entry)
        for firm, entry_ids in waiting.items():
            _seal_firm(firm, sorted(entry_ids))
    return sum(len(entry_ids) for entry_ids in waiting.values())


def _seal_firm(firm: UUID | None, entry_ids: list[int]) -> None:
    last = AuditSeal.objects.filter(Q(firm_id=firm)).order_by("-number").first()
    previous = last.digest if last else _NO_SEAL
    AuditSeal.objects.create(
        firm_id=firm,
        number=last.number + 1 if last else 1,
        entry_ids=entry_ids,
        previous=previous,
        digest=_digest(previous, entry_ids),
    )


def _digest(previous: str, entry_ids: Sequence[int]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [list(entry_ids)])
        entries = {row[0]: _canonical(row) for row in cursor.fetchall()}
    chain = sha256(previous.encode())
    for entry_id in entry_ids:
        chain.update(entries.get(entry_id, b"missing"))
    return chain.hexdigest()


def _canonical(row: Sequence[Any]) -> bytes:
    """Write a row of _ENTRIES in one way, whatever the server's version and time zone."""
    entry_id, firm, at, actor, action, subject_kind, subject, detail = row
    fields = [
        entry_id,
        str(firm),
        at.isoformat(),
        actor,
        action,
        subject_kind,
        str(subject),
        json.loads(detail),
    ]
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification found; `problems` is empty when the trail is whole.

    `heads` gives each firm's last seal by firm id. Kept elsewhere and given to a later
    verification, they show whether the end of the trail was cut off since.
    """

    entries: int
    seals: int
    unsealed: int
    heads: Mapping[str, str]
    problems: tuple[str, ...]


def verify(expected: Mapping[str, str] | None = None, *, firm: UUID | None = None) -> Verdict:
    """Recompute every firm's chain, or one; finds changed, removed, added and reordered entries.

    `expected` are the heads of an earlier verdict, which must still be there. Reads only.
    """
    wanted = {"firm_id": firm} if firm else {}
    problems: list[str] = []
    chains: dict[str, list[str]] = {}
    sealed: set[int] = set()
    with system("audit verify"):
        for row in _seals(wanted):
            chain = chains.setdefault(_name(row.firm_id), [])
            problems += _check_seal(row, chain, sealed)
            sealed.update(row.entry_ids)
            chain.append(row.digest)
        waiting = _waiting(firm)
        every = set(AuditEntry.objects.filter(**wanted).values_list("pk", flat=True))
    problems += [f"entry {entry} waited for its seal and was removed" for entry in waiting - every]
    strangers = sorted(every - sealed - waiting)
    problems += [f"entry {entry} was added outside the trail" for entry in strangers]
    problems += _check_heads(expected or {}, chains)
    return Verdict(
        entries=len(every),
        seals=sum(map(len, chains.values())),
        unsealed=len(waiting),
        heads={firm: chain[-1] for firm, chain in chains.items()},
        problems=tuple(problems),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """How far a firm's trail is sealed; `at` is None before the first seal."""

    seals: int
    at: datetime | None


def sealed(firm: UUID) -> Sealed:
    """Give a firm's last seal; inside its scope."""
    rows = AuditSeal.objects.filter(firm_id=firm).order_by("-number").values_list("number", "at")
    number, at = rows.first() or (0, None)
    return Sealed(seals=number, at=at)


def _name(firm: UUID | None) -> str:
    return str(firm) if firm else _INSTALLATION


def _check_seal(row: AuditSeal, chain: Sequence[str], sealed: set[int]) -> list[str]:
    name = f"seal {row.number} of {_name(row.firm_id)}"
    problems = []
    if row.number != len(chain) + 1 or row.previous != (chain[-1] if chain else _NO_SEAL):
        problems.append(f"{name} does not follow the seal before it")
    if row.digest != _digest(row.previous, row.entry_ids):
        problems.append(f"{name} holds an entry that was changed or removed")
    if sealed.intersection(row.entry_ids):
        problems.append(f"{name} holds an entry of another seal")
    return problems


def _seals(wanted: Mapping[str, UUID]) -> Iterator[AuditSeal]:
    return AuditSeal.objects.filter(**wanted).order_by("firm_id", "number").iterator()


def _waiting(firm: UUID | None) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id FROM tenancy_auditunsealed"
            " WHERE %(firm)s::uuid IS NULL OR firm_id = %(firm)s::uuid",
            {"firm": firm},
        )
        return {entry_id for (entry_id,) in cursor.fetchall()}


def _check_heads(expected: Mapping[str, str], chains: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"the trail of {firm} no longer reaches the seal {head[:12]}…: its end was cut off"
        for firm, head in expected.items()
        if head not in chains.get(firm, ())
    ]
