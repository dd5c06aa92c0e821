"""Reads the movements of a CODA statement with what the bank says about each.

Febelfin, Coded statement of account (CODA), version 2.6, records 2 and 3 and enclosure III.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from posthorn.documents import numbers
from posthorn.documents.errors import StatementOrderError
from posthorn.documents.statements.communication import coded, free, structured
from posthorn.documents.statements.model import (
    Communication,
    Counterparty,
    Movement,
    Reference,
    ReferenceKind,
)
from posthorn.documents.statements.records import Line

_STRUCTURED: Final = "1"
_CREDIT_TRANSFER: Final = frozenset({"101", "102"})  # with a Belgian structured communication
_DIRECT_DEBIT: Final = "127"
_COUNTERPARTY: Final = "001"
_DETAIL_TYPES: Final = "56789"  # first digit of the transaction code
_OLD_BELGIAN: Final = re.compile(r"(\d{12})(?: [A-Z]{3}.*)?", re.ASCII)


@dataclass(slots=True)
class _Entry:
    """A movement and its information records, while they are being collected."""

    block: list[Line]
    information: list[list[Line]] = field(default_factory=list)
    details: list[_Entry] = field(default_factory=list)


def read_movements(
    body: Iterable[Line], currency: str | None
) -> tuple[tuple[Movement, ...], tuple[str, ...]]:
    """Return the movements, and the information that belongs to none of them.

    Raises StatementOrderError and StatementValueError.
    """
    entries: list[_Entry] = []
    loose: list[list[Line]] = []
    latest: _Entry | None = None
    for block in _blocks(body):
        first = block[0]
        if first.kind == "2":
            latest = _Entry(block)
            into = entries[-1].details if _is_detail(first, entries) else entries
            into.append(latest)
        elif latest and latest.block[0].raw(3, 6) == first.raw(3, 6):
            latest.information.append(block)
        else:
            loose.append(block)
    messages = tuple(text for block in loose for text in _told([block]))
    return tuple(_movement(entry, currency) for entry in entries), messages


def _blocks(body: Iterable[Line]) -> list[list[Line]]:
    """Return each record of part 1 with the parts 2 and 3 that go on with it."""
    blocks: list[list[Line]] = []
    for line in body:
        if line.article in {"21", "31"}:
            blocks.append([line])
            continue
        if blocks[-1][0].raw(3, 10) != line.raw(3, 10):
            raise StatementOrderError(f"line {line.number}: it goes on with no record before it")
        blocks[-1].append(line)
    return blocks


def _is_detail(line: Line, entries: list[_Entry]) -> bool:
    """Say whether a movement is a part of the one before, which holds their sum."""
    if not entries:
        return False
    if line.raw(7, 10) != "0000":
        return True
    # After 9,999 details of one movement their numbers start at 0000 again.
    same = entries[-1].block[0].raw(3, 6) == line.raw(3, 6)
    return same and line.raw(54, 54) in _DETAIL_TYPES


def _movement(entry: _Entry, currency: str | None) -> Movement:
    parts = {line.article: line for line in entry.block}
    main, second, third = parts["21"], parts.get("22"), parts.get("23")
    text = main.raw(63, 115)
    text += second.raw(11, 63) if second else ""
    text += third.raw(83, 125) if third else ""
    communications, references = _said(text, is_structured=main.raw(62, 62) == _STRUCTURED)
    references = [
        _reference(ReferenceKind.BANK, main.raw(11, 31)),
        _reference(ReferenceKind.CUSTOMER, second.raw(64, 98) if second else ""),
        *references,
    ]
    return Movement(
        amount=main.signed(32),
        currency=currency,
        entry_date=main.day(116),
        value_date=main.day(48),
        counterparty=_counterparty(second, third, entry.information),
        communications=tuple(filter(None, communications)),
        information=_told(entry.information),
        references=tuple(filter(None, references)),
        code=main.field(54, 61) or None,
        details=tuple(_movement(detail, currency) for detail in entry.details),
    )


def _said(
    text: str, *, is_structured: bool
) -> tuple[list[Communication | None], list[Reference | None]]:
    if not is_structured:
        return [free(text)], []
    code, body = text[:3], text[3:]
    if code in _CREDIT_TRANSFER:
        return [structured(body[:12], code), free(body[12:])], []
    if code == _DIRECT_DEBIT:
        # Settlement date, type, scheme, reason; creditor 35, mandate 35, communication 62.
        named = [
            _reference(ReferenceKind.CREDITOR, body[9:44]),
            _reference(ReferenceKind.MANDATE, body[44:79]),
        ]
        return [free(body[79:141])], named
    return [coded(body, code)], []


def _reference(kind: ReferenceKind, text: str) -> Reference | None:
    plain = " ".join(text.split())
    return Reference(kind=kind, text=plain) if plain else None


def _counterparty(
    second: Line | None, third: Line | None, information: list[list[Line]]
) -> Counterparty:
    name = " ".join(third.raw(48, 82).split()) if third else ""
    for block in [] if name else information:
        told = _text(block)
        if block[0].raw(40, 40) == _STRUCTURED and told.startswith(_COUNTERPARTY):
            name = " ".join(told[3:73].split())
            break
    return Counterparty(
        name=name or None,
        account=_account(third) if third else None,
        bic=(second.field(99, 109) or None) if second else None,
    )


def _account(line: Line) -> str | None:
    """Return the account of the counterparty, which comes without a code of its structure."""
    sent = line.field(11, 44)
    old = _OLD_BELGIAN.fullmatch(sent)
    return numbers.belgian_account(old[1]) if old else numbers.iban(sent) or None


def _text(block: list[Line]) -> str:
    parts = {line.article: line for line in block}
    text = parts["31"].raw(41, 113)
    text += parts["32"].raw(11, 115) if "32" in parts else ""
    return text + (parts["33"].raw(11, 100) if "33" in parts else "")


def _told(blocks: list[list[Line]]) -> tuple[str, ...]:
    """Return what information records say; free ones that follow each other are one text."""
    texts: list[str] = []
    goes_on = False
    for block in blocks:
        is_free = block[0].raw(40, 40) != _STRUCTURED
        text = _text(block) if is_free else _text(block)[3:]
        if is_free and goes_on:
            texts[-1] += text
        else:
            texts.append(text)
        goes_on = is_free
    plain = (" ".join(text.split()) for text in texts)
    return tuple(filter(None, plain))
