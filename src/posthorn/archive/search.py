"""Gives what documents say and what people type the same words, so that one finds the other."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

    from posthorn.archive.models import Document

MAX_WORD = 64
"""Characters of a word that are kept and looked for: a SHA-256 whole."""
_MAX_WORDS = 100
_MAX_ASKED = 8
_WINDOW = 2_000
_WINDOWS = 3
_ON_COURSE = 3
"""Windows within which a page must fill: with fewer words found, the index is asked for all."""
_PREFIX_FROM = 2
"""Letters from which on a word is the beginning of others; one letter alone would be anything."""
_PART = re.compile(r"[^\W_]+")
_AMOUNT = re.compile(r"[-+]?\d{1,3}(?:[.,'\u2019]?\d{3})*[.,]\d{1,2}")
# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


class Searchable(Protocol):
    """What of a document people look for."""

    number: str
    seller_name: str
    buyer_name: str
    file_name: str
    seller_number: str
    buyer_number: str
    account: str
    sha256: str
    total: Decimal | None


def folded(text: str) -> str:
    """Write text without case and accents."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFKD", plain)
    letters = "".join(char for char in apart if not unicodedata.combining(char))
    return letters.translate(_LETTERS).casefold()


def words_of(text: str) -> list[str]:
    """Give the words of a text: each as it is written without signs, and its parts."""
    return [word for token in folded(text).split() for word in _words(token)]


def _words(token: str) -> Iterator[str]:
    parts = _PART.findall(token)
    if len(parts) > 1:
        yield "".join(parts)[:MAX_WORD]
    yield from (part[:MAX_WORD] for part in parts)


def search_text(document: Searchable) -> str:
    """Give the words by which a document is found, each once, with one blank between."""
    words = dict.fromkeys(word for word in _all_words(document) if word)
    return " ".join(list(words)[:_MAX_WORDS])


def _all_words(document: Searchable) -> Iterator[str]:
    yield document.sha256
    yield "".join(_PART.findall(folded(document.number)))[:MAX_WORD]  # also where it has blanks
    yield from words_of(document.number)
    yield from _amount_words(document.total)
    for number in (document.seller_number, document.buyer_number, document.account):
        for word in words_of(number):
            yield word
            yield word.lstrip("abcdefghijklmnopqrstuvwxyz") or word  # without its country
    for text in (document.seller_name, document.buyer_name, document.file_name):
        yield from words_of(text)


def _amount_words(total: Decimal | None) -> Iterator[str]:
    if total is not None:
        yield f"{abs(total):.2f}"


def tsquery(text: str) -> str:
    """Write typed text as a PostgreSQL tsquery; empty when nothing of it can be looked for.

    Every word must be there or begin one that is; only letters and digits go inside the quotes.
    """
    asked = (_asked(token) for token in folded(text).split()[:_MAX_ASKED])
    return " & ".join(each for each in asked if each)


def _asked(token: str) -> str:
    parts = [part[:MAX_WORD] for part in _PART.findall(token)]
    if not parts:
        return ""
    ways = [_beginning("".join(parts)[:MAX_WORD])]
    if len(parts) > 1:
        ways.append(_together(parts))
    if _AMOUNT.fullmatch(token.strip("€$")):
        ways.append(_beginning(f"{''.join(parts[:-1])}.{parts[-1]}"))
    return f"({' | '.join(ways)})"


