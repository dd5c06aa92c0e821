"""Finds clients by what people type: words of the name, dossier number, official numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from posthorn.archive.search import folded, words_of
from posthorn.tenancy.models import ClientNumber
from posthorn.tenancy.queries import clients_visible_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from posthorn.tenancy.access import Viewer

_PART = re.compile(r"[^\W_]+")
_MAX_ASKED = 8
_NUMBER_FROM = 3
"""Digits from which on a word may be part of an official number."""


@lru_cache(maxsize=20_000)
def folded_name(name: str) -> str:
    """Fold a client's name; a list folds those of thousands each time it is shown."""
    return folded(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """One typed word: without its signs, its parts, and whose official numbers hold it."""

    joined: str
    parts: tuple[str, ...]
    owners: frozenset[UUID]


def client_finder(firm: UUID, text: str) -> Callable[[UUID, str, str], bool]:
    """Read typed text; the answer tells whether a client (id, name, dossier number) is meant.

    Each word must begin a word of the name or of the dossier number, or be part of a number;
    or all of it is a number.
    """
    tokens = [_token(firm, typed) for typed in folded(text).split()[:_MAX_ASKED]]
    # A number is also written with blanks: BE 0417 497 106.
    whole = _owners(firm, "".join(_PART.findall(folded(text)))) if len(tokens) > 1 else frozenset()

    def is_meant(client: UUID, name: str, dossier_number: str) -> bool:
        if not tokens or client in whole:
            return True
        written = folded_name(f"{name} {dossier_number}")
        return all(client in token.owners or _is_in(token, written) for token in tokens)

    return is_meant


def _is_in(token: _Token, written: str) -> bool:
    if not token.parts:
        return False
    # Most names fail here, before they are taken apart.
    if not all(part in written for part in token.parts):
        return False
    words = words_of(written)
    if any(word.startswith(token.joined) for word in words):
        return True
    return all(any(word.startswith(part) for word in words) for part in token.parts)


def _token(firm: UUID, typed: str) -> _Token:
    parts = tuple(_PART.findall(typed))
    joined = "".join(parts)
    return _Token(joined=joined, parts=parts, owners=_owners(firm, joined))


def _owners(firm: UUID, joined: str) -> frozenset[UUID]:
    if sum(char.isdigit() for char in joined) < _NUMBER_FROM:
        return frozenset()
    rows = ClientNumber.objects.filter(firm_id=firm, value__contains=joined.upper())
    return frozenset(rows.values_list("client_id", flat=True))


def clients_named(firm: UUID, viewer: Viewer, text: str) -> list[UUID]:
    """Give the clients a person may see that typed text means; a whole dossier number means one."""
    rows = clients_visible_to(firm, viewer)
    exact = list(rows.filter(dossier_number=text).values_list("pk", flat=True))
    if exact:
        return exact
    is_meant = client_finder(firm, text)
    named = rows.values_list("pk", "name", "dossier_number")
    return [client for client, name, number in named if is_meant(client, name, number)]
