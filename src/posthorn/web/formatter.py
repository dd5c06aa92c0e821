"""Writes numbers, amounts, days and moments as the reader of a page does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format, get_format, number_format
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone

from posthorn.web.languages import language

if TYPE_CHECKING:
    from datetime import tzinfo

_DAYS: Final = 4_096
_NUMBERS: Final = 4_096
_TIMES: Final = 4 * 24 * 60  # every minute in every language
_NONE: Final = SafeString("")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatter:
    """The language and the zone of one page: asked for once, a list writes hundreds of things."""

    language: str
    zone: tzinfo

    def number(self, number: int) -> SafeString:
        """Write a number in groups of thousands."""
        return _number(number, self.language)

    def count(self, number: int) -> SafeString:
        """Write how many there are; nothing where there are none."""
        return _number(number, self.language) if number else _NONE

    def amount(self, total: Decimal | None, currency: str) -> str:
        """Write an amount with its currency; more than two decimals only where they were sent."""
        if total is None:
            return ""
        cents = total.quantize(_CENT)
        exact = cents if cents == total else total.normalize()
        return f"{format(exact, ',f').translate(_marks(self.language))} {currency}".strip()

    def local(self, at: datetime) -> datetime:
        """Give a moment as the clock on the reader's wall shows it."""
        return at.astimezone(self.zone)

    def day(self, one: date) -> str:
        """Write a day for a list."""
        return _day(one, "SHORT_DATE_FORMAT", self.language)

    def day_of(self, at: datetime) -> str:
        """Write the day of a moment."""
        return self.day(self.local(at).date())

    def full_day(self, one: date) -> str:
        """Write a day with the name of its month."""
        return _day(one, "DATE_FORMAT", self.language)

    def month_day(self, one: date) -> str:
        """Write a day without its year."""
        return _day(one, "MONTH_DAY_FORMAT", self.language)

    def moment(self, at: datetime) -> str:
        """Write a moment for a list."""
        local = self.local(at)
        return f"{self.day(local.date())} {self.clock(local)}"

    def full_moment(self, at: datetime) -> str:
        """Write a moment with the name of its month."""
        local = self.local(at)
        return f"{self.full_day(local.date())} {self.clock(local)}"

    def clock(self, local: datetime) -> str:
        """Write the time of a moment that is local."""
        return _clock(local.hour, local.minute, self.language)


def page_formatter() -> Formatter:
    """Give the formatter of the page that is being made."""
    return Formatter(language=language(), zone=get_current_timezone())


@lru_cache(maxsize=_NUMBERS)
def _number(number: int, _language: str) -> SafeString:
    # Digits and our own marks: marked so that no page looks for markup in them again.
    return SafeString(number_format(number, force_grouping=True))


@lru_cache(maxsize=8)
def _marks(_language: str) -> dict[int, str]:
    """Give what stands for the marks of Python's own numbers."""
    return {
        ord(","): str(get_format("THOUSAND_SEPARATOR")),
        ord("."): str(get_format("DECIMAL_SEPARATOR")),
    }


@lru_cache(maxsize=_DAYS)
def _day(one: date, form: str, _language: str) -> str:
    return date_format(one, form)


@lru_cache(maxsize=_TIMES)
def _clock(hour: int, minute: int, _language: str) -> str:
    return date_format(datetime(2000, 1, 1, hour, minute), "TIME_FORMAT")  # noqa: DTZ001  # any day
