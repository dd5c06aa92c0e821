"""Gives a finished sign-in its place: a new connection, one that is there, or a question first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.db import IntegrityError, transaction

from posthorn.connections import resolutions, signing
from posthorn.connections.endings import Account, end_others
from posthorn.connections.errors import NotFoundError
from posthorn.connections.grant_models import Grant
from posthorn.connections.models import Connection, Integration
from posthorn.connections.oauth import Pair
from posthorn.connections.ports import hold_keeper
from posthorn.connections.services import create_connection, loaded_connector
from posthorn.connections.tokens import seal_pair
from posthorn.kernel.clock import now
from posthorn.sdk.spec import OAuth2
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.connections.grant_models import SignIn
    from posthorn.connections.registry import Loaded
    from posthorn.connections.signing import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """Asks whether this account should take the place of the one that is there."""

    sign_in: UUID
    connection: UUID
    before: str  # the account that is there
    after: str
    clients: int  # connected to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A sign-in that has its connection now."""

    connection: UUID
    account: str
    detail: str
    is_new: bool


def place(firm: UUID, sign_in_id: UUID, *, visitor: Visitor, replaces: bool) -> Placed | Exchanged:
    """Store the tokens with their connection, whose deliveries go on; or ask first.

    `replaces` is the answer yes. Older sign-ins of the same account have ended either way: the
    package ended them. Raises NotFoundError, ConnectorMissingError, AccessNotConfirmedError,
    SignInNotOfferedError.
    """
    with acting(firm):
        row = signing.pending(firm, sign_in_id, visitor=visitor, lock=True)
        loaded = loaded_connector(row.connector_id)
        signing.demand_consent(firm, loaded)  # it may have been removed while somebody was away
        account = _account(row, loaded)
        there = _there(row, account)
        is_asked = there is not None and not there.is_same and not replaces
        kept = there.connection.id if there is not None and not is_asked else None
        if keeps_newest_only(loaded):
            end_others(account, kept=kept)
        if there is not None and is_asked:
            return _question(row, there)
        return _stored(row, loaded, account, there)


def question(firm: UUID, sign_in_id: UUID, *, visitor: Visitor) -> Exchanged | None:
    """Return what would be asked; None when nothing would. Inside the firm's scope; reads only.

    Raises NotFoundError, ConnectorMissingError, SignInNotOfferedError.
    """
    row = signing.pending(firm, sign_in_id, visitor=visitor)
    there = _there(row, _account(row, loaded_connector(row.connector_id)))
    return _question(row, there) if there is not None and not there.is_same else None


def decline(firm: UUID, sign_in_id: UUID, *, visitor: Visitor) -> None:
    """Answer no: the tokens are forgotten. Raises NotFoundError."""
    with acting(firm):
        signing.scrub(signing.pending(firm, sign_in_id, visitor=visitor, lock=True))


def keeps_newest_only(loaded: Loaded) -> bool:
    """Tell whether the package keeps only the newest sign-in of an account."""
    return isinstance(loaded.spec.auth, OAuth2) and loaded.spec.auth.newest_only


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """The connection that the firm has already; nobody signed in to it where account is empty."""

    connection: Connection
    is_same: bool
    account: str


def _account(row: SignIn, loaded: Loaded) -> Account:
    server = signing.server_for(loaded, row.settings)
    return Account(
        connector_id=row.connector_id, site=row.site, app=server.site.client_id, id=row.account_id
    )


def _there(row: SignIn, account: Account) -> _There | None:
    """Find where these tokens belong: with the account's own connection before any other."""
    grants = {
        one.connection_id: one
        for one in Grant.objects.filter(firm_id=row.firm_id, connector_id=row.connector_id)
    }
    live = Connection.objects.filter(firm_id=row.firm_id, removed_at=None)
    found = live.filter(connector_id=row.connector_id).order_by("created_at", "id")
    rows = [_seen(one, grants.get(one.id), account) for one in found]
    if row.connection_id is not None:
        mine = next((one for one in rows if one.connection.id == row.connection_id), None)
        if mine is None:
            raise NotFoundError("The accounting package was removed meanwhile.")
        return mine
    same = next((one for one in rows if one.is_same), None)
    if same is not None or django_settings.POSTHORN.several_accounts:
        return same
    return rows[0] if rows else None


