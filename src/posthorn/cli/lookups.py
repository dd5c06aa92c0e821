"""Finds what a person names on the command line: by the firm's own words, or by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from posthorn.cli.errors import NothingFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from posthorn.cli.rows import ClientRow, ConnectionRow, IntegrationRow

    Word = TypeVar("Word", bound=StrEnum)


def uuid_of(text: str, what: str) -> UUID:
    """Read an id; raises UsageError."""
    try:
        return UUID(text)
    except ValueError:
        message = f"{text!r} is no id of a {what}; `posthorn {what} list` shows them."
        raise UsageError(message) from None


def uuids_of(texts: Iterable[str], what: str) -> list[UUID]:
    """Read several ids, each once, in their order; raises UsageError."""
    return list(dict.fromkeys(uuid_of(text, what) for text in texts))


def client_of(firm: UUID, text: str) -> ClientRow:
    """Find a client by dossier number or id; inside the firm's scope. Raises NothingFoundError."""
    from posthorn.cli.rows import clients  # noqa: PLC0415  # needs Django

    wanted = text.strip()
    rows = clients(firm)
    found = next((one for one in rows if wanted in {one.dossier_number, str(one.id)}), None)
    if found is None:
        message = f"The firm has no client {wanted!r}: `posthorn client list` shows them."
        raise NothingFoundError(message)
    return found


def connection_of(firm: UUID, text: str) -> ConnectionRow:
    """Find an accounting package by name or id; inside the firm's scope.

    Raises NothingFoundError.
    """
    from posthorn.cli.rows import connections  # noqa: PLC0415  # needs Django

    wanted = text.strip().casefold()
    rows = connections(firm)
    found = next((one for one in rows if wanted in {one.name.casefold(), str(one.id)}), None)
    if found is None:
        message = f"The firm has no accounting package {text!r}: `posthorn connection list`."
        raise NothingFoundError(message)
    return found


def integration_of(firm: UUID, client: str, connection: str) -> IntegrationRow:
    """Find a client's integration with an accounting package; inside the firm's scope.

    Raises NothingFoundError.
    """
    from posthorn.cli.rows import integrations  # noqa: PLC0415  # needs Django

    whose, where = client_of(firm, client), connection_of(firm, connection)
    pair = (whose.dossier_number, where.name)
    rows = integrations(firm)
    found = next((one for one in rows if (one.client, one.connection) == pair), None)
    if found is None:
        message = f"{whose} has no integration with {where.name}: `posthorn integration create`."
        raise NothingFoundError(message)
    return found


def one_of(kind: type[Word], text: str, what: str) -> Word:
    """Read one of a closed list of words; raises UsageError, which lists them."""
    try:
        return kind(text.strip().lower().replace("-", "_"))
    except ValueError:
        words = ", ".join(word.value for word in kind if word.value)
        message = f"{text!r} is no {what}: choose one of {words}."
        raise UsageError(message) from None


def pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """Read `name=value` pairs; raises UsageError, which never repeats a value."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            message = f"{option} takes name=value."
            raise UsageError(message)
        found[name.strip()] = value
    return found
