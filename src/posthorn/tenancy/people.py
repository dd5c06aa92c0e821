"""Adds people, gives them roles in a firm and assigns clients to accountants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from posthorn.tenancy import audit
from posthorn.tenancy.errors import (
    AlreadyMemberError,
    EmailTakenError,
    LastAdministratorError,
    NotAnAccountantError,
    NotFoundError,
    WeakPasswordError,
)
from posthorn.tenancy.models import Client, ClientAssignment, Membership, Person
from posthorn.tenancy.names import address, named
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID


def add_person(
    email: str, name: str, password: str | None = None, *, language: str = "en", actor: str
) -> Person:
    """Add a person; without a password nobody can log in as them yet.

    Raises BadEmailError, EmptyNameError, WeakPasswordError, EmailTakenError.
    """
    person = Person(email=address(email), name=named(name, "The person's name"), language=language)
    person.set_password(_strong(password, person))
    try:
        with system("add person"):
            person.save(force_insert=True)
            audit.record([_entry(None, actor, "person.added", person.pk, {"email": person.email})])
    except IntegrityError as error:
        message = f"Somebody has the address {person.email} already."
        raise EmailTakenError(message) from error
    return person


def _strong(password: str | None, person: Person) -> str | None:
    if password is None:
        return None
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPasswordError(" ".join(error.messages)) from error
    return password


def add_member(firm: UUID, person: UUID, role: Role, *, actor: str) -> Membership:
    """Give a person a role in the firm; raises AlreadyMemberError."""
    membership = Membership(firm_id=firm, person_id=person, role=role.value)
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as error:
        message = "This person is a member of the firm already: change the role instead."
        raise AlreadyMemberError(message) from error
    _record(firm, actor, "member.added", membership)
    return membership


def change_role(firm: UUID, membership: UUID, role: Role, *, actor: str) -> None:
    """Give a member another role; raises NotFoundError, LastAdministratorError."""
    row = _locked(firm, membership)
    if role is not Role.ADMINISTRATOR:
        _keep_one_administrator(firm, row)
    if role is not Role.ACCOUNTANT:
        ClientAssignment.objects.filter(firm_id=firm, membership=row).delete()
    row.role = role.value
    row.save(update_fields=["role"])
    _record(firm, actor, "member.role_changed", row)


def remove_member(firm: UUID, membership: UUID, *, actor: str) -> None:
    """End a membership with its assignments; raises NotFoundError, LastAdministratorError."""
    row = _locked(firm, membership)
    _keep_one_administrator(firm, row)
    _record(firm, actor, "member.removed", row)
    row.delete()


def _locked(firm: UUID, membership: UUID) -> Membership:
    # All of the firm's administrators in one order: two that leave at once must see each other.
    administrators = Membership.objects.filter(firm_id=firm, role=Role.ADMINISTRATOR.value)
    list(administrators.order_by("pk").select_for_update())
    row = Membership.objects.filter(firm_id=firm, pk=membership).select_for_update().first()
    if row is None:
        message = "The firm has no such member."
        raise NotFoundError(message)
    return row


def _keep_one_administrator(firm: UUID, leaving: Membership) -> None:
    if leaving.role != Role.ADMINISTRATOR.value:
        return
    others = Membership.objects.filter(firm_id=firm, role=Role.ADMINISTRATOR.value)
    if not others.exclude(pk=leaving.pk).exists():
        message = "The firm needs an administrator: make somebody else one first."
        raise LastAdministratorError(message)


def assign(firm: UUID, membership: UUID, client: UUID, *, actor: str) -> None:
    """Let an accountant work on a client; doing it twice is harmless.

    Raises NotFoundError, NotAnAccountantError.
    """
    member = Membership.objects.filter(firm_id=firm, pk=membership).first()
    if member is None or not Client.objects.filter(firm_id=firm, pk=client).exists():
        message = "The firm has no such member or client."
        raise NotFoundError(message)
    if member.role != Role.ACCOUNTANT.value:
        message = "Only accountants are assigned to clients; this member reaches every client."
        raise NotAnAccountantError(message)
    _, is_new = ClientAssignment.objects.get_or_create(
        firm_id=firm, membership=member, client_id=client
    )
    if is_new:
        detail = {"membership": str(membership)}
        audit.record([_entry(firm, actor, "client.assigned", client, detail)])


def unassign(firm: UUID, membership: UUID, client: UUID, *, actor: str) -> None:
    """Take a client from an accountant; doing it twice is harmless."""
    rows = ClientAssignment.objects.filter(firm_id=firm, membership_id=membership, client_id=client)
    if rows.delete()[0]:
        detail = {"membership": str(membership)}
        audit.record([_entry(firm, actor, "client.unassigned", client, detail)])


def _record(firm: UUID, actor: str, action: str, membership: Membership) -> None:
    detail = {"person": str(membership.person_id), "role": membership.role}
    audit.record([_entry(firm, actor, action, membership.pk, detail)])


def _entry(
    firm: UUID | None, actor: str, action: str, subject: UUID, detail: dict[str, str]
) -> audit.Entry:
    return audit.Entry(
        firm=firm,
        actor=actor,
        action=action,
        subject_kind=action.partition(".")[0],
        subject_id=subject,
        detail=detail,
    )
