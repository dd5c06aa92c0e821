"""What choosing one option means for other settings: what it fills in, refuses and explains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from posthorn.sdk.languages import Words

SENDER = "{sender}"  # stands in a note for the address our mail comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """A value of another setting that cannot go with an option, and why."""

    field: str
    value: str
    reason: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What another setting's value looks like with an option; case does not count.

    A value that does not match is refused where the pattern is certain, else only doubted.
    """

    field: str
    pattern: str  # Python's syntax; the whole value has to match
    reason: Words
    is_certain: bool

    def fits(self, value: str) -> bool:
        """Tell whether the value looks as it should."""
        return re.fullmatch(self.pattern, value, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one option of a choice means for settings of the firm and of its clients."""

    option: str
    refused: Words = field(default_factory=dict)  # why this option cannot be chosen at all
    starts: Mapping[str, str] = field(default_factory=dict)  # setting → value when none is given
    forbids: tuple[Forbidden, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    notes: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)  # setting → what to know
    overruled: frozenset[str] = frozenset()  # settings whose own help does not hold: notes do

    def reason_against(self, name: str, value: str) -> Words | None:
        """Return why a setting cannot have this value; None when it can."""
        for one in self.forbids:
            if (one.field, one.value) == (name, value):
                return one.reason
        for each in self.patterns:
            if each.is_certain and each.field == name and not each.fits(value):
                return each.reason
        return None

    def doubt_about(self, name: str, value: str) -> Words | None:
        """Return why this value is probably not meant; None when there is no doubt, or no value."""
        for one in self.patterns:
            if value and not one.is_certain and one.field == name and not one.fits(value):
                return one.reason
        return None
