"""Reads the demonstration's files from where the sandbox keeps them, without importing it."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from posthorn.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SANDBOX = "posthorn_sandbox"
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFirm:
    """The invented accounting firm."""

    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleClient:
    """A client of the firm: its numbers, its package, and its mailbox there for each kind."""

    dossier_number: str
    name: str
    language: str
    country: str
    enterprise_number: str
    vat_number: str
    endpoint: str
    endpoint_scheme: str
    ibans: list[str]
    package: str
    addresses: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file, and what the manifest says must become of it; `sha256` is lower-case hex."""

    file: str
    client: str | None
    direction: str | None
    released: bool
    is_given: bool
    result: str
    address: str | None
    reason: str | None
    original: str | None
    sha256: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Everything the demonstration is made of; documents in the order in which they arrive."""

    firm: SampleFirm
    clients: tuple[SampleClient, ...]
    documents: tuple[Sample, ...]


def read_samples() -> Samples:
    """Read the manifest; raises CommandError where the sandbox is not installed."""
    folder = _folder()
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))
    return Samples(
        firm=_made(SampleFirm, listed["firm"]),
        clients=tuple(_made(SampleClient, entry) for entry in listed["clients"]),
        documents=tuple(
            _made(Sample, {**entry, "path": folder / "files" / entry["file"]})
            for entry in listed["documents"]
        ),
    )


def _folder() -> Path:
    found = importlib.util.find_spec(_SANDBOX)
    if found is None or not found.submodule_search_locations:
        message = f"The demonstration needs the package {_SANDBOX}, which is not installed."
        raise CommandError(message)
    return Path(found.submodule_search_locations[0]) / "samples"


# Any: what JSON gives; a missing name is refused by the dataclass.
def _made(kind: type[Entry], entry: Mapping[str, Any]) -> Entry:
    wanted = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # ours are dataclasses
    return kind(**{name: value for name, value in entry.items() if name in wanted})
