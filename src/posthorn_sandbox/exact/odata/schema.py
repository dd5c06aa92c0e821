"""Fields and resources: what a thing looks like on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Row = dict[str, object]


class Kind(StrEnum):
    """A field's type, and how it is written in JSON."""

    GUID = "guid"
    TEXT = "text"
    CODE = "code"
    COUNTRY = "country"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    BOOL = "bool"
    DATE = "date"
    ISO = "iso"
    BYTES = "bytes"
    NAV = "nav"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; a mandatory one must be in a POST, one that is not writable is ignored there."""

    name: str
    kind: Kind
    is_writable: bool = False
    is_mandatory: bool = False
    references: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A resource: its path below the division, its type's name, its fields in order, its key.

    `filterable` names what a filter may use, empty is every field; `verbs` what one may do.
    """

    path: str
    type_name: str
    fields: Mapping[str, Field]
    key: str = "ID"
    verbs: frozenset[str] = frozenset({"GET"})
    page_size: int = 60
    filterable: frozenset[str] = frozenset()
    feature: str = ""
    navigations: Mapping[str, str] = field(default_factory=dict)


def parse_fields(text: str) -> dict[str, Field]:
    """Read `Name:kind` words; `>Resource` refers, `+` at the end is writable, `!` mandatory."""
    found = {}
    for word in text.split():
        name, _, rest = word.rstrip("+!").partition(":")
        kind, _, references = rest.partition(">")
        found[name] = Field(
            name=name,
            kind=Kind(kind),
            is_writable=word.endswith(("+", "!")),
            is_mandatory=word.endswith("!"),
            references=references,
        )
    return found
