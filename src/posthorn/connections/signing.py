"""Lets people sign in to a package: out with a state of their own, back once, and in the store."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from posthorn.connections import calling, consents
from posthorn.connections.consultation import Subject, consult
from posthorn.connections.errors import (
    AccessNotConfirmedError,
    NotFoundError,
    SignInNotOfferedError,
    SignInOverError,
    SignInRefusedError,
)
from posthorn.connections.grant_models import SignIn
from posthorn.connections.http import Caller
from posthorn.connections.keyring import Sealed, keyring
from posthorn.connections.logins import NewLogin
from posthorn.connections.models import Connection
from posthorn.connections.oauth import Pair, Server
from posthorn.connections.places import place_of_sign_in
from posthorn.connections.services import loaded_connector
from posthorn.connections.settings import check_settings
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.kernel.redact import redact
from posthorn.tenancy.queries import membership_of
from posthorn.tenancy.roles import Permission, is_allowed
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from posthorn.connections.registry import Loaded

PATH = "/signing-in/"
"""Where packages send people back to, on POSTHORN_PUBLIC_URL; registered there to the letter."""
STATE_LIFE = timedelta(minutes=10)
ANSWER_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who sits at the browser: the person, the session, and the name the trail knows."""

    person: UUID
    session: str
    actor: str

    @property
    def session_hash(self) -> str:
        """Return what is kept of the session."""
        return _hash(self.session)


def redirect_uri() -> str:
    """Return the address that a registration names. Raises SignInNotOfferedError."""
    site = django_settings.POSTHORN.public_url
    if not site:
        raise SignInNotOfferedError("POSTHORN_PUBLIC_URL is not set.")
    return f"{site}{PATH}"


def is_offered(loaded: Loaded, settings: Mapping[str, str]) -> bool:
    """Tell whether the operator prepared signing in with these settings."""
    server = calling.server_of(loaded.spec, settings)
    return server is not None and bool(django_settings.POSTHORN.public_url)


def begin(
    firm: UUID,
    connector_id: str,
    values: Mapping[str, str],
    *,
    visitor: Visitor,
    connection_id: UUID | None = None,
) -> str:
    """Return where the person signs in; `connection_id` is what she signs in again to.

    Call it inside the firm's scope. Raises ConnectorMissingError, SettingsError, NotFoundError,
    AccessNotConfirmedError, SignInNotOfferedError.
    """
    loaded = loaded_connector(connector_id)
    demand_consent(firm, loaded)
    settings = check_settings(loaded.spec.firm_settings, values).plain
    _demand_own(firm, connector_id, connection_id)
    server = server_for(loaded, settings)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    row = SignIn(
        id=new_id(),
        firm_id=firm,
        connector_id=connector_id,
        connection_id=connection_id,
        settings=settings,
        site=calling.site_of(loaded.spec, settings),
        person=visitor.person,
        actor=visitor.actor,
        session=visitor.session_hash,
        state=_hash(state),
        expires_at=now() + STATE_LIFE,
    )
    seal(row, {"verifier": verifier})
    row.save()
    return server.authorize_url(redirect_uri=redirect_uri(), state=state, verifier=verifier)


def claim(state: str, *, visitor: Visitor) -> SignIn:
    """Use a state up, the one time it counts; call it outside any scope.

    Raises SignInOverError for one that is unknown, used, late, or another person's or session's,
    and for a person who may no longer set up packages in the firm.
    """
    with system("a sign-in returns"):
        mine = SignIn.objects.filter(
            state=_hash(state),
            person=visitor.person,
            session=visitor.session_hash,
            returned_at=None,
            done_at=None,
            expires_at__gt=now(),
        )
        is_claimed = mine.update(returned_at=now())
        row = SignIn.objects.filter(state=_hash(state)).first() if is_claimed else None
    if row is None or not _may_connect(row.firm_id, visitor.person):
        raise SignInOverError("Begin again: this sign-in is over.")
    return row


def take_code(row: SignIn, code: str) -> None:
    """Exchange a code for tokens, the one token call of a web request; outside any transaction.

    Raises SignInRefusedError.
    """
    loaded = loaded_connector(row.connector_id)
    server = server_for(loaded, row.settings)
    asked_at = now()
    found = server.exchange_code(
        calling.token_lines(), code, redirect_uri=redirect_uri(), verifier=unseal(row)["verifier"]
    )
    if not isinstance(found, Pair):
        with acting(row.firm_id):
            scrub(row)
        raise SignInRefusedError(found.said)
    seal(row, {"access": found.access, "refresh": found.refresh})
    row.issued_at, row.tokens_expire_at = now(), asked_at + found.life
    row.expires_at = now() + ANSWER_LIFE
    with acting(row.firm_id):
        row.save()


