"""Writes addresses, amounts and foreign words on pages."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from posthorn.tenancy.roles import PARTS
from posthorn.web.countries import country_name
from posthorn.web.foreign import shown, shown_lines
from posthorn.web.formatter import page_formatter
from posthorn.web.labels import kind_name, label, remark_words
from posthorn.web.languages import language
from posthorn.web.wording import Tone, kind_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.template.context import Context

    from posthorn.web.menu import Item
    from posthorn.web.wording import Words

register = template.Library()
register.filter(country_name)
register.filter(kind_name)
register.filter(label)
register.filter(shown)
register.filter(shown_lines)

TONE_ICONS = {
    Tone.GOOD: "circle-check",
    Tone.BUSY: "circle-arrow-right",
    Tone.WAIT: "clock",
    Tone.BAD: "triangle-alert",
    Tone.IDLE: "circle-minus",
}
_TOAST_TONES = {"success": Tone.GOOD, "warning": Tone.WAIT, "error": Tone.BAD}


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *arguments: object) -> str:
    """Give the address of a page of the space that is shown."""
    return str(context["space"].url(name, *arguments))


@register.simple_tag
def state(words: Words) -> SafeString:
    """Draw how something stands: colour, icon and word, never colour alone."""
    return _state(words.tone, words.word)


@lru_cache(maxsize=512)
def _state(tone: Tone, word: str) -> SafeString:
    return render_to_string("ui/state.html", {"tone": tone, "word": word})


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Draw the initials of a person or company, with the whole name for who points or listens."""
    return _avatar(str(name))


@register.simple_tag
def avatars(names: Iterable[str]) -> SafeString:
    """Draw the initials of several people."""
    return SafeString("".join(map(_avatar, names)))


@lru_cache(maxsize=512)
def _avatar(name: str) -> SafeString:
    return render_to_string("ui/avatar.html", {"name": name})


@register.simple_tag
def keys(menu: Iterable[Item]) -> SafeString:
    """Draw the keys of a page: the same for all who see the same menu in the same language."""
    return _keys(tuple((item.key, item.label) for item in menu if item.key), language())


@lru_cache(maxsize=64)
def _keys(places: tuple[tuple[str, str], ...], _language: str) -> SafeString:
    return render_to_string("ui/keys.html", {"places": places})


@register.simple_tag(takes_context=True)
def live(context: Context) -> str:
    """Give the attributes of a part that fetches itself anew while something is on its way.

    The part has the id "live"; the state above it, with the id "page-state", comes along.
    """
    if context["words"].tone is not Tone.BUSY:
        return ""
    return format_html(
        'data-live hx-get="{}" hx-trigger="every 3s" hx-select="#live"'
        ' hx-select-oob="#page-state" hx-swap="outerHTML"',
        context["request"].get_full_path(),
    )


@register.filter
def in_language(words: Mapping[str, str]) -> str:
    """Give a connector's own words in the language of the page."""
    return words[language()]


@register.filter
def filled(words: str, name: str) -> SafeString:
    """Put a name where `words` has {}: a list translates them once, for all its rows."""
    return SafeString(words.format(conditional_escape(name)))


@register.filter
def amount(total: Decimal | None, currency: str) -> str:
    """Write an amount with its currency; more than two decimals only where they were sent."""
    return page_formatter().amount(total, currency)


@register.filter
def kind(row: object) -> str:
    """Name the kind of a document."""
    return kind_word(getattr(row, "category", ""), getattr(row, "direction", ""))


@register.filter
def words(text: str) -> list[str]:
    """Cut a line at its spaces."""
    return text.split()


@register.filter
def tone_icon(tone: str) -> str:
    """Name the icon that goes with a tone."""
    return TONE_ICONS[Tone(tone)]


@register.filter
def toast_tone(level: str) -> str:
    """Give the tone in which the end of a deed is told."""
    return _TOAST_TONES.get(level, Tone.IDLE).value


@register.filter
def actor(name: str) -> str:
    """Name who did something; the parts of Posthorn go by its own name."""
    return "Posthorn" if name in PARTS else name


@register.filter
def initials(name: str) -> str:
    """Give at most two letters that stand for a name."""
    found = [word[0] for word in str(name).split() if word[0].isalnum()]
    return "".join(found[:2]).upper() or "?"


@register.filter
def took(finished: datetime | None, started: datetime) -> str:
    """Write how long something took."""
    if finished is None:
        return ""
    seconds = (finished - started).total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{number_format(round(Decimal(seconds), 1))} s"


_ORDER = ("from", "to", "subject", "files", "server", "reply", "tls")


@register.filter
def told(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give values in the order in which people ask for them; a database keeps none."""
    known = [name for name in _ORDER if name in values]
    others = sorted(set(values) - set(known))
    return [(name, remark_words(name, values[name])) for name in (*known, *others)]
