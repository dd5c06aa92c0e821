"""Reads files of bank statements: CODA, CAMT.053 and MT940."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from posthorn.documents.errors import UnreadableError
from posthorn.documents.model import Facts, Format
from posthorn.documents.statements import camt, coda, mt940
from posthorn.documents.statements.facts import facts_of
from posthorn.documents.statements.model import StatementFile

__all__ = ["FORMATS", "StatementFile", "read", "read_facts"]

FORMATS: Final[Mapping[Format, Callable[[bytes], StatementFile]]] = MappingProxyType(
    {Format.CODA: coda.read, Format.CAMT053: camt.read, Format.MT940: mt940.read}
)
"""What reads a file of each format that holds statements."""


def read(data: bytes, format_: Format) -> StatementFile:
    """Return the statements of a file with all their movements.

    Raises a subclass of DocumentError when the bytes cannot be read as that format.
    """
    if format_ not in FORMATS:
        raise UnreadableError(f"{format_} holds no statements")
    return FORMATS[format_](data)


def read_facts(data: bytes, format_: Format) -> Facts:
    """Return whose statements a file holds and of which period. Raises as `read`."""
    return facts_of(read(data, format_))
