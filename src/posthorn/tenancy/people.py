"""Adds people, gives them roles in a firm and assigns clients to accountants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from posthorn.tenancy import audit
from posthorn.tenancy.errors import (
    AlreadyMemberError,
    EmailTakenError,
    LastAdministratorError,
    NotFoundError,
    WeakPasswordError,
)
from posthorn.tenancy.models import ClientAssignment, Membership, Person
from posthorn.tenancy.names import address, named
from posthorn.tenancy.names import language as known
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from posthorn.tenancy.themes import Theme

if TYPE_CHECKING:
    from uuid import UUID


def add_person(
    email: str, name: str, password: str | None = None, *, language: str = "en", actor: str
) -> Person:
    """Add a person; without a password nobody can log in as them yet.

    Raises BadEmailError, EmptyNameError, TooLongError, BadLanguageError, WeakPasswordError,
    EmailTakenError.
    """
    person = Person(
        email=address(email), name=named(name, _("The person's name")), language=known(language)
    )
    person.set_password(_strong(password, person))
    try:
        with system("add person"):
            person.save(force_insert=True)
            audit.record(
                [entry_of(None, actor, "person.added", person.pk, {"email": person.email})]
            )
    except IntegrityError as error:
        message = _("Somebody has the address %(email)s already.")
        raise EmailTakenError(message, email=person.email) from error
    return person


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What people choose for themselves."""

    name: str
    language: str
    theme: Theme = Theme.SYSTEM
    is_keyboard_on: bool = True


def save_person(person: UUID, wanted: Preferences, *, actor: str) -> Person:
    """Keep what a person chose; opens the system's scope.

    Raises NotFoundError, EmptyNameError, TooLongError, BadLanguageError.
    """
    with system("save person"):
        row = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
        if row is None:
            raise NotFoundError(_("There is no such person."))
        before = (row.name, row.language, row.theme, row.is_keyboard_on)
        row.name = named(wanted.name, _("The person's name"))
        row.language = known(wanted.language)
        row.theme, row.is_keyboard_on = wanted.theme.value, wanted.is_keyboard_on
        if before != (row.name, row.language, row.theme, row.is_keyboard_on):
            row.save(update_fields=["name", "language", "theme", "is_keyboard_on"])
            audit.record([entry_of(None, actor, "person.saved", row.pk, {"email": row.email})])
    return row


def save_person_language(person: UUID, language: str) -> None:
    """Keep the language that a person reads; raises BadLanguageError. No news for the trail."""
    chosen = known(language)
    with system("save language"):
        Person.objects.filter(pk=person).update(language=chosen)


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
        message = _("This person is a member of the firm already: change the role instead.")
        raise AlreadyMemberError(message) from error
    _record(firm, actor, "member.added", membership)
    return membership


def change_role(firm: UUID, membership: UUID, role: Role, *, actor: str) -> None:
    """Give a member another role; raises NotFoundError, LastAdministratorError."""
    row = locked_member(firm, membership)
    if role is not Role.ADMINISTRATOR:
        _keep_one_administrator(firm, row)
    if role is not Role.ACCOUNTANT:
        ClientAssignment.objects.filter(firm_id=firm, membership=row).delete()
    row.role = role.value
    row.save(update_fields=["role"])
    _record(firm, actor, "member.role_changed", row)


def remove_member(firm: UUID, membership: UUID, *, actor: str) -> None:
    """End a membership with its assignments; raises NotFoundError, LastAdministratorError."""
    row = locked_member(firm, membership)
    _keep_one_administrator(firm, row)
    _record(firm, actor, "member.removed", row)
    row.delete()


def locked_member(firm: UUID, membership: UUID) -> Membership:
    """Lock a membership until the transaction ends; raises NotFoundError."""
    # All of the firm's administrators in one order: two that leave at once must see each other.
    administrators = Membership.objects.filter(firm_id=firm, role=Role.ADMINISTRATOR.value)
    list(administrators.order_by("pk").select_for_update())
    row = Membership.objects.filter(firm_id=firm, pk=membership).select_for_update().first()
    if row is None:
        raise NotFoundError(_("The firm has no such member."))
    return row


def _keep_one_administrator(firm: UUID, leaving: Membership) -> None:
    if leaving.role != Role.ADMINISTRATOR.value:
        return
    others = Membership.objects.filter(firm_id=firm, role=Role.ADMINISTRATOR.value)
    if not others.exclude(pk=leaving.pk).exists():
        message = _("The firm needs an administrator: make somebody else one first.")
        raise LastAdministratorError(message)


def _record(firm: UUID, actor: str, action: str, membership: Membership) -> None:
    detail = {"person": str(membership.person_id), "role": membership.role}
    audit.record([entry_of(firm, actor, action, membership.pk, detail)])


def entry_of(
    firm: UUID | None, actor: str, action: str, subject: UUID, detail: dict[str, str]
) -> audit.Entry:
    """Say in the trail what was done to a person, a membership or an assignment."""
    return audit.Entry(
        firm=firm,
        actor=actor,
        action=action,
        subject_kind=action.partition(".")[0],
        subject_id=subject,
        detail=detail,
    )
