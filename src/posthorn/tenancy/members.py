"""Lists a firm's people for the Users page: who they are, what they work on, who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from posthorn.kernel.clock import now
from posthorn.tenancy.models import ClientAssignment, Invitation, Membership
from posthorn.tenancy.pages import SIZE, Page, name_cursor, read_name_cursor
from posthorn.tenancy.roles import Role

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

_MOST_INVITED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A member of a firm; `id` is that of the membership."""

    id: UUID
    person: UUID
    name: str
    email: str
    language: str
    role: Role
    assigned: int  # clients; administrators and client managers reach every client without
    since: datetime
    last_seen: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedRow:
    """An invitation that nobody accepted or took back yet; it may have expired."""

    id: UUID
    email: str
    role: Role | None
    client: UUID | None
    assigned: int
    language: str
    invited_by: str
    sent_at: datetime
    expires_at: datetime
    is_expired: bool


def members(firm: UUID, *, text: str = "", after: str = "", size: int = SIZE) -> Page[MemberRow]:
    """Give a page of the firm's people by name; `text` is found in name or address.

    Inside the firm's scope. Raises BadCursorError.
    """
    rows = _rows(firm)
    for word in text.replace("\0", "").split():
        rows = rows.filter(Q(person__name__icontains=word) | Q(person__email__icontains=word))
    if after:
        name, last = read_name_cursor(after)
        rows = rows.filter(Q(person__name__gt=name) | Q(person__name=name, pk__gt=last))
    found = _members(rows[: size + 1])
    is_more = len(found) > size
    end = found[size - 1] if is_more else None
    return Page(rows=tuple(found[:size]), after=name_cursor(end.name, end.id) if end else "")


def member(firm: UUID, membership: UUID) -> MemberRow | None:
    """Give one member of the firm, None for a stranger."""
    return next(iter(_members(_rows(firm).filter(pk=membership))), None)


def assigned_to(firm: UUID, client: UUID) -> tuple[MemberRow, ...]:
    """Give the accountants who work on a client, by name."""
    chosen = ClientAssignment.objects.filter(firm_id=firm, client_id=client)
    return tuple(_members(_rows(firm).filter(pk__in=chosen.values("membership_id"))))


def clients_assigned_to(firm: UUID, membership: UUID) -> frozenset[UUID]:
    """Give the clients that an accountant works on."""
    rows = ClientAssignment.objects.filter(firm_id=firm, membership_id=membership)
    return frozenset(rows.values_list("client_id", flat=True))


def open_invitations(firm: UUID, client: UUID | None = None) -> tuple[InvitedRow, ...]:
    """Give the newest 200 open invitations, to the firm itself or to one client's space."""
    rows = Invitation.objects.filter(firm_id=firm, used_at=None, revoked_at=None)
    rows = rows.filter(client_id=client) if client else rows.filter(client__isnull=True)
    return tuple(_invited(row) for row in rows.order_by("-created_at", "-pk")[:_MOST_INVITED])


def _rows(firm: UUID) -> QuerySet[Membership]:
    rows = Membership.objects.filter(firm_id=firm).select_related("person")
    return rows.order_by("person__name", "pk")


def _members(rows: QuerySet[Membership]) -> list[MemberRow]:
    found = list(rows)
    pairs = ClientAssignment.objects.filter(membership__in=found).values("membership_id")
    counts = dict(pairs.annotate(clients=Count("pk")).values_list("membership_id", "clients"))
    return [_member(row, counts.get(row.pk, 0)) for row in found]


def _member(row: Membership, assigned: int) -> MemberRow:
    return MemberRow(
        id=row.pk,
        person=row.person_id,
        name=row.person.name,
        email=row.person.email,
        language=row.person.language,
        role=Role(row.role),
        assigned=assigned,
        since=row.created_at,
        last_seen=row.person.last_login,
        is_active=row.person.is_active,
    )


def _invited(row: Invitation) -> InvitedRow:
    return InvitedRow(
        id=row.pk,
        email=row.email,
        role=Role(row.role) if row.role else None,
        client=row.client_id,
        assigned=len(row.clients),
        language=row.language,
        invited_by=row.invited_by,
        sent_at=row.created_at,
        expires_at=row.expires_at,
        is_expired=row.expires_at <= now(),
    )
