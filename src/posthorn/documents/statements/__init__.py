"""Reads files of bank statements: CODA, CAMT.053 and MT940."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

from posthorn.documents.errors import UnreadableError
from posthorn.documents.formats import Format

if TYPE_CHECKING:
    from posthorn.documents.model import Facts
    from posthorn.documents.statements.model import StatementFile
    from posthorn.documents.xml import Tree

# The module that reads each format, loaded when the first such file comes.
_READERS: Final = {Format.CODA: "coda", Format.CAMT053: "camt", Format.MT940: "mt940"}
FORMATS: Final = frozenset(_READERS)
"""The formats of files that hold statements."""


def read(data: bytes, format_: Format, tree: Tree | None = None) -> StatementFile:
    """Return the statements of a file with all their movements.

    `tree` is that of XML which is parsed already. Raises a subclass of DocumentError when the bytes
    cannot be read as that format.
    """
    if format_ not in FORMATS:
        raise UnreadableError(f"{format_} holds no statements")
    reader = import_module(f"{__name__}.{_READERS[format_]}")
    read_one: Callable[..., StatementFile] = reader.read
    return read_one(data) if tree is None else read_one(data, tree)


def read_facts(data: bytes, format_: Format, tree: Tree | None = None) -> Facts:
    """Return whose statements a file holds and of which period. Raises as `read`."""
    from posthorn.documents.statements.facts import facts_of  # noqa: PLC0415  # as the readers

    return facts_of(read(data, format_, tree))
