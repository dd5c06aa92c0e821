"""Reads what people type into the search box of documents: words with a meaning, and text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from posthorn.delivery.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_TEXT = 500
_TOKEN = re.compile(r'(?P<name>[A-Za-z]+):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))|\S+')
_ANY = Decimal(10) ** 18
_STEP = Decimal("0.000001")
_NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,6})?")


class Where(StrEnum):
    """The parts into which a list of documents falls."""

    ATTENTION = "attention"
    TO_DECIDE = "to_decide"
    UNASSIGNED = "unassigned"
    ON_ITS_WAY = "on_its_way"
    ARRIVED = "arrived"
    NOWHERE = "nowhere"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class KindOfPaper(StrEnum):
    """What a document is on paper."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    STATEMENT = "statement"
    OTHER = "other"


class Flow(StrEnum):
    """Whether the client bought or sold."""

    PURCHASE = "purchase"
    SALES = "sales"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """A range of totals, both ends included, whatever the currency."""

    low: Decimal = -_ANY
    high: Decimal = _ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What typed words narrow a list to; `text` is the rest, `client` a number or part of a name.

    `since` is the first day of arrival, `until` the first one no more.
    """

    text: str = ""
    where: Where | None = None
    state: State | None = None
    client: str = ""
    category: KindOfPaper | None = None
    direction: Flow | None = None
    amounts: Amounts | None = None
    since: date | None = None
    until: date | None = None


def read_words(typed: str) -> Asked:
    """Read a search box: status, client, kind, amount, before, after; all else is text.

    A word that means nothing, also after one of the names, is searched as text.
    """
    asked, text = Asked(), []
    for token in _TOKEN.finditer(typed.replace("\0", " ")[:MAX_TEXT]):
        value = token["quoted"] if token["quoted"] is not None else token["plain"]
        read = _READERS.get((token["name"] or "").lower())
        understood = read(asked, value) if read and value else None
        if understood is None:
            text.append(token[0])
        asked = understood or asked
    return replace(asked, text=" ".join(text))


def _status(asked: Asked, value: str) -> Asked | None:
    word = value.lower().replace("-", "_").replace(" ", "_")
    if word in set(Where):
        return replace(asked, where=Where(word), state=None)
    if word in set(State):
        return replace(asked, state=State(word), where=None)
    return None


def _client(asked: Asked, value: str) -> Asked | None:
    return replace(asked, client=value.strip()) if value.strip() else None


def _kind(asked: Asked, value: str) -> Asked | None:
    word = value.lower().replace("-", "_").replace(" ", "_")
    if word in set(Flow):
        return replace(asked, direction=Flow(word))
    if word in set(KindOfPaper):
        return replace(asked, category=KindOfPaper(word))
    return None


def _before(asked: Asked, value: str) -> Asked | None:
    day = _day(value)
    return replace(asked, until=day) if day else None


def _after(asked: Asked, value: str) -> Asked | None:
    """Read a day; *after* a day is from the next one on, as *before* it ends the day before."""
    day = _day(value)
    if day is None or day == date.max:
        return None
    return replace(asked, since=day + timedelta(days=1))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _amount(asked: Asked, value: str) -> Asked | None:
    for sign, build in _SIGNS.items():
        if value.startswith(sign):
            number = _number(value.removeprefix(sign))
            return None if number is None else replace(asked, amounts=build(number))
    low, dots, high = value.partition("..")
    ends = _number(low), _number(high if dots else low)
    if ends[0] is None or ends[1] is None:
        return None
    return replace(asked, amounts=Amounts(low=ends[0], high=ends[1]))


def _number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


# The database keeps six digits after the point: the next amount is one such step away.
_SIGNS: Mapping[str, Callable[[Decimal], Amounts]] = {
    ">=": lambda number: Amounts(low=number),
    "<=": lambda number: Amounts(high=number),
    ">": lambda number: Amounts(low=number + _STEP),
    "<": lambda number: Amounts(high=number - _STEP),
}
_READERS: Mapping[str, Callable[[Asked, str], Asked | None]] = {
    "status": _status,
    "client": _client,
    "kind": _kind,
    "before": _before,
    "after": _after,
    "amount": _amount,
}
