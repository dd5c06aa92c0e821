"""Keeps the tokens of sign-ins: one writer at a time, a new pair stored before it is used."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, transaction
from django.db import connection as database

from posthorn.connections import ports
from posthorn.connections.endings import SUPERSEDED, end_grant
from posthorn.connections.grant_models import Grant
from posthorn.connections.keyring import KeyringError, Sealed, keyring
from posthorn.connections.oauth import Failure, NoTokens, Pair
from posthorn.connections.places import place_of_grant
from posthorn.kernel import crash
from posthorn.kernel.clock import now
from posthorn.sdk.errors import AuthorizationLost, Misconfigured, RateLimited, Unavailable
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from posthorn.connections.exchange import Exchange
    from posthorn.connections.oauth import Server
    from posthorn.sdk.errors import Outcome

KEEP_ALIVE = timedelta(days=7)
WARN_IDLE = timedelta(days=21)
# After a call without an answer; two a minute are the most that anybody should see of us.
_WAITS = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 600))
_STILL_GOOD_FOR = timedelta(seconds=15)
_SETUP_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose tokens these are, where they come from, and over which lines.

    `revision` is the connection's version as the owner knows it: each sign-in makes a new one.
    """

    firm: UUID
    connection: UUID
    revision: int
    site: str
    server: Server
    lines: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An access token that may be used until a moment (aware, UTC)."""

    token: str = field(repr=False)
    until: datetime


def seal_pair(row: Grant, pair: Pair, *, asked_at: datetime) -> None:
    """Put a new pair into a row that is about to be saved; `asked_at` is before the call."""
    text = json.dumps({"access": pair.access, "refresh": pair.refresh})
    sealed = keyring().seal(text, place=place_of_grant(row))
    row.key_id, row.sealed = sealed.key_id, sealed.data
    row.issued_at = row.refreshed_at = now()
    row.expires_at = asked_at + pair.life
    row.retry_at, row.unanswered = None, 0


def opened_pair(row: Grant) -> tuple[str, str]:
    """Return access and refresh token. Raises KeyringError."""
    sealed = Sealed(key_id=row.key_id, data=bytes(row.sealed))
    found = json.loads(keyring().open(sealed, place=place_of_grant(row)))
    return found["access"], found["refresh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A token, and the revision for which it was asked."""

    access: Access
    revision: int


class TokenStore:
    """This process's view of the tokens: what it was given last, and one asker per connection."""

    def __init__(self) -> None:
        self._kept: dict[UUID, _Kept] = {}
        self._askers: dict[UUID, threading.Lock] = {}
        self._lock = threading.Lock()

    def access(self, owner: Owner) -> Access:
        """Return a token to use now, a new one when it is time.

        Call it outside any transaction. Raises AuthorizationLost, Unavailable, RateLimited,
        Misconfigured.
        """
        with self._asker(owner.connection):
            return self._known(owner) or self._settled(owner, refused="")

    def renewed(self, owner: Owner, refused: str) -> Access:
        """Return what to use instead of a token that was refused; raises as `access` does."""
        with self._asker(owner.connection):
            known = self._known(owner)
            if known is not None and known.token != refused:
                return known  # another thread was faster
            return self._settled(owner, refused=refused)

    def forget(self, connection: UUID) -> None:
        """Look into the database again before the next call."""
        self._kept.pop(connection, None)

    def _asker(self, connection: UUID) -> threading.Lock:
        with self._lock:
            return self._askers.setdefault(connection, threading.Lock())

    def _known(self, owner: Owner) -> Access | None:
        """Return the token there is, but for one of a sign-in before the one the owner knows of."""
        kept = self._kept.get(owner.connection)
        if kept is None or kept.revision < owner.revision or now() >= kept.access.until:
            return None
        return kept.access

    def _settled(self, owner: Owner, *, refused: str) -> Access:
        self._kept.pop(owner.connection, None)
        found = settle(owner, refused=refused)
        if not isinstance(found, Access):
            raise found
        self._kept[owner.connection] = _Kept(access=found, revision=owner.revision)
        return found


