"""Writes the lines of the list of deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.web.foreign import shown
from posthorn.web.formatter import page_formatter
from posthorn.web.lines import Line
from posthorn.web.wording import Tone, words_of_delivery

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from posthorn.delivery.queries.deliveries import DeliveryRow
    from posthorn.web.access import Space
    from posthorn.web.formatter import Formatter
    from posthorn.web.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine(Line):
    """One delivery as the list shows it; `is_told` where more is said than a word."""

    url: str
    name: str
    copy: str
    is_taken_out: bool
    client_name: str
    package: str
    words: Words
    is_told: bool
    why: str
    next_at: str
    is_processed: bool
    moved_at: datetime
    attempts: str


def lines_of_deliveries(space: Space, rows: Iterable[DeliveryRow]) -> list[DeliveryLine]:
    """Write the lines of one page."""
    formatter, words_of = page_formatter(), _Words()
    return [_line(row, formatter, words_of(row), space.url("delivery", row.id)) for row in rows]


class _Words:
    """The words of the deliveries of a page; most of them stand alike."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Words] = {}

    def __call__(self, row: DeliveryRow) -> Words:
        """Give the words of a delivery."""
        alike = (row.state, row.reason, row.connector_id, row.code)
        if alike not in self._known:
            self._known[alike] = words_of_delivery(row)
        return self._known[alike]


def _line(row: DeliveryRow, formatter: Formatter, words: Words, url: str) -> DeliveryLine:
    is_fine, is_processed = words.tone is Tone.GOOD, row.processed_at is not None
    return DeliveryLine(
        url=url,
        name=shown(row.number or row.file_name),
        copy=formatter.count(row.copy),
        is_taken_out=row.take_out_at is not None,
        client_name=shown(row.client_name),
        package=shown(row.connection_name),
        words=words,
        is_told=not is_fine or is_processed,
        why="" if is_fine else words.why,
        next_at=formatter.moment(row.next_at) if row.next_at and row.attempts else "",
        is_processed=is_processed,
        moved_at=row.moved_at,
        attempts=formatter.number(row.attempts),
    )
