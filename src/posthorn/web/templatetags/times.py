"""Draws days and moments, for people and for machines; each day and minute is written once."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from posthorn.web.languages import language

register = template.Library()

_DAYS: Final = 4_096
_TIMES: Final = 4 * 24 * 60  # every minute in every language


@register.simple_tag
def day(one: date) -> SafeString:
    """Draw a day."""
    return _day(one, language())


@register.simple_tag
def moment(at: datetime, form: str = "", **attributes: str) -> SafeString:
    """Draw a moment, of a list or (`full`) of a history; `day` leaves its time to who points."""
    local, tongue = localtime(at), language()
    short, full = _dates(local.date(), tongue)
    clock = _clock(local.hour, local.minute, tongue)
    shown = {"": f"{short} {clock}", "full": f"{full} {clock}", "day": short}[form]
    title = f' title="{full} {clock}"' if form == "day" else ""
    style = format_html(' class="{}"', attributes["class"]) if attributes else ""
    # Dates and times of our own formats: nothing that HTML could take for markup.
    stamp = local.isoformat(timespec="seconds")
    return SafeString(f'<time{style} datetime="{stamp}"{title}>{shown}</time>')


@lru_cache(maxsize=_DAYS)
def _day(one: date, tongue: str) -> SafeString:
    short, _ = _dates(one, tongue)
    return SafeString(f'<time datetime="{one.isoformat()}">{short}</time>')


@lru_cache(maxsize=_DAYS)
def _dates(one: date, _tongue: str) -> tuple[str, str]:
    return date_format(one, "SHORT_DATE_FORMAT"), date_format(one, "DATE_FORMAT")


@lru_cache(maxsize=_TIMES)
def _clock(hour: int, minute: int, _tongue: str) -> str:
    return date_format(datetime(2000, 1, 1, hour, minute), "TIME_FORMAT")  # noqa: DTZ001  # any day
