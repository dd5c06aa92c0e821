"""Writes the lines of what stands still: one for each cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from posthorn.web.cause_helps import help_of
from posthorn.web.foreign import shown
from posthorn.web.formatter import page_formatter
from posthorn.web.lines import Line
from posthorn.web.wording import words_of_cause

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from posthorn.delivery.queries.causes import Cause
    from posthorn.web.access import Space
    from posthorn.web.formatter import Formatter
    from posthorn.web.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLine(Line):
    """One cause as a list shows it, with what helps: a deed for all of it, a link, or both."""

    connection: str
    state: str
    reason: str
    code: str
    url: str
    package: str
    words: Words
    why: str
    who: str
    deliveries: str
    clients: str
    since: datetime
    since_full: str
    has_deed: bool
    help_word: str
    help_url: str
    help_link: str
    helps_twice: bool


def lines_of_causes(
    space: Space, causes: Iterable[Cause], *, is_sentence: bool = False
) -> list[CauseLine]:
    """Write the lines; in a sentence a comma stands between clients and deliveries."""
    formatter, address = page_formatter(), space.url("deliveries")
    count = _clients_first if is_sentence else _clients
    return [_line(space, one, formatter, address, count(one.clients, formatter)) for one in causes]


def _line(
    space: Space, cause: Cause, formatter: Formatter, address: str, clients: str
) -> CauseLine:
    words, helps = words_of_cause(cause), help_of(space, cause)
    return CauseLine(
        connection=SafeString(cause.connection),
        state=cause.state,
        reason=cause.reason,
        code=cause.code,
        url=f"{address}?state={cause.state}&connection={cause.connection}"
        f"&reason={quote(cause.reason)}&code={quote(cause.code)}",
        package=shown(cause.connection_name),
        words=words,
        why=words.why,
        who=words.who,
        deliveries=_deliveries(cause.deliveries, formatter),
        clients=clients,
        since=cause.since,
        since_full=formatter.full_moment(cause.since),
        has_deed=bool(helps.deed),
        help_word=helps.word,
        help_url=helps.url,
        help_link=helps.link or helps.word,
        helps_twice=bool(helps.url and helps.deed),
    )


def _deliveries(number: int, formatter: Formatter) -> str:
    words = ngettext("%(number)s delivery", "%(number)s deliveries", number)
    return words % {"number": formatter.number(number)}


def _clients(number: int, formatter: Formatter) -> str:
    words = ngettext("%(number)s client", "%(number)s clients", number)
    return words % {"number": formatter.number(number)}


def _clients_first(number: int, formatter: Formatter) -> str:
    words = ngettext("%(number)s client,", "%(number)s clients,", number)
    return words % {"number": formatter.number(number)}
