"""Answers who is who: firms of a person, members, clients, and whose number it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from posthorn.tenancy.access import Viewer
from posthorn.tenancy.errors import NotFoundError
from posthorn.tenancy.ids import one_of
from posthorn.tenancy.models import (
    Client,
    ClientAssignment,
    ClientNumber,
    ClientPerson,
    Firm,
    Membership,
)
from posthorn.tenancy.numbers import Number, NumberScheme
from posthorn.tenancy.roles import Role, sees_every_client
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person's place in a firm; `id` is that of the membership."""

    id: UUID
    firm: UUID
    firm_name: str
    person: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmFacts:
    """What is known of a firm."""

    name: str
    language: str
    asks_second_person: bool  # before a changed import address counts


def firm_facts(firm: UUID) -> FirmFacts:
    """Give what is known of a firm; inside its scope. Raises NotFoundError."""
    row = Firm.objects.filter(pk=firm).first()
    if row is None:
        raise NotFoundError(_("There is no such firm."))
    return FirmFacts(
        name=row.name, language=row.language, asks_second_person=row.asks_second_person
    )


def firms() -> tuple[Firm, ...]:
    """Give every firm of the installation, by name; opens the system's scope."""
    with system("list firms"):
        return tuple(Firm.objects.order_by("name", "pk"))


def membership_of(firm: UUID, person: UUID) -> Member | None:
    """Give a person's place in the firm, None for a stranger."""
    row = _members().filter(firm_id=firm, person_id=person).first()
    return _member(row) if row else None


def members_of(firm: UUID) -> tuple[Member, ...]:
    """Give everybody of the firm, in the order in which they came."""
    rows = _members().filter(firm_id=firm)
    return tuple(_member(row) for row in rows.order_by("created_at", "pk"))


def _members() -> QuerySet[Membership]:
    rows = Membership.objects.select_related("firm")
    return rows.only("firm_id", "person_id", "role", "firm__name")


def _member(row: Membership) -> Member:
    return Member(
        id=row.pk,
        firm=row.firm_id,
        firm_name=row.firm.name,
        person=row.person_id,
        role=Role(row.role),
    )


def viewer_of(firm: UUID, person: UUID) -> Viewer:
    """Give what the access rules need to know of a person in this firm."""
    member = membership_of(firm, person)
    assigned = ClientAssignment.objects.filter(firm_id=firm, membership__person_id=person)
    own = ClientPerson.objects.filter(firm_id=firm, person_id=person)
    return Viewer(
        role=member.role if member else None,
        assigned=frozenset(assigned.values_list("client_id", flat=True)),
        own=frozenset(own.values_list("client_id", flat=True)),
    )


def viewer_as(member: Member) -> Viewer:
    """Give what the access rules need to know of a member, companies of their own left out."""
    if sees_every_client(member.role):
        return Viewer(role=member.role)
    rows = ClientAssignment.objects.filter(firm_id=member.firm, membership_id=member.id)
    assigned = frozenset(rows.values_list("client_id", flat=True))
    return Viewer(role=member.role, assigned=assigned)


def clients_visible_to(firm: UUID, viewer: Viewer) -> QuerySet[Client]:
    """Give the clients that exist for a person, by dossier number."""
    rows = Client.objects.filter(reached_by(viewer, "pk"), firm_id=firm)
    return rows.order_by("dossier_number")


def reached_by(viewer: Viewer, column: str) -> Q:
    """Choose the rows whose column names a client that exists for a person."""
    if viewer.role is not None and sees_every_client(viewer.role):
        return Q()
    return one_of(column, viewer.assigned | viewer.own)


def client_by_dossier(firm: UUID, dossier_number: str) -> Client:
    """Find a client by the firm's own number for it; raises NotFoundError."""
    row = Client.objects.filter(firm_id=firm, dossier_number=dossier_number.strip()).first()
    if row is None:
        message = _("The firm has no client with the dossier number %(number)s.")
        raise NotFoundError(message, number=dossier_number)
    return row


def owners_of(firm: UUID, numbers: Iterable[Number]) -> Mapping[Number, UUID]:
    """Give whose each number is; numbers that nobody has are left out."""
    wanted = Q(pk__in=[])
    for number in numbers:
        wanted |= Q(scheme=number.scheme.value, value=number.value)
    rows = ClientNumber.objects.filter(wanted, firm_id=firm)
    return {
        Number(scheme=NumberScheme(scheme), value=value): client
        for scheme, value, client in rows.values_list("scheme", "value", "client_id")
    }


def numbers_of(firm: UUID, client: UUID) -> tuple[Number, ...]:
    """Give a client's numbers, by scheme and value."""
    rows = ClientNumber.objects.filter(firm_id=firm, client_id=client).order_by("scheme", "value")
    return tuple(Number(scheme=NumberScheme(row.scheme), value=row.value) for row in rows)
