"""What the author of a connector provides: a stand-in for the package, with real state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from posthorn.sdk.connector import Context


class Cut(StrEnum):
    """Where the line breaks during the next write."""

    BEFORE = "before"  # nothing arrives
    AFTER = "after"  # it is stored, but the answer is lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One document as the stand-in holds it."""

    key: str  # our key, read from what arrived
    remote_id: str  # what the package calls it
    content: bytes = field(repr=False)  # what arrived, as it arrived


class FakePackage(Protocol):
    """A stand-in for an accounting package; each instance starts empty."""

    def context(self, settings: Mapping[str, str]) -> Context:
        """Return a context whose http and mail speak to this stand-in."""
        ...

    def stored(self) -> Sequence[Stored]:
        """Return the documents it holds, oldest first."""
        ...

    def writes(self) -> int:
        """Return how many calls that may change something have reached it or tried to."""
        ...

    def cut_line(self, when: Cut) -> None:
        """Break the line during the next write."""
        ...

    def refuse(self) -> None:
        """Refuse the next document in the package's own words for a document it cannot take."""
        ...
