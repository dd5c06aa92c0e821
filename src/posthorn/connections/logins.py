"""The login of each call to a package people sign in to: the token of the moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posthorn.connections.calling import http_for, server_of, site_of, token_lines
from posthorn.connections.context import secrets_among
from posthorn.connections.tokens import Owner, TokenStore
from posthorn.sdk.errors import AuthorizationLost, Misconfigured
from posthorn.sdk.spec import OAuth2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.exchange import Exchange
    from posthorn.connections.http import Caller, Login
    from posthorn.connections.oauth import Server
    from posthorn.connections.registry import Loaded
    from posthorn.sdk.http import Http

_BEARER = "Bearer "
_store = TokenStore()


def token_store() -> TokenStore:
    """Return this process's tokens."""
    return _store


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLogin:
    """Gives the connection's token, refreshed when it is time."""

    store: TokenStore
    owner: Owner

    def header(self) -> tuple[str, str]:
        """Return the header with the token to use now."""
        return "Authorization", f"{_BEARER}{self.store.access(self.owner).token}"

    def renewed(self, refused: str) -> tuple[str, str]:
        """Return the header with another token, or the same when the package says it is good."""
        found = self.store.renewed(self.owner, refused.removeprefix(_BEARER))
        return "Authorization", f"{_BEARER}{found.token}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLogin:
    """The token of somebody who has signed in just now."""

    token: str = field(repr=False)

    def header(self) -> tuple[str, str]:
        """Return the header with the token."""
        return "Authorization", f"{_BEARER}{self.token}"

    def renewed(self, refused: str) -> tuple[str, str]:
        """Raise AuthorizationLost: a token of a minute ago needs no other."""
        del refused
        raise AuthorizationLost


class NotSetUp:
    """Stands where the operator has no registration with the package."""

    def header(self) -> tuple[str, str]:
        """Raise Misconfigured."""
        raise Misconfigured("sign_in_setup")

    def renewed(self, refused: str) -> tuple[str, str]:
        """Raise Misconfigured."""
        del refused
        raise Misconfigured("sign_in_setup")


def connection_http(
    loaded: Loaded,
    settings: Mapping[str, str],
    caller: Caller,
    *,
    login: Login | None = None,
    lines: Exchange | None = None,
) -> Http:
    """Return the HTTP of one connection, logged in as it is, or as `login` says."""
    return http_for(
        loaded,
        settings,
        caller,
        login=login or _login(loaded, settings, caller),
        lines=lines,
        secrets=secrets_among(loaded, settings),
    )


def _login(loaded: Loaded, settings: Mapping[str, str], caller: Caller) -> Login | None:
    if not isinstance(loaded.spec.auth, OAuth2):
        return None
    server = server_of(loaded.spec, settings)
    if server is None:
        return NotSetUp()
    return TokenLogin(store=_store, owner=owner_of(caller, server, loaded, settings))


def owner_of(caller: Caller, server: Server, loaded: Loaded, settings: Mapping[str, str]) -> Owner:
    """Return whose tokens a connection's calls need."""
    return Owner(
        firm=caller.firm,
        connection=caller.connection,
        revision=caller.revision,
        site=site_of(loaded.spec, settings),
        server=server,
        lines=token_lines(),
    )