def _seen(connection: Connection, grant: Grant | None, account: Account) -> _There:
    if grant is None:
        return _There(connection=connection, is_same=True, account="")
    theirs = (grant.site, grant.app, grant.account_id)
    is_same = theirs == (account.site, account.app, account.id)
    return _There(connection=connection, is_same=is_same, account=grant.account_name)


def _question(row: SignIn, there: _There) -> Exchanged:
    bound = Integration.objects.filter(connection_id=there.connection.id, removed_at=None)
    return Exchanged(
        sign_in=row.id,
        connection=there.connection.id,
        before=there.account,
        after=row.account_name,
        clients=bound.count(),
    )


def _stored(row: SignIn, loaded: Loaded, account: Account, there: _There | None) -> Placed:
    connection = there.connection if there else _made(row, loaded)
    grant = _grant(row, connection, account, is_newest_only=keeps_newest_only(loaded))
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError:
        # Somebody else came back with the same account in this very moment; ours is stored last.
        end_others(account, kept=connection.id)
        grant.save()
    _go_on(row, connection, loaded)
    signing.scrub(row)
    _tell(row, connection, there)
    hold_keeper().reconsider(row.firm_id, connection_ids=[connection.id], actor=row.actor)
    return Placed(
        connection=connection.id,
        account=row.account_name,
        detail=row.account_detail,
        is_new=there is None,
    )


def _made(row: SignIn, loaded: Loaded) -> Connection:
    live = Connection.objects.filter(firm_id=row.firm_id, removed_at=None)
    taken = {name.casefold() for name in live.values_list("name", flat=True)}
    own = loaded.spec.name
    tries = [own, *(f"{own} {number}" for number in range(2, len(taken) + 3))]
    name = next(one for one in tries if one.casefold() not in taken)
    return create_connection(row.firm_id, row.connector_id, name, row.settings, actor=row.actor)


def _grant(row: SignIn, connection: Connection, account: Account, *, is_newest_only: bool) -> Grant:
    rows = Grant.objects.filter(connection_id=connection.id)
    grant = rows.select_for_update(no_key=True).first() or Grant(
        firm_id=row.firm_id, connection_id=connection.id, generation=0
    )
    grant.connector_id, grant.site, grant.app = account.connector_id, account.site, account.app
    grant.account_id, grant.account_name = account.id, row.account_name
    grant.account_detail, grant.is_newest_only = row.account_detail, is_newest_only
    grant.signed_in_at, grant.signed_in_by = now(), row.actor
    grant.ended_at, grant.ended_code = None, ""
    grant.revocation, grant.revoke_until = "", None
    grant.generation += 1
    tokens, issued_at = signing.unseal(row), row.issued_at or now()
    life = (row.tokens_expire_at or issued_at) - issued_at
    pair = Pair(access=tokens["access"], refresh=tokens["refresh"], life=life)
    seal_pair(grant, pair, asked_at=issued_at)
    grant.issued_at = issued_at
    return grant


def _go_on(row: SignIn, connection: Connection, loaded: Loaded) -> None:
    locked = Connection.objects.select_for_update(no_key=True).get(id=connection.id)
    if locked.removed_at is not None:
        raise NotFoundError("The accounting package was removed meanwhile.")
    locked.settings, locked.connector_version = row.settings, loaded.spec.version
    # What is under way with the older tokens must not be blamed on these.
    locked.version += 1
    locked.attention = locked.attention_field = locked.attention_detail = ""
    locked.attention_since = None
    locked.checked_at, locked.checked_as = now(), row.account_name
    locked.save()
    resolutions.begin_for_connection(locked, loaded)
    # Another account, or other rights of the same one, may see other companies.
    resolutions.look_again(row.firm_id, connection.id)


def _tell(row: SignIn, connection: Connection, there: _There | None) -> None:
    before = there.account if there is not None and not there.is_same else ""
    detail: Mapping[str, object] = {"account": row.account_name, "site": row.site, "before": before}
    audit.record(
        [
            audit.Entry(
                firm=row.firm_id,
                actor=row.actor,
                action="connection.account_replaced" if before else "connection.signed_in",
                subject_kind="connection",
                subject_id=connection.id,
                detail=detail,
            )
        ]
    )
