"""What a form shows of declared settings: groups of rows, and how each is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.sdk.fields import ON

if TYPE_CHECKING:
    from posthorn.web.offers import Offer

# A connector may call a setting `name`; a form of ours has such a field too.
PREFIX = "set-"


class Look(StrEnum):
    """How a field is drawn."""

    LINE = "line"
    HIDDEN = "hidden"
    TOGGLE = "toggle"
    CARDS = "cards"
    SELECT = "select"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the values to choose from."""

    value: str
    label: str
    is_chosen: bool
    is_closed: bool = False  # shown, and not to be chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field as a page shows it; `value` is never a secret's."""

    id: str
    look: Look
    label: str
    help: str
    value: str
    error: str
    is_required: bool
    is_saved: bool
    shown_when: str
    options: tuple[Option, ...]
    input_type: str
    max_chars: int
    notes: tuple[str, ...] = ()  # what the chosen options have to say about it
    doubt: str = ""  # why its value is probably not meant
    refills: bool = False  # another option fills other fields in
    offer: Offer | None = None  # the list that the package gives

    @property
    def name(self) -> str:
        """The name under which it is posted."""
        return PREFIX + self.id

    @property
    def line(self) -> str:
        """What stands in it: where people type from a list, the line of its value."""
        return self.offer.line_of(self.value) if self.offer else self.value

    @property
    def is_described(self) -> bool:
        """Tell whether something is said about it."""
        return bool(self.help or self.error or self.notes or self.doubt)

    @property
    def is_on(self) -> bool:
        """Tell whether a switch is on."""
        return self.value == ON

    @property
    def is_toggle(self) -> bool:
        """Tell a switch from everything else."""
        return self.look is Look.TOGGLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that stand together; one with a heading is folded until it is needed."""

    heading: str
    rows: tuple[Row, ...]
    is_open: bool
    note: str = ""  # what is chosen in it, to be read while it is folded