def _together(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"({' & '.join([*(_exactly(part) for part in first), _beginning(last)])})"


def _beginning(word: str) -> str:
    return f"'{word}':*" if len(word) >= _PREFIX_FROM else _exactly(word)


def _exactly(word: str) -> str:
    return f"'{word}'"


def inside(text: str) -> Q:
    """Choose documents with every typed word anywhere in a word; for the few of one client."""
    chosen = Q()
    for token in folded(text).split()[:_MAX_ASKED]:
        joined = "".join(_PART.findall(token))[:MAX_WORD]
        chosen &= Q(search__contains=joined) if joined else Q()
    return chosen or Q(pk__in=[])


MANY = 2_000
"""Documents from which on a word says too little to gather all that have it."""

# Row-level security keeps `@@` and comparisons of amounts from using an index, for their functions
# are not leakproof (PostgreSQL 18, section 5.9). The view shows the scope's own rows by itself.
_FOUND = "SELECT id FROM archive_search WHERE words @@ %s::tsquery LIMIT %s"
_BETWEEN = "SELECT id FROM archive_search WHERE total >= %s AND total <= %s LIMIT %s"
_AMONG = "SELECT unnest(%s::uuid[])"
_HOLDS = "posthorn_words(archive_document.search) @@ %s::tsquery"


def found(text: str) -> list[UUID] | None:
    """Give the ids of documents that have the typed words; None when they are more than MANY."""
    return _gathered(_FOUND, tsquery(text)) if tsquery(text) else []


def amounting(low: Decimal, high: Decimal) -> list[UUID] | None:
    """Give the ids of documents with a total from low to high; None when they are more than MANY.

    Asked alone, each question is answered by its index: joined, the planner (PostgreSQL 18) takes
    the beginning of a word for rare and reads all documents for it.
    """
    return _gathered(_BETWEEN, low, high)


def _gathered(statement: str, *values: str | Decimal) -> list[UUID] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, MANY + 1])
        ids = [row[0] for row in cursor.fetchall()]
    return ids if len(ids) <= MANY else None


def holds(text: str) -> RawSQL:
    """Give the condition that a document has the typed words, where no index is asked."""
    values = [tsquery(text)]
    return RawSQL(_HOLDS, values, output_field=BooleanField())  # noqa: S611  # values apart


def among(ids: list[UUID]) -> Q:
    """Choose documents by ids; as rows, since of a long list the planner makes index conditions."""
    return Q(id__in=RawSQL(_AMONG, [ids]))  # noqa: S611  # one constant, values apart


def newest_with(rows: QuerySet[Document], text: str, size: int) -> list[Document]:
    """Give the first documents that have the typed words, of a list by arrival.

    Common words are among the first ones; what is rare is gathered by the index.
    """
    if not tsquery(text):
        return []
    near = _near(rows, text, size, range(_WINDOW))
    if len(near) == size:
        return _loaded(rows, near)
    is_on_course = len(near) * _ON_COURSE >= size
    ids = None if is_on_course else found(text)
    if ids is None:
        # Whoever arrives meanwhile moves others into the rest, that were in the window before.
        near |= _near(rows, text, size, range(_WINDOW, _WINDOWS * _WINDOW))
        if len(near) >= size:
            return _loaded(rows, near)[:size]
        ids = found(text) if is_on_course else None
    narrowed = rows.filter(holds(text) if ids is None else among(ids))
    return list(narrowed[:size])


# Read in the order of the window, and no further than the page needs. Not as a join: with old
# statistics the planner took the documents first and looked through the window for each of them.
_NEAR = """
SELECT newest.id FROM ({window}) AS newest (id, arrived_at)
WHERE (
    SELECT posthorn_words(document.search) @@ %s::tsquery
    FROM archive_document AS document WHERE document.id = newest.id
)
ORDER BY newest.arrived_at {direction}, newest.id {direction} LIMIT %s
"""


def _near(rows: QuerySet[Document], text: str, size: int, places: range) -> set[UUID]:
    """Give the ids of the first documents of a part of the list that have the typed words."""
    window = rows.values_list("id", "arrived_at")[places.start : places.stop]
    try:
        statement, values = window.query.sql_with_params()
    except EmptyResultSet:  # nothing is there for this person, as is known without asking
        return set()
    direction = "DESC" if str(rows.query.order_by[0]).startswith("-") else "ASC"
    with connection.cursor() as cursor:
        asked = _NEAR.format(window=statement, direction=direction)
        cursor.execute(asked, [*values, tsquery(text), size])
        return {row[0] for row in cursor.fetchall()}


def _loaded(rows: QuerySet[Document], ids: set[UUID]) -> list[Document]:
    # What the list is narrowed to holds for them already and is not asked again.
    found = rows.model.objects.filter(among(list(ids))).select_related("client")
    return list(found.order_by(*rows.query.order_by))


def with_words(rows: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Narrow documents to those that have the typed words; asks the index first."""
    ids = found(text)
    return rows.filter(holds(text) if ids is None else among(ids))
