"""Draws days and moments, for people and for machines."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from posthorn.web.formatter import Formatter, page_formatter

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.template.context import Context

register = template.Library()

_FORMATTER: Final = "posthorn formatter"


@register.simple_tag(takes_context=True)
def day(context: Context, one: date) -> SafeString:
    """Draw a day."""
    return SafeString(f'<time datetime="{one.isoformat()}">{_formatter(context).day(one)}</time>')


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime, form: str = "", **attributes: str) -> SafeString:
    """Draw a moment, of a list or (`full`) of a history; `day` leaves its time to who points."""
    formatter = _formatter(context)
    local = formatter.local(at)
    date, clock = local.date(), formatter.clock(local)
    style = _style(attributes["class"]) if attributes else ""
    title, shown = "", f"{formatter.day(date)} {clock}"
    if form == "full":
        shown = f"{formatter.full_day(date)} {clock}"
    elif form == "day":
        title, shown = f' title="{formatter.full_day(date)} {clock}"', formatter.day(date)
    # Dates and times of our own formats: nothing that HTML could take for markup.
    stamp = local.isoformat(timespec="seconds")
    return SafeString(f'<time{style} datetime="{stamp}"{title}>{shown}</time>')


@lru_cache(maxsize=64)
def _style(named: str) -> str:
    return format_html(' class="{}"', named)


def _formatter(context: Context) -> Formatter:
    """Give the formatter of the page, kept while a template draws."""
    kept = context.render_context
    formatter = kept.get(_FORMATTER)
    if formatter is None:
        formatter = kept[_FORMATTER] = page_formatter()
    return formatter
