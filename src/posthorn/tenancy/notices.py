"""Writes down what people are to be told, with what happened; a worker mails it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from posthorn.kernel.clock import now
from posthorn.kernel.redact import clean
from posthorn.tenancy.models import ClientAssignment, Membership
from posthorn.tenancy.notice_kinds import NOTICES, NoticeKind
from posthorn.tenancy.notice_models import Notice, NoticeChoice
from posthorn.tenancy.roles import Permission, Role, is_allowed
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

TOGETHER_AFTER: Final = timedelta(seconds=60)
"""How long a fact about a firm waits for others: what is done to many clients is one mail."""
_LATEST = 20
_MAX_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something to be told once; `key` names it for ever, `detail` holds the values of its words.

    No content of documents belongs into the detail, and nothing that the kind's readers may not
    see. `but` is the address of somebody who needs not be told.
    """

    kind: NoticeKind
    key: str
    detail: Mapping[str, str | int] = field(default_factory=dict)
    but: str = ""


def tell_firm(firm: UUID, fact: Fact) -> int:
    """Tell whoever's role in the firm it concerns; gives how many people will hear of it.

    Inside a transaction: what happened and its notices are written together or not at all.
    """
    wanted = NOTICES[fact.kind].permission
    with system("notices"):
        rows = Membership.objects.filter(firm_id=firm, person__is_active=True)
        people = [
            row.person_id
            for row in rows.select_related("person")
            if wanted and is_allowed(Role(row.role), wanted)
            if row.person.email.casefold() != fact.but.casefold()
        ]
        return _write(firm, people, fact, now() + TOGETHER_AFTER)


def tell_people(firm: UUID, people: Collection[UUID], fact: Fact) -> int:
    """Tell some people of a firm something of that firm; gives how many will hear of it."""
    with system("notices"):
        return _write(firm, people, fact, now())


def tell_person(person: UUID, fact: Fact) -> None:
    """Tell somebody something about the own account, at once."""
    with system("notices"):
        _write(None, [person], fact, now())


def _write(firm: UUID | None, people: Collection[UUID], fact: Fact, due_at: datetime) -> int:
    terms = NOTICES[fact.kind]
    hearing = people if terms.is_own else _hearing(people, fact.kind)
    rows = [
        Notice(
            firm_id=firm,
            person_id=person,
            kind=fact.kind,
            fact=fact.key[:120],
            detail=_kept(fact.detail),
            due_at=due_at,
            expires_at=due_at + terms.lives,
        )
        for person in hearing
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _kept(detail: Mapping[str, str | int]) -> dict[str, str | int]:
    """Keep names on their line and short: they become subjects of mails."""
    return {
        name: value if isinstance(value, int) else clean(value)[:_MAX_CHARS]
        for name, value in detail.items()
    }


def _hearing(people: Collection[UUID], kind: NoticeKind) -> list[UUID]:
    chosen = dict(
        NoticeChoice.objects.filter(person_id__in=people, kind=kind).values_list(
            "person_id", "is_on"
        )
    )
    return [one for one in people if chosen.get(one, NOTICES[kind].is_on)]


def is_heard(notice: Notice) -> bool:
    """Tell whether somebody may still be told a fact and wants to; inside the system's scope."""
    kind = NoticeKind(notice.kind)
    is_wanted = NOTICES[kind].is_own or bool(_hearing([notice.person_id], kind))
    return is_wanted and is_within_reach(notice)


def people_by_client(firm: UUID) -> Mapping[UUID, frozenset[UUID]]:
    """Give the accountants of each client that has any, by client; inside the firm's scope."""
    rows = ClientAssignment.objects.filter(firm_id=firm, membership__person__is_active=True)
    found: dict[UUID, set[UUID]] = {}
    for client, person in rows.values_list("client_id", "membership__person_id"):
        found.setdefault(client, set()).add(person)
    return {client: frozenset(people) for client, people in found.items()}


def administrators_of(firm: UUID) -> frozenset[UUID]:
    """Give the administrators of a firm; inside its scope."""
    rows = Membership.objects.filter(firm_id=firm, role=Role.ADMINISTRATOR.value)
    return frozenset(rows.filter(person__is_active=True).values_list("person_id", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A kind of notice that concerns somebody, and whether it is sent."""

    kind: NoticeKind
    is_on: bool


def choices_of(person: UUID) -> tuple[Choice, ...]:
    """Give the kinds that somebody's roles concern, in the table's order."""
    with system("notices"):
        roles = {Role(one) for one in _roles(person)}
        chosen = dict(NoticeChoice.objects.filter(person_id=person).values_list("kind", "is_on"))
    return tuple(
        Choice(kind=kind, is_on=terms.is_own or chosen.get(kind, terms.is_on))
        for kind, terms in NOTICES.items()
        if terms.is_own or _concerns(roles, terms.permission)
    )


def _concerns(roles: Iterable[Role], wanted: Permission | None) -> bool:
    return any(wanted and is_allowed(role, wanted) for role in roles)


def _roles(person: UUID) -> list[str]:
    return list(Membership.objects.filter(person_id=person).values_list("role", flat=True))


def choose(person: UUID, wanted: Mapping[NoticeKind, bool]) -> None:
    """Keep what somebody wants to hear of; what nobody can switch off stays on."""
    with system("notices"):
        for kind, is_on in wanted.items():
            if not NOTICES[kind].is_own:
                NoticeChoice.objects.update_or_create(
                    person_id=person, kind=kind, defaults={"is_on": is_on}
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice as its person sees it; neither sent nor waiting is one that never was mailed."""

    kind: NoticeKind
    firm: UUID | None
    firm_name: str
    detail: Mapping[str, str | int]
    made_at: datetime
    is_sent: bool
    is_waiting: bool


def latest_notices(person: UUID) -> tuple[Told, ...]:
    """Give the newest 20 notices for somebody that still concern them, the newest first."""
    with system("notices"):
        rows = Notice.objects.filter(person_id=person, kind__in=list(NOTICES)).select_related(
            "firm", "mail"
        )
        found = [row for row in rows.order_by("-made_at", "-pk")[:_LATEST] if is_within_reach(row)]
        return tuple(
            Told(
                kind=NoticeKind(row.kind),
                firm=row.firm_id,
                firm_name=row.firm.name if row.firm else "",
                detail=row.detail,
                made_at=row.made_at,
                is_sent=row.mail is not None and row.mail.sent_at is not None,
                is_waiting=row.mail.next_at is not None if row.mail else not row.dropped,
            )
            for row in found
        )


def is_within_reach(notice: Notice) -> bool:
    """Tell whether somebody's role still allows to know a fact; inside the system's scope."""
    terms = NOTICES[NoticeKind(notice.kind)]
    if terms.permission is None:
        return True
    whose = Q(firm_id=notice.firm_id, person_id=notice.person_id)
    rows = Membership.objects.filter(whose)
    return any(is_allowed(Role(row.role), terms.permission) for row in rows)
