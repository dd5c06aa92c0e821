"""How sure it is what a typed text names in a package, and how far giving up a sign-in is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Stage(StrEnum):
    """How far the look-up of one typed text is."""

    UNVERIFIED = "unverified"  # the package was not asked yet, or gave no answer
    UNDECIDED = "undecided"  # it answered; a person chooses or confirms
    REFUSED = "refused"  # it names nothing that can be taken
    VERIFIED = "verified"
    LOST = "lost"  # it was verified, and is not there any more


class Revocation(StrEnum):
    """What becomes of a sign-in at the package once the package is removed here."""

    DUE = "due"  # a worker asks the package to end it
    DONE = "done"
    BY_HAND = "by_hand"  # the package lets nobody but people end it
    FAILED = "failed"  # it did not: people must


class Unresolved(StrEnum):
    """What keeps an integration from delivering; empty when nothing does."""

    NO = ""
    UNVERIFIED = "unverified"  # Posthorn asks the package by itself
    UNDECIDED = "undecided"  # a person decides


def unresolved(stages: Iterable[Stage]) -> Unresolved:
    """Give what an integration with look-ups at these stages waits for."""
    open_ones = {stage for stage in stages if stage is not Stage.VERIFIED}
    if not open_ones:
        return Unresolved.NO
    return Unresolved.UNVERIFIED if open_ones == {Stage.UNVERIFIED} else Unresolved.UNDECIDED
