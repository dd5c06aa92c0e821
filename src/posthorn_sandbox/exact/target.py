"""What an address of the data interface points to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

_PATH = re.compile(
    r"(?P<path>[A-Za-z]+(?:/[A-Za-z]+)*?)(?:\((?P<key>[^()]*)\)(?:/(?P<inner>[A-Za-z]+))?)?"
    r"(?P<count>/\$count)?/?"
)
_GUID = re.compile(r"guid'([0-9a-fA-F-]{36})'")
ROOT = "/api/v1/"
ME = "current/Me"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A resource of an administration (None for the user's own), its key, and what is below."""

    path: str
    division: int | None
    key: str | None = None
    inner: str | None = None
    is_count: bool = False


def read_target(path: str) -> Target | None:
    """Read an address; None for one that points nowhere."""
    rest = unquote(path).removeprefix(ROOT)
    if rest.rstrip("/") == ME:
        return Target(path=ME, division=None)
    number, _, below = rest.partition("/")
    match = _PATH.fullmatch(below)
    if match is None or not (number.isascii() and number.isdecimal() and len(number) <= 12):  # noqa: PLR2004  no division has more digits
        return None
    return Target(
        path=match["path"],
        division=int(number),
        key=None if match["key"] is None else _key(match["key"]),
        inner=match["inner"],
        is_count=match["count"] is not None,
    )


def _key(text: str) -> str:
    found = _GUID.fullmatch(text)
    return found[1].lower() if found else text
