"""Finds people by what others know of them: their e-mail address, their place in a firm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy.errors import NotFoundError
from posthorn.tenancy.models import ClientAssignment, Membership, Person
from posthorn.tenancy.names import address
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A member of a firm with name and address; `id` is that of the membership."""

    id: UUID
    person: UUID
    email: str
    name: str
    role: Role
    clients: tuple[str, ...]  # dossier numbers of those assigned


def person_by_email(email: str) -> Person:
    """Find a person; opens the system's scope. Raises BadEmailError, NotFoundError."""
    wanted = address(email)
    with system("find person"):
        person = Person.objects.filter(email=wanted).first()
    if person is None:
        raise NotFoundError(_("Nobody has the address %(email)s."), email=wanted)
    return person


def colleagues_of(firm: UUID) -> tuple[Colleague, ...]:
    """Give everybody of the firm, in the order in which they came; inside the firm's scope."""
    assigned: dict[UUID, list[str]] = {}
    pairs = ClientAssignment.objects.filter(firm_id=firm).order_by("client__dossier_number")
    for membership, number in pairs.values_list("membership_id", "client__dossier_number"):
        assigned.setdefault(membership, []).append(number)
    rows = Membership.objects.filter(firm_id=firm).select_related("person")
    return tuple(
        Colleague(
            id=row.pk,
            person=row.person_id,
            email=row.person.email,
            name=row.person.name,
            role=Role(row.role),
            clients=tuple(assigned.get(row.pk, ())),
        )
        for row in rows.order_by("created_at", "pk")
    )


def names_of_colleagues(firm: UUID) -> tuple[tuple[str, str], ...]:
    """Give address and name of everybody of the firm, in the order in which they came."""
    rows = Membership.objects.filter(firm_id=firm).order_by("created_at", "pk")
    return tuple(rows.values_list("person__email", "person__name"))


def colleague(firm: UUID, email: str) -> Colleague:
    """Find a member of the firm by address; raises BadEmailError, NotFoundError."""
    wanted = address(email)
    found = next((one for one in colleagues_of(firm) if one.email == wanted), None)
    if found is None:
        message = _("The firm has no member with the address %(email)s.")
        raise NotFoundError(message, email=wanted)
    return found
