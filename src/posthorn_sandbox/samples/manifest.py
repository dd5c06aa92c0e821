"""Says which files there are, whose they are, and what must become of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

_HERE = Path(__file__).parent


class Result(StrEnum):
    """What must become of a document."""

    DELIVERED = "delivered"  # to `address`, or to the client's administration in Exact Online
    RETURNED = "returned"  # taken at `address`, and given back later
    HELD = "held"  # for `reason`
    DUPLICATE = "duplicate"  # of `original`; kept and not sent
    UNASSIGNED = "unassigned"  # nobody's client
    NOT_RELEASED = "not_released"  # nobody approved it
    REFUSED = "refused"  # at the door, with the code in `reason`


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """The accounting firm."""

    name: str
    country: str
    language: str
    enterprise_number: str
    enterprise_scheme: str
    vat_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client of the firm."""

    dossier_number: str
    name: str
    language: str
    country: str
    enterprise_number: str
    enterprise_scheme: str  # ISO/IEC 6523: 0208 Belgium, 0106 Netherlands
    vat_number: str
    endpoint: str
    endpoint_scheme: str
    ibans: tuple[str, ...]
    package: str  # where its books are kept: clients with the same name share a connection
    addresses: Mapping[str, str | None]  # by purchase, sales and statement; none in Exact Online


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file and what must become of it. Documents are imported in the manifest's order."""

    file: str
    client: str | None  # dossier number
    direction: str | None  # purchase or sales; None for statements and the unknown
    kind: str | None  # purchase, sales or statement
    category: str  # invoice, credit_note, statement or other
    released: bool
    is_given: bool  # client and direction cannot be read: whoever imports it says them
    result: Result
    address: str | None
    reason: str | None
    original: str | None  # the file of which this one is a duplicate
    sha256: str  # lower-case hex

    @property
    def path(self) -> Path:
        """Return where the file is."""
        return folder() / self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything about the demonstration's documents."""

    firm: Firm
    clients: tuple[Client, ...]
    documents: tuple[Document, ...]


def folder() -> Path:
    """Return the folder with the files, and nothing else, in it."""
    return _HERE / "files"


def manifest() -> Manifest:
    """Read the manifest."""
    listed = json.loads((_HERE / "manifest.json").read_text(encoding="utf-8"))
    return Manifest(
        firm=Firm(**listed["firm"]),
        clients=tuple(map(_client, listed["clients"])),
        documents=tuple(map(_document, listed["documents"])),
    )


# Any: what JSON gives; the dataclasses refuse unknown and missing names.
def _client(entry: dict[str, Any]) -> Client:
    made = {
        "ibans": tuple(entry["ibans"]),
        "addresses": MappingProxyType(entry["addresses"]),
    }
    return Client(**(entry | made))


def _document(entry: dict[str, Any]) -> Document:
    return Document(**(entry | {"result": Result(entry["result"])}))
