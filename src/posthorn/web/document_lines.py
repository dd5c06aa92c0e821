"""Writes the lines of the list of documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from posthorn.web.foreign import shown
from posthorn.web.formatter import page_formatter
from posthorn.web.lines import Line
from posthorn.web.wording import Tone, kind_word, words_of_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from posthorn.delivery.queries.documents import DocumentRow
    from posthorn.delivery.queries.standing import Standing
    from posthorn.web.access import Space
    from posthorn.web.formatter import Formatter
    from posthorn.web.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine(Line):
    """One document as the list shows it; what is not known is empty."""

    id: str
    url: str
    preview: str
    name: str
    issue_date: date | None
    arrived_on: str
    has_client: bool
    client_name: str
    kind: str
    counterparty: str
    amount: str
    destination: str
    other_destinations: tuple[str, ...]
    words: Words
    why: str  # said only of what stands still


def lines_of_documents(
    space: Space, rows: Iterable[DocumentRow], carried: str
) -> list[DocumentLine]:
    """Write the lines of one page; `carried` are the filters that their addresses keep."""
    write = _Writer(
        space=space,
        carried=carried,
        formatter=page_formatter(),
        words_of=cache(words_of_standing),
        kind_of=cache(kind_word),
    )
    return [write.line(row) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """What all lines of a page share; `words_of` and `kind_of` translate each thing once."""

    space: Space
    carried: str
    formatter: Formatter
    words_of: Callable[[Standing], Words]
    kind_of: Callable[[str, str], str]

    def line(self, row: DocumentRow) -> DocumentLine:
        """Write the line of a document."""
        words, formatter = self.words_of(row.standing), self.formatter
        destinations = tuple(map(shown, row.destinations))
        return DocumentLine(
            id=SafeString(row.id),
            url=self.space.url("document", row.id) + self.carried,
            preview=self.space.url("preview", row.id) + self.carried,
            name=shown(row.number or row.file_name),
            issue_date=row.issue_date,
            arrived_on="" if row.issue_date else formatter.day_of(row.arrived_at),
            has_client=row.client is not None,
            client_name=shown(row.client_name),
            kind=self.kind_of(row.category, row.direction),
            counterparty=shown(row.counterparty),
            amount=formatter.amount(row.total, row.currency),
            destination=destinations[0] if destinations else "",
            other_destinations=destinations[1:],
            words=words,
            why=words.why if words.tone is Tone.BAD else "",
        )
