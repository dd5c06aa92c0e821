"""The operator's registrations at the packages people sign in to, one per site of a package."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_KEYS = frozenset({"client_id", "client_secret", "base"})
# http only for what the operator lets us reach in private; the guard refuses it elsewhere.
_ORIGIN = re.compile(r"https?://(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One registration: how the package knows this installation, and where the package is."""

    client_id: str
    client_secret: str = field(repr=False)
    base: str = ""  # instead of the declared address: a stand-in's


Sites = Mapping[str, Site]
"""Registrations by connector's id, or by connector's id, a dot and the site's id."""


def parse_sites(text: str) -> Sites:
    """Read TOML tables [connector] or [connector.site]. Raises ValueError saying what to write."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"write TOML ({error}).") from None
    found: dict[str, Site] = {}
    for connector, table in tables.items():
        if not isinstance(table, dict):
            raise ValueError(f"{connector!r} is no table; write [{connector}] above its lines.")  # noqa: TRY004  a wrong text, not a wrong type
        if all(isinstance(one, dict) for one in table.values()):
            found |= {f"{connector}.{site}": _site(site, one) for site, one in table.items()}
        else:
            found[connector] = _site(connector, table)
    return MappingProxyType(found)


def _site(name: str, table: Mapping[str, object]) -> Site:
    unknown = sorted(table.keys() - _KEYS)
    if unknown:
        raise ValueError(f"{name!r} has {unknown[0]!r}; it knows client_id, client_secret, base.")
    values = {key: str(value).strip() for key, value in table.items()}
    if not values.get("client_id") or not values.get("client_secret"):
        raise ValueError(f"{name!r} needs client_id and client_secret.")
    return Site(
        client_id=values["client_id"],
        client_secret=values["client_secret"],
        base=parse_origin(values.get("base", "")),
    )


def parse_origin(text: str) -> str:
    """Return an address without a path, in lower case; empty stays so. Raises ValueError."""
    clean = text.strip().lower().rstrip("/")
    if clean and not _ORIGIN.fullmatch(clean):
        raise ValueError("write an address without a path, such as https://posthorn.firm.example.")
    return clean


def site_key(connector_id: str, site: str) -> str:
    """Return what a registration is found by; `site` is empty for a package with one site."""
    return f"{connector_id}.{site}" if site else connector_id