def settle(owner: Owner, *, refused: str = "", keep_alive: bool = False) -> Access | Outcome:
    """Read, decide, perhaps ask, and commit, all under the row's lock.

    `refused` is a token that the package no longer took; `keep_alive` refreshes before it is due.
    """
    try:
        return _settled(owner, refused, keep_alive=keep_alive)
    except (DatabaseError, InterfaceError) as error:
        database.close()
        return Unavailable("sign_in_unanswered", detail=type(error).__name__)
    except KeyringError as error:
        return Unavailable("key_missing", detail=str(error))
    finally:
        # Threads that only send must not each keep a line to the database for this.
        if not database.in_atomic_block:
            database.close()


def _settled(owner: Owner, refused: str, *, keep_alive: bool) -> Access | Outcome:
    with transaction.atomic(durable=True), acting(owner.firm):
        row = (
            Grant.objects.select_for_update(no_key=True)
            .filter(connection_id=owner.connection)
            .first()
        )
        # Tokens of one site are shown to no other: another one chosen needs another sign-in.
        if row is None or row.site != owner.site:
            return AuthorizationLost("not_signed_in")
        return _Turn(owner, row, refused).taken(keep_alive=keep_alive)


class _Turn:
    """One look at a locked row."""

    def __init__(self, owner: Owner, row: Grant, refused: str) -> None:
        self._owner = owner
        self._row = row
        self._auth = owner.server.auth
        self._refused = refused
        self._now = now()

    def taken(self, *, keep_alive: bool) -> Access | Outcome:
        row = self._row
        if row.ended_at is not None:
            return AuthorizationLost(row.ended_code)
        access, refresh = opened_pair(row)
        is_refused = access == self._refused
        if not (self._is_due() or is_refused or keep_alive):
            return Access(token=access, until=self._due_at())
        usable = None if is_refused else self._usable(access)
        obstacle = self._obstacle()
        if obstacle is not None:
            return usable or obstacle
        return self._asked(access, refresh, usable)

    def _due_at(self) -> datetime:
        early = self._row.issued_at + self._auth.earliest_refresh
        return max(early, self._row.expires_at - self._auth.refresh_margin)

    def _is_due(self) -> bool:
        return self._now >= self._due_at()

    def _usable(self, access: str) -> Access | None:
        """Return the token there is while it lives, for as long as nobody should ask again."""
        retry_at = self._row.retry_at or self._now
        until = max(self._due_at(), min(retry_at, self._row.expires_at))
        return Access(token=access, until=until) if self._now < self._row.expires_at else None

    def _obstacle(self) -> Outcome | None:
        """Say why the package must not be asked now."""
        row, most = self._row, self._auth.calls_per_day
        if not ports.may_call():
            return Unavailable("installation_on_hold")
        if row.retry_at is not None and self._now < row.retry_at:
            return Unavailable("sign_in_unanswered")
        if row.calls_on != self._now.date():
            row.calls_on, row.calls = self._now.date(), 0
        if most is not None and row.calls >= most:
            tomorrow = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
            return RateLimited("tokens_used_up", until=tomorrow + timedelta(days=1))
        return None

    def _asked(self, access: str, refresh: str, usable: Access | None) -> Access | Outcome:
        row = self._row
        row.calls += 1
        found = self._owner.server.refresh(self._owner.lines, refresh)
        crash.reach("after_token_answer")
        if isinstance(found, Pair):
            seal_pair(row, found, asked_at=self._now)
            row.generation += 1
            row.save()
            return Access(token=found.access, until=self._due_at())
        answer = self._understood(found, access, usable)
        row.save()
        return answer

    def _understood(self, found: NoTokens, access: str, usable: Access | None) -> Access | Outcome:
        match found.failure:
            case Failure.STILL_VALID:
                self._row.refreshed_at = self._row.retry_at = now() + _STILL_GOOD_FOR
                return Access(token=access, until=now() + _STILL_GOOD_FOR)
            case Failure.SUPERSEDED | Failure.GONE:
                is_taken = found.failure is Failure.SUPERSEDED
                code = SUPERSEDED if is_taken else "sign_in_ended"
                end_grant(self._row, code, detail=found.said, actor="engine")
                return AuthorizationLost(code, detail=found.said)
            case Failure.REFUSED:
                self._row.retry_at = now() + _SETUP_WAIT
                return usable or Misconfigured("sign_in_setup", detail=found.said)
            case Failure.UNREACHED | Failure.UNANSWERED:
                step = min(self._row.unanswered, len(_WAITS) - 1)
                self._row.unanswered += 1
                self._row.retry_at = now() + _WAITS[step]
                return usable or Unavailable("sign_in_unanswered", detail=found.said)
