"""Puts together the HTTP of one connection: its site, its hosts, its login and its lines."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from django.conf import settings as django_settings

from posthorn.connections import ports
from posthorn.connections.exchange import Exchange, HttpTerms
from posthorn.connections.http import GuardedHttp, KeyLogin
from posthorn.connections.oauth import Server
from posthorn.connections.reach import reach_of
from posthorn.connections.sites import site_key
from posthorn.sdk.errors import Misconfigured
from posthorn.sdk.spec import ApiKey, OAuth2

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posthorn.connections.http import Caller, Login
    from posthorn.connections.registry import Loaded
    from posthorn.connections.sites import Site
    from posthorn.sdk.http import Http
    from posthorn.sdk.spec import ConnectorSpec

# Shorter than the database lets a transaction that holds a lock stand idle (15 s).
TOKEN_CALL_S = 10.0


class NoHttp:
    """Stands where a connector declares no host; refuses every call."""

    base = ""

    def read(self, url: str, **_: object) -> NoReturn:
        """Raise Misconfigured."""
        raise Misconfigured("http_not_available", detail=url)

    def write(self, method: str, url: str, **_: object) -> NoReturn:
        """Raise Misconfigured."""
        raise Misconfigured("http_not_available", detail=f"{method} {url}")


def http_for(
    loaded: Loaded,
    settings: Mapping[str, str],
    caller: Caller,
    *,
    login: Login | None = None,
    lines: Exchange | None = None,
    secrets: Sequence[str] = (),
) -> Http:
    """Return the HTTP of one connection with these settings.

    `login` is who signed in, where people sign in; `lines` replaces this process's, for calls with
    time limits of their own; `secrets` appear in no outcome.
    """
    spec = loaded.spec
    base = base_of(spec, settings)
    if not spec.hosts and not base:
        return NoHttp()
    exchange = lines or exchange_of_process()
    return GuardedHttp(
        exchange=exchange,
        reach=reach_of(spec, settings, base, exchange.terms.allow_private),
        caller=caller,
        login=login or _key_login(spec, settings),
        meter=ports.meter(),
        secrets=secrets,
    )


def _key_login(spec: ConnectorSpec, settings: Mapping[str, str]) -> Login | None:
    auth = spec.auth
    if not isinstance(auth, ApiKey) or not settings.get(auth.field):
        return None
    value = f"{auth.prefix}{settings[auth.field]}"
    return KeyLogin(name=auth.header, value=value, setting=auth.field)


def site_of(spec: ConnectorSpec, settings: Mapping[str, str]) -> str:
    """Return the id of the site the firm chose; empty where a package has only one."""
    if not isinstance(spec.auth, OAuth2) or not spec.auth.sites:
        return ""
    return settings.get(spec.auth.site_field, "")


def base_of(spec: ConnectorSpec, settings: Mapping[str, str]) -> str:
    """Return the address of the chosen site, the operator's word first; empty without sites."""
    if not isinstance(spec.auth, OAuth2) or not spec.auth.sites:
        return ""
    site = site_of(spec, settings)
    registered = registration_of(spec, site)
    if registered is not None and registered.base:
        return registered.base
    return spec.auth.sites.get(site, "")


def registration_of(spec: ConnectorSpec, site: str) -> Site | None:
    """Return the operator's registration at a site; None when there is none."""
    return django_settings.POSTHORN.sites.get(site_key(spec.id, site))


def server_of(spec: ConnectorSpec, settings: Mapping[str, str]) -> Server | None:
    """Return the authorisation server; None where nobody signs in, or the operator did not set up.

    Whoever needs one says what is missing.
    """
    site = registration_of(spec, site_of(spec, settings))
    if not isinstance(spec.auth, OAuth2) or site is None:
        return None
    return Server(auth=spec.auth, site=site, base=base_of(spec, settings), settings=settings)


def registered_sites(spec: ConnectorSpec) -> tuple[str, ...]:
    """Return the ids of the sites at which the operator is registered, in their order."""
    sites = spec.auth.sites if isinstance(spec.auth, OAuth2) else {}
    return tuple(site for site in sites if registration_of(spec, site) is not None)


def places_to_sign_in(spec: ConnectorSpec) -> tuple[str, ...]:
    """Return the servers, without paths, to which a browser may be sent to sign in."""
    auth = spec.auth
    if not isinstance(auth, OAuth2):
        return ()
    choices = [{auth.site_field: site} for site in auth.sites] or [{}]
    servers = [server_of(spec, settings) for settings in choices]
    found = [server.place_to_sign_in() for server in servers if server is not None]
    return tuple(sorted({place for place in found if place}))


def exchange_of_process() -> Exchange:
    """Return this process's lines, on the operator's terms."""
    return _exchange(operators_http_terms())


def token_lines() -> Exchange:
    """Return this process's lines to authorisation servers: a row is locked while they are used."""
    terms = operators_http_terms()
    total_s = min(terms.total_s, TOKEN_CALL_S)
    return _exchange(replace(terms, connect_s=min(terms.connect_s, total_s), total_s=total_s))


def reading_lines() -> Exchange:
    """Return this process's lines for questions that nobody waits for: their calls end soon."""
    return token_lines()


def close_idle_lines() -> int:
    """Close the lines of this process that nobody used for a while; return how many sets stay."""
    return exchange_of_process().close_idle() + token_lines().close_idle()


@lru_cache(maxsize=4)
def _exchange(terms: HttpTerms) -> Exchange:
    return Exchange(terms)


def operators_http_terms() -> HttpTerms:
    """Read the operator's terms from the settings."""
    env = django_settings.POSTHORN
    return HttpTerms(
        connect_s=min(env.connect_timeout, env.http_timeout),
        total_s=env.http_timeout,
        ca=env.http_ca,
        allow_private=frozenset(one.lower() for one in env.allow_private),
        lines=env.senders,
    )


def hasty_lines(limit_s: float) -> Exchange:
    """Return lines of their own whose calls end within a limit in seconds."""
    terms = operators_http_terms()
    total_s = min(terms.total_s, limit_s)
    return Exchange(replace(terms, connect_s=min(terms.connect_s, total_s), total_s=total_s))
