"""Writes the lines of the list of clients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from django.utils.safestring import SafeString

from posthorn.delivery.queries.clients import Volume
from posthorn.web.client_words import words_of_client
from posthorn.web.foreign import shown
from posthorn.web.formatter import page_formatter
from posthorn.web.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from posthorn.delivery.queries.clients import ClientRow
    from posthorn.web.access import Space
    from posthorn.web.formatter import Formatter
    from posthorn.web.wording import Words

_FACES: Final = 4
"""People whose initials are drawn; the others are counted."""
_NOTHING: Final = Volume(last_at=None, today=0, week=0, waiting=0, on_its_way=0, attention=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine(Line):
    """One client as the list shows it; what there is none of is empty."""

    id: str
    url: str
    name: str
    dossier_number: str
    package: str
    other_packages: tuple[str, ...]
    people: tuple[str, ...]
    more_people: str
    words: Words
    last_at: datetime | None
    waiting: str
    attention: str
    today: str
    week: str


def lines_of_clients(space: Space, rows: Iterable[ClientRow]) -> list[ClientLine]:
    """Write the lines of one page."""
    formatter, words_of = page_formatter(), cache(words_of_client)
    return [
        _line(row, formatter, words_of(row.status), space.url("client", row.id)) for row in rows
    ]


def _line(row: ClientRow, formatter: Formatter, words: Words, url: str) -> ClientLine:
    volume, packages = row.volume or _NOTHING, tuple(map(shown, row.packages))
    return ClientLine(
        id=SafeString(row.id),
        url=url,
        name=shown(row.name),
        dossier_number=shown(row.dossier_number),
        package=packages[0] if packages else "",
        other_packages=packages[1:],
        people=row.people[:_FACES],
        more_people=formatter.count(len(row.people[_FACES:])),
        words=words,
        last_at=volume.last_at,
        waiting=formatter.count(volume.waiting),
        attention=formatter.count(volume.attention),
        today=formatter.number(volume.today),
        week=formatter.count(volume.week),
    )
