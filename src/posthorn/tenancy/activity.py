"""Lists what was done in a firm or for a client, newest first, for whoever may know it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from posthorn.tenancy.access import is_reached
from posthorn.tenancy.actions import SENTENCES, is_id, sentence, starting_with
from posthorn.tenancy.errors import NotFoundError
from posthorn.tenancy.ids import one_of
from posthorn.tenancy.life import OVER
from posthorn.tenancy.models import Client, Membership, Person
from posthorn.tenancy.pages import SIZE, Page, read_time_cursor, time_cursor
from posthorn.tenancy.roles import PARTS, Role
from posthorn.tenancy.trail import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.tenancy.access import Viewer

# A client manager works on clients, and not on people, documents or what was sent.
_OF_MANAGERS = tuple(
    code
    for code in SENTENCES
    if code.partition(".")[0] in {"client", "integration"}
    and code.partition(".")[2] not in {"assigned", "unassigned", "person_added", "person_removed"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """What is looked for; `action` matches the beginning, `until` is the first moment not shown.

    `actor` is an e-mail address, or a part of Posthorn such as `engine`; `by_people` leaves out
    what Posthorn did by itself, which is nearly all that happens.
    """

    actor: str = ""
    by_people: bool = False
    client: UUID | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry with the names of what it is about; `sentence` is plain text."""

    line: Line
    client: UUID | None
    client_name: str  # dossier number and name
    sentence: str


def activity(
    firm: UUID,
    viewer: Viewer,
    wanted: ActivityFilter | None = None,
    *,
    after: str = "",
    size: int = SIZE,
) -> Page[Happening]:
    """Give a page of what a person may know of the firm's activity; inside the firm's scope.

    Administrators see all, client managers what is about clients, accountants what is about the
    clients assigned to them, others nothing. Raises BadCursorError.
    """
    plan = _plan(firm, viewer, wanted or ActivityFilter(), after)
    rows = _read(plan, size + 1) if plan else []
    page = rows[:size]
    names = _names(firm, page)
    last = page[-1] if len(rows) > size else None
    return Page(
        rows=tuple(_happening(row, names) for row in page),
        after=time_cursor(last.line.at, last.line.number) if last else "",
    )


