"""Which addresses a connector may call: the hosts it declares, and the site the firm chose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from posthorn.connections.guard import pair
from posthorn.sdk.errors import Misconfigured
from posthorn.sdk.spec import OAuth2

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from posthorn.sdk.spec import ConnectorSpec

MAX_CHARS = 8_000
"""Longest address that is called; packages refuse longer ones with words that help nobody."""
_HTTPS_PORT = 443
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
# What urlsplit drops or lets through, and what servers read differently from one another.
_STRANGE = re.compile(r"[^!-~]|[\\\"<>^`{|}]")
# What RFC 3986 allows in a query, so that an OData filter stays readable in the other side's log.
_SAFE = "$,'()/:;@!*-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One server: how, where and on which port."""

    scheme: str
    host: str
    port: int

    @property
    def text(self) -> str:
        """Return it as an address without a path."""
        usual = _HTTPS_PORT if self.scheme == "https" else 80
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port != usual else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one call goes: a server, and the path with its query."""

    origin: Origin
    target: str

    @property
    def path(self) -> str:
        """Return the path without its query, which may hold what a log should not."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The servers a connector may call with these settings; `base` is the chosen site."""

    base: str
    origins: frozenset[Origin]

    def address(self, url: str, params: Mapping[str, str] | None = None) -> Address:
        """Return where a call goes. Raises Misconfigured(host_not_declared), ValueError."""
        whole = f"{self.base}{url}" if url.startswith("/") else url
        if params:
            query = urlencode(params, quote_via=quote, safe=_SAFE)
            whole += f"{'&' if '?' in whole else '?'}{query}"
        parts = _split(whole)
        origin = origin_of(parts)
        if origin not in self.origins:
            raise Misconfigured("host_not_declared", detail=origin.text)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Address(origin=origin, target=target)


def reach_of(
    spec: ConnectorSpec, settings: Mapping[str, str], base: str, allowed: Collection[str]
) -> Reach:
    """Return what a connector reaches with these settings.

    `base` is the site's address, also another than declared when the operator's site file says so;
    `allowed` are the host:port pairs that may be private and unencrypted.
    """
    found = {_declared(_filled(host, settings)) for host in spec.hosts}
    if isinstance(spec.auth, OAuth2) and spec.auth.sites:
        # Another site than the chosen one has no business with this site's tokens.
        found -= {origin_of(_split(site)) for site in spec.auth.sites.values()}
    if base:
        found.add(trusted_origin(base, allowed))
    return Reach(base=base, origins=frozenset(one for one in found if one is not None))


def trusted_origin(url: str, allowed: Collection[str]) -> Origin | None:
    """Return the server of an address that may be sent secrets; None when it may not.

    That is one over https on its usual port, or one of the host:port pairs of the operator.
    """
    origin = origin_of(_split(url))
    is_open = pair(origin.host, origin.port) in allowed
    return origin if is_open or (origin.scheme, origin.port) == ("https", _HTTPS_PORT) else None


def _declared(host: str) -> Origin | None:
    # A setting that was typed stands in it: it may be anything, and must be a host alone.
    return Origin(scheme="https", host=host, port=_HTTPS_PORT) if _HOST.fullmatch(host) else None


def _filled(text: str, settings: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: settings.get(found[1], ""), text).lower()


def origin_of(parts: SplitResult) -> Origin:
    """Return the server of an address. Raises ValueError for one that is no plain http(s) one."""
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"not an address that can be called: {parts.scheme}://{parts.hostname}")
    usual = _HTTPS_PORT if parts.scheme == "https" else 80
    return Origin(scheme=parts.scheme, host=parts.hostname, port=parts.port or usual)


def _split(url: str) -> SplitResult:
    if len(url) > MAX_CHARS or _STRANGE.search(url):
        raise ValueError(f"an address of {len(url)} characters is too long or not encoded")
    parts = urlsplit(url)
    if parts.fragment:
        raise ValueError("an address that is called has no fragment")
    return parts
