"""Invites people into a firm or into a client's Business Space, by a link that works once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.kernel.clock import now
from posthorn.tenancy import audit, clients, names
from posthorn.tenancy.errors import (
    AlreadyMemberError,
    LinkEndedError,
    NotAnAccountantError,
    NotFoundError,
    UsedInvitationError,
)
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.models import Client, ClientPerson, Firm, Invitation, Membership
from posthorn.tenancy.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

LIFETIME = timedelta(days=7)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An invitation to be sent; nobody can read the token again later."""

    id: UUID
    token: str
    expires_at: datetime


def invite_member(
    firm: UUID,
    email: str,
    role: Role,
    clients: Iterable[UUID] = (),
    *,
    language: str,
    actor: str,
) -> Issued:
    """Invite an address into the firm; an accountant with the clients to work on.

    An open invitation of the same address ends. Raises BadEmailError, BadLanguageError,
    AlreadyMemberError, NotAnAccountantError, NotFoundError.
    """
    _queue(firm)
    wanted = [str(client) for client in dict.fromkeys(clients)]
    if wanted and role is not Role.ACCOUNTANT:
        raise NotAnAccountantError(_("Only accountants are assigned to clients."))
    if Client.objects.filter(firm_id=firm, pk__in=wanted).count() != len(wanted):
        raise NotFoundError(_("The firm has no such client."))
    row = _new(firm, email, language, actor)
    if Membership.objects.filter(firm_id=firm, person__email=row.email).exists():
        message = _("%(email)s is a member of the firm already: change the role instead.")
        raise AlreadyMemberError(message, email=row.email)
    row.role, row.clients = role.value, wanted
    return _issue(row)


def invite_client_person(
    firm: UUID, client: UUID, email: str, *, language: str, actor: str
) -> Issued:
    """Invite an address into a client's Business Space; a client in draft becomes *invited*.

    An open invitation of the same address ends. A client that ended the link comes back through
    its own people alone. Raises BadEmailError, BadLanguageError, AlreadyMemberError,
    LinkEndedError, NotFoundError.
    """
    _queue(firm)
    company = clients.locked(firm, client)
    row = _new(firm, email, language, actor)
    row.client = company
    people = ClientPerson.objects.filter(firm_id=firm, client=company)
    is_own = people.filter(person__email=row.email).exists()
    if company.state == ClientState.LOST:
        if people.exists() and not is_own:
            message = _("%(client)s ended the link: invite one of its own people.")
            raise LinkEndedError(message, client=company.name)
    elif is_own:
        message = _("%(email)s enters this Business Space already.")
        raise AlreadyMemberError(message, email=row.email)
    if company.state == ClientState.DRAFT:
        clients.change_state(firm, client, ClientState.INVITED, actor=actor)
    return _issue(row)


def resend_invitation(firm: UUID, invitation: UUID, *, actor: str) -> Issued:
    """Give an invitation another link and another week; the old link ends.

    Raises NotFoundError, UsedInvitationError.
    """
    _queue(firm)
    _lock_client(firm, invitation)
    old = _locked(firm, invitation)
    return _issue(
        Invitation(
            firm_id=firm,
            email=old.email,
            role=old.role,
            client=old.client,
            clients=old.clients,
            language=old.language,
            invited_by=actor[:200],
        )
    )


def revoke_invitation(firm: UUID, invitation: UUID, *, actor: str) -> None:
    """Take an invitation back; doing it twice is harmless.

    Raises NotFoundError, UsedInvitationError.
    """
    row = _locked(firm, invitation)
    if row.revoked_at is None:
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        audit.record([entry(row, actor, "invitation.revoked")])


def hashed(token: str) -> str:
    """Give what is stored of a token: its SHA-256 as lower-case hex."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def entry(row: Invitation, actor: str, action: str) -> audit.Entry:
    """Say in the trail what was done about an invitation."""
    detail = {"email": row.email}
    if row.client_id:
        detail["client"] = str(row.client_id)
    else:
        detail["role"] = row.role
    return audit.Entry(
        firm=row.firm_id,
        actor=actor,
        action=action,
        subject_kind="invitation",
        subject_id=row.pk,
        detail=detail,
    )


def _queue(firm: UUID) -> None:
    """Let invitations of one firm be made one after the other: an address has one that is open."""
    # Weaker than the foreign keys of what else is written in the firm: nobody else waits.
    if not Firm.objects.filter(pk=firm).select_for_update(no_key=True):
        raise NotFoundError(_("There is no such firm."))


def _new(firm: UUID, email: str, language: str, actor: str) -> Invitation:
    return Invitation(
        firm_id=firm,
        email=names.address(email),
        language=names.language(language),
        invited_by=actor[:200],
    )


def _issue(row: Invitation) -> Issued:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row.token_sha256, row.expires_at = hashed(token), now() + LIFETIME
    others = Invitation.objects.filter(firm_id=row.firm_id, client=row.client, email=row.email)
    others.filter(used_at=None, revoked_at=None).update(revoked_at=now())
    row.save(force_insert=True)
    audit.record([entry(row, row.invited_by, "invitation.sent")])
    return Issued(id=row.pk, token=token, expires_at=row.expires_at)


def _lock_client(firm: UUID, invitation: UUID) -> None:
    # Always the client before its invitations: whoever ends the link locks them in that order.
    whose = Invitation.objects.filter(firm_id=firm, pk=invitation).values("client_id")
    list(Client.objects.filter(firm_id=firm, pk__in=whose).select_for_update())


def _locked(firm: UUID, invitation: UUID) -> Invitation:
    rows = Invitation.objects.filter(firm_id=firm, pk=invitation)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotFoundError(_("The firm has no such invitation."))
    if row.used_at is not None:
        raise UsedInvitationError(_("This invitation was accepted already."))
    return row