def timeline_of(
    firm: UUID, viewer: Viewer, client: UUID, *, after: str = "", size: int = SIZE
) -> Page[Happening]:
    """Give a page of what was done for one client; raises NotFoundError, BadCursorError."""
    found = Client.objects.filter(firm_id=firm, pk=client).exists()
    if not found or not is_reached(viewer, client):
        raise NotFoundError(_("The firm has no such client."))
    return activity(firm, viewer, ActivityFilter(client=client), after=after, size=size)


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What the one query reads: for each of the keys, its newest entries under the conditions."""

    conditions: list[str]
    values: dict[str, Any]
    key: str = ""
    keys: Sequence[object] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: Line
    client: UUID | None


def _plan(firm: UUID, viewer: Viewer, wanted: ActivityFilter, after: str) -> _Plan | None:
    """Choose the keys by which an index gives the newest first; None where nothing is allowed."""
    plan = _Plan(conditions=["firm_id = %(firm)s"], values={"firm": firm})
    _narrow(plan, wanted, after)
    actions = _actions(viewer, wanted)
    clients = _clients(firm, viewer, wanted)
    if actions == () or clients == ():
        return None
    if clients is not None:
        plan.key, plan.keys = "client_id = key.id::uuid", clients
        if actions is not None:
            plan.conditions.append("action = ANY(%(actions)s::text[])")
            plan.values["actions"] = list(actions)
    elif actions is not None:
        plan.key, plan.keys = "action = key.id", actions
    return plan


def _narrow(plan: _Plan, wanted: ActivityFilter, after: str) -> None:
    if wanted.actor:
        plan.conditions.append("actor = %(actor)s")
        plan.values["actor"] = wanted.actor
    if wanted.by_people:
        plan.conditions.append(_BY_PEOPLE)
    if wanted.since:
        plan.conditions.append("at >= %(since)s")
        plan.values["since"] = wanted.since
    if wanted.until:
        plan.conditions.append("at < %(until)s")
        plan.values["until"] = wanted.until
    if after:
        plan.conditions.append("(at, id) < (%(at)s::timestamptz, %(id)s::bigint)")
        plan.values["at"], plan.values["id"] = read_time_cursor(after)


def _actions(viewer: Viewer, wanted: ActivityFilter) -> tuple[str, ...] | None:
    """Give the codes to read, None for any: who reads all of one actor needs them as keys."""
    if viewer.role is Role.CLIENT_MANAGER:
        return tuple(code for code in _OF_MANAGERS if code.startswith(wanted.action))
    if wanted.action or (wanted.actor and viewer.role is Role.ADMINISTRATOR):
        return starting_with(wanted.action)
    return None


def _clients(firm: UUID, viewer: Viewer, wanted: ActivityFilter) -> tuple[UUID, ...] | None:
    """Give the clients to read about, None for any."""
    asked = None if wanted.client is None else {wanted.client}
    if viewer.role is None:
        return ()
    if viewer.role is not Role.ACCOUNTANT:
        return None if asked is None else tuple(asked)
    # Of a client that left, an accountant knows as little as of its documents.
    own = one_of("pk", viewer.assigned & (asked or viewer.assigned))
    rows = Client.objects.filter(own, firm_id=firm)
    return tuple(
        rows.exclude(state__in=[state.value for state in OVER]).values_list("pk", flat=True)
    )


# Written out as the index has it, so that the planner sees that they are the same.
_BY_PEOPLE = f"actor NOT IN ({', '.join(repr(name) for name in PARTS)})"
_COLUMNS = "id, at, actor, action, subject_kind, subject_id, detail, client_id"
_NEWEST = "ORDER BY at DESC, id DESC"


def _read(plan: _Plan, size: int) -> list[_Row]:
    conditions = " AND ".join([*plan.conditions, plan.key] if plan.key else plan.conditions)
    # The limit is written out: only so does the planner know that it is small.
    newest = f"SELECT at, id FROM tenancy_auditentry WHERE {conditions} {_NEWEST} LIMIT {size:d}"  # noqa: S608  # words of this module
    values = plan.values
    if plan.key:
        newest = (
            f"SELECT entry.at, entry.id FROM unnest(%(keys)s::text[]) AS key (id)"  # noqa: S608
            f" CROSS JOIN LATERAL ({newest}) AS entry {_NEWEST} LIMIT {size:d}"
        )
        values = {**values, "keys": [str(key) for key in plan.keys]}
    # Whole rows are read of the page alone: the indexes hold all that chooses them.
    entries = (
        f"SELECT {_COLUMNS} FROM ({newest}) AS chosen"  # noqa: S608
        f" JOIN tenancy_auditentry USING (at, id) {_NEWEST}"
    )
    with connection.cursor() as cursor:
        cursor.execute(entries, values)
        return [_row(columns) for columns in cursor.fetchall()]


def _row(columns: Sequence[Any]) -> _Row:
    number, at, actor, action, kind, subject, detail, client = columns
    line = Line(
        number=number,
        at=at,
        actor=actor,
        action=action,
        subject_kind=kind,
        subject=subject,
        detail=json.loads(detail),
    )
    return _Row(line=line, client=client)


def _happening(row: _Row, names: Mapping[str, str]) -> Happening:
    return Happening(
        line=row.line,
        client=row.client,
        client_name=names.get(str(row.client), ""),
        sentence=sentence(row.line.action, row.line.detail, names),
    )


def _names(firm: UUID, rows: Iterable[_Row]) -> dict[str, str]:
    """Give the names of the clients, members and people that entries point to."""
    told = {"client": set[str](), "membership": set[str](), "person": set[str]()}
    for row in rows:
        for kind, ids in told.items():
            if is_id(value := row.line.detail.get(kind)):
                ids.add(str(value))
        if row.client:
            told["client"].add(str(row.client))
    clients = Client.objects.filter(firm_id=firm, pk__in=told["client"])
    members = Membership.objects.filter(firm_id=firm, pk__in=told["membership"])
    people = Person.objects.filter(pk__in=told["person"])
    return {
        **{str(row.pk): str(row) for row in clients},
        **{str(row.pk): row.person.name for row in members.select_related("person")},
        **{str(row.pk): row.name for row in people},
    }
