"""Reads an invitation by its link, and lets in whoever it was sent to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from posthorn.kernel.clock import now
from posthorn.tenancy import audit, clients
from posthorn.tenancy.assignments import assign
from posthorn.tenancy.business_space import restore_link
from posthorn.tenancy.errors import (
    ExpiredInvitationError,
    LinkEndedError,
    RevokedInvitationError,
    UnknownInvitationError,
    UsedInvitationError,
    WrongPersonError,
)
from posthorn.tenancy.invitations import entry, hashed
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.models import Client, ClientPerson, Invitation, Membership, Person
from posthorn.tenancy.people import add_member, add_person
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What an invitation says to whoever holds its link; a role or a client, never both."""

    firm: UUID
    firm_name: str
    client: UUID | None
    client_name: str
    email: str
    role: Role | None
    language: str
    expires_at: datetime
    is_known: bool  # somebody with that address signs in already


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What an invited person gives who never signed in; the address is the invitation's."""

    name: str
    password: str
    language: str = ""  # empty for that of the invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Where an accepted invitation leads: a client's Business Space, or the firm's space."""

    person: UUID
    firm: UUID
    client: UUID | None


def invitation_of(token: str) -> Invited:
    """Read an invitation by its token; opens the system's scope.

    Raises UnknownInvitationError, UsedInvitationError, RevokedInvitationError,
    ExpiredInvitationError.
    """
    with system("read invitation"):
        row = _standing(token)
        return Invited(
            firm=row.firm_id,
            firm_name=row.firm.name,
            client=row.client_id,
            client_name=row.client.name if row.client else "",
            email=row.email,
            role=Role(row.role) if row.role else None,
            language=row.language,
            expires_at=row.expires_at,
            is_known=Person.objects.filter(email=row.email).exists(),
        )


def accept_invitation(token: str, who: UUID | NewPerson) -> Entrance:
    """Let a person in, signed in already (by id) or new; opens its own scopes.

    Of two at once, one is let in. Raises what `invitation_of` raises, WrongPersonError,
    LinkEndedError, and for a new person EmptyNameError, WeakPasswordError, EmailTakenError.
    """
    with system("accept invitation"):
        _lock_client(token)
        row = _standing(token, is_locked=True)
        person = _person(row, who)
        with acting(row.firm_id):
            if row.client_id is None:
                _join(row, person)
            else:
                _enter(row, row.client_id, person)
            row.used_at, row.person = now(), person
            row.save(update_fields=["used_at", "person"])
            audit.record([entry(row, person.email, "invitation.accepted")])
    return Entrance(person=person.pk, firm=row.firm_id, client=row.client_id)


def _lock_client(token: str) -> None:
    # Always the client before its invitations: whoever ends the link locks them in that order.
    whose = Invitation.objects.filter(token_sha256=hashed(token)).values("client_id")
    list(Client.objects.filter(pk__in=whose).select_for_update())


def _standing(token: str, *, is_locked: bool = False) -> Invitation:
    rows = Invitation.objects.filter(token_sha256=hashed(token)).select_related("firm", "client")
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        message = _("There is no such invitation: use the whole link of the newest mail.")
        raise UnknownInvitationError(message)
    if row.used_at is not None:
        raise UsedInvitationError(_("This invitation was accepted already: sign in."))
    if row.revoked_at is not None:
        message = _("This invitation was taken back: use the newest one, or ask for another.")
        raise RevokedInvitationError(message)
    if row.expires_at <= now():
        message = _("This invitation has expired: ask %(firm)s for another one.")
        raise ExpiredInvitationError(message, firm=row.firm.name)
    return row


def _person(row: Invitation, who: UUID | NewPerson) -> Person:
    if isinstance(who, NewPerson):
        language = who.language or row.language
        return add_person(row.email, who.name, who.password, language=language, actor=row.email)
    person = Person.objects.filter(pk=who, email=row.email, is_active=True).first()
    if person is None:
        message = _("This invitation is for %(email)s: sign in with that address.")
        raise WrongPersonError(message, email=row.email)
    return person


def _join(row: Invitation, person: Person) -> None:
    """Make somebody a member; who was added meanwhile keeps the role that was given then."""
    if Membership.objects.filter(firm_id=row.firm_id, person=person).exists():
        return
    member = add_member(row.firm_id, person.pk, Role(row.role), actor=person.email)
    wanted = Client.objects.filter(firm_id=row.firm_id, pk__in=row.clients)
    for client in wanted.order_by("pk").values_list("pk", flat=True):
        assign(row.firm_id, member.pk, client, actor=person.email)


def _enter(row: Invitation, client: UUID, person: Person) -> None:
    company = clients.locked(row.firm_id, client)
    people = ClientPerson.objects.filter(firm_id=row.firm_id, client=company)
    if company.state == ClientState.LOST:
        if people.exists() and not people.filter(person=person).exists():
            message = _("%(client)s ended the link with %(firm)s.")
            raise LinkEndedError(message, client=company.name, firm=row.firm.name)
        restore_link(company, actor=person.email)
    elif company.state in {ClientState.DRAFT, ClientState.INVITED}:
        clients.change_state(row.firm_id, client, ClientState.ACTIVE, actor=person.email)
    clients.add_client_person(row.firm_id, client, person.pk, actor=person.email)