def identify(row: SignIn) -> None:
    """Ask the package who signed in, and keep it; outside any transaction.

    Raises one of the six outcomes.
    """
    loaded = loaded_connector(row.connector_id)
    subject = Subject(
        loaded=loaded,
        settings=row.settings,
        caller=Caller(
            firm=row.firm_id, connection=row.id, connector_id=row.connector_id, revision=0
        ),
        login=NewLogin(token=unseal(row)["access"]),
    )
    account = consult(subject, lambda connector, ctx: connector.account(ctx))
    row.account_id = account.id[:200]
    row.account_name = redact(account.name, max_chars=200)
    row.account_detail = redact(account.detail, max_chars=200)
    with acting(row.firm_id):
        row.save(update_fields=["account_id", "account_name", "account_detail"])


def resume(sign_in_id: UUID, *, visitor: Visitor) -> SignIn:
    """Return a sign-in whose tokens wait, to any page of the person; outside any scope.

    Raises NotFoundError for one that is over, or another person's.
    """
    with system("a sign-in goes on"):
        row = SignIn.objects.filter(id=sign_in_id, person=visitor.person).first()
    if row is None or not _may_connect(row.firm_id, visitor.person):
        raise NotFoundError("This sign-in is over: begin again.")
    with acting(row.firm_id):
        return pending(row.firm_id, sign_in_id, visitor=visitor)


def refuse(row: SignIn) -> None:
    """End a sign-in that came back without a code."""
    with acting(row.firm_id):
        scrub(row)


def pending(firm: UUID, sign_in_id: UUID, *, visitor: Visitor, lock: bool = False) -> SignIn:
    """Return a sign-in whose tokens wait for a decision; inside the firm's scope.

    Raises NotFoundError for one that is over, or another person's.
    """
    rows = SignIn.objects.filter(
        firm_id=firm,
        id=sign_in_id,
        person=visitor.person,
        done_at=None,
        issued_at__isnull=False,
        expires_at__gt=now(),
    )
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    if row is None:
        raise NotFoundError("This sign-in is over: begin again.")
    return row


def end_all(firm: UUID, connector_id: str, connection_id: UUID | None) -> None:
    """End the sign-ins under way of a connection, or of an extension: nothing secret stays."""
    rows = SignIn.objects.filter(firm_id=firm, connector_id=connector_id, done_at=None)
    own = rows if connection_id is None else rows.filter(connection_id=connection_id)
    for row in own.order_by("id").select_for_update(no_key=True):
        scrub(row)


def clear_old() -> int:
    """Remove sign-ins that ended or were left; gives how many."""
    with system("clear sign-ins"):
        return SignIn.objects.filter(expires_at__lt=now() - STATE_LIFE).delete()[0]


def server_for(loaded: Loaded, settings: Mapping[str, str]) -> Server:
    """Return the authorisation server. Raises SignInNotOfferedError."""
    server = calling.server_of(loaded.spec, settings)
    if server is None:
        raise SignInNotOfferedError(f"POSTHORN_SITES has no registration at {loaded.spec.name}.")
    return server


def seal(row: SignIn, content: Mapping[str, str]) -> None:
    """Put secrets into a row that is about to be saved."""
    sealed = keyring().seal(json.dumps(dict(content)), place=place_of_sign_in(row))
    row.key_id, row.sealed = sealed.key_id, sealed.data


def unseal(row: SignIn) -> dict[str, str]:
    """Return the secrets of a row. Raises KeyringError."""
    sealed = Sealed(key_id=row.key_id, data=bytes(row.sealed))
    found: dict[str, str] = json.loads(keyring().open(sealed, place=place_of_sign_in(row)))
    return found


def scrub(row: SignIn, *, at: datetime | None = None) -> None:
    """End a sign-in: nothing secret stays."""
    row.key_id, row.sealed, row.done_at = "", b"", at or now()
    row.save()


def demand_consent(firm: UUID, loaded: Loaded) -> None:
    """Refuse where nobody let the extension do what it asks for. Raises AccessNotConfirmedError."""
    given = consents.consents_of(firm, loaded.id)
    if not consents.is_confirmed(given, loaded):
        raise AccessNotConfirmedError(f"Confirm what {loaded.spec.name} asks for first.")


def _demand_own(firm: UUID, connector_id: str, connection_id: UUID | None) -> None:
    if connection_id is None:
        return
    rows = Connection.objects.filter(firm_id=firm, connector_id=connector_id, removed_at=None)
    if not rows.filter(id=connection_id).exists():
        raise NotFoundError("The firm has no such accounting package.")


def _may_connect(firm: UUID, person: UUID) -> bool:
    with acting(firm):
        member = membership_of(firm, person)
    return member is not None and is_allowed(member.role, Permission.MANAGE_CONNECTIONS)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
