"""Makes foreign text safe to keep and to show: no secrets, no control characters, no flood."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

MARK: Final = "***"
MAX_CHARS: Final = 2_000
_CUT: Final = "…"
_INVISIBLE: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC: titles, links
    r"|\x1b[ -/]*[0-~]"
)

_SENSITIVE = (
    r"(?:(?<![a-z])pass|pass(?:word|wd|phrase)|pwd|secret|token|authorization|credentials?"
    r"|(?:api|private|access|secret)[_-]?key|code[_-]?verifier)"
)
_PATTERNS: Final = (
    # Header: everything up to the end of the line belongs to it.
    (re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*:\s*).+"), rf"\1\2{MARK}"),
    (re.compile(r"(?i)\b(AUTH\s+(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER))\s+\S+"), rf"\1 {MARK}"),
    (re.compile(r"(?i)\b(Bearer)\s+[\w.~+/=-]{4,}"), rf"\1 {MARK}"),
    # JSON and Python mappings: "refresh_token": "…"
    (
        re.compile(
            rf"""(?i)({_SENSITIVE}["']\s{{0,9}}:\s{{0,9}})"""
            r"""(?:"(?:\\.|[^"\\])*+"?|'(?:\\.|[^'\\])*+'?|[\w.+-]+)"""
        ),
        rf"\1{MARK}",
    ),
    # Forms, query strings and settings: password=…, client_secret = "…"
    (
        re.compile(
            rf"""(?i)({_SENSITIVE}\s{{0,3}}[=:]\s{{0,3}})"""
            r"""(?:"[^"]*"?|'[^']*'?|[^\s&,;"'<>]+)"""
        ),
        rf"\1{MARK}",
    ),
    # Paths in which a token alone opens something: downloads and invitations.
    (re.compile(r"(/(?:d|invitations)/)[\w-]{20,}"), rf"\1{MARK}"),
    # URL user information (RFC 3986, 3.2.1). Greedy, since a bad URL may carry a bare @ in it.
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,30}://)[^\s/?#]+@"), rf"\1{MARK}@"),
)


def redact(text: str, secrets: Iterable[str] = (), max_chars: int = MAX_CHARS) -> str:
    """Return the text on one line, without the secrets, capped at `max_chars` characters.

    The secrets are removed as given and in the forms in which a protocol carries them (base64,
    percent-encoded); what looks like a secret (`password=…`, `Authorization: …`, the user part of
    a URL) is removed too.
    """
    known = [secret for secret in secrets if secret.strip()]
    # A secret may have been cut up by characters nobody sees: look before and after they went.
    shown = [secret for secret in map(clean, known) if secret]
    lines = _lines(_without(known, text))
    kept = _without(shown, " ".join(_without_patterns(_without(shown, line)) for line in lines))
    return kept if len(kept) <= max_chars else kept[: max_chars - len(_CUT)] + _CUT


def clean(text: str) -> str:
    """Return the text on one line: no ANSI sequences, control or invisible characters."""
    return " ".join(_lines(text))


def _lines(text: str) -> list[str]:
    lines = ("".join(_visible(line)).strip() for line in _ANSI.sub("", text).splitlines())
    return [line for line in lines if line]


def _visible(line: str) -> Iterator[str]:
    for character in line:
        if character == "\t":
            yield " "
        elif unicodedata.category(character) not in _INVISIBLE:
            yield character


def _without(secrets: Iterable[str], text: str) -> str:
    forms = {form for secret in secrets for form in _forms(secret)}
    if not forms:
        return text
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.sub("|".join(map(re.escape, longest_first)), MARK, text)


def _forms(secret: str) -> Iterator[str]:
    octets = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield quote(octets, safe="")
    yield quote_plus(octets)
    yield base64.b64encode(octets).decode("ascii").rstrip("=")
    yield base64.urlsafe_b64encode(octets).decode("ascii").rstrip("=")


def _without_patterns(text: str) -> str:
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
