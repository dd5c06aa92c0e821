"""Reads CODA, the file in which Belgian banks send statements; it may hold several.

Febelfin, Coded statement of account (CODA), version 2.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Final

from posthorn.documents import numbers, values
from posthorn.documents.errors import StatementValueError
from posthorn.documents.formats import Format
from posthorn.documents.model import Party
from posthorn.documents.statements import records
from posthorn.documents.statements.coda_movements import read_movements
from posthorn.documents.statements.model import (
    Account,
    AccountStatement,
    Discrepancy,
    Movement,
    Span,
    StatementFile,
)
from posthorn.documents.statements.records import Line

_VERSIONS: Final = ("1", "2")
_COUNTED: Final = "1238"  # the records that a trailer counts


def read(data: bytes) -> StatementFile:
    """Return what a CODA file says.

    Raises StatementLineError, StatementOrderError and StatementValueError.
    """
    kept = records.lines(data)
    records.refuse_disorder(kept)
    statements: list[AccountStatement] = []
    found: list[Discrepancy] = []
    units = list(records.units(kept))
    ends = [unit[0].start for unit in units[1:]]
    for unit, end in zip(units, [*ends, len(data)], strict=True):
        span = Span(start=unit[0].start, end=end)
        of_unit = [_statement(unit[0], section, span) for section in _sections(unit)]
        found += _account_differences(unit)
        found += _differences(unit, [move for one in of_unit for move in one.movements])
        statements += of_unit
    holders = [_holder(unit[0]) for unit in units]
    return StatementFile(
        format=Format.CODA,
        statements=tuple(statements),
        holder=holders[0] if all(holder == holders[0] for holder in holders) else None,
        created=kept[0].day(6),
        discrepancies=tuple(found),
    )


def _sections(unit: list[Line]) -> Iterator[list[Line]]:
    """Yield the records from each old balance to what follows its new balance."""
    section: list[Line] = []
    for line in unit[1:-1]:
        if line.kind == "1" and section:
            yield section
            section = []
        section.append(line)
    yield section


def _statement(header: Line, section: list[Line], span: Span) -> AccountStatement:
    version = header.raw(128, 128)
    if version not in _VERSIONS:
        raise StatementValueError(f"version {version!r}")
    opened = section[0]
    closed = next(line for line in section if line.kind == "8")
    account = _account(header, opened)
    _, currency = _number(closed, 5, _structure(header, opened))
    movements, loose = read_movements(
        (one for one in section if one.kind in "23"), account.currency
    )
    # Columns 126-128 count the electronic statements; 3-5 may hold a day of the year instead.
    number = opened.field(126, 128)
    return AccountStatement(
        account=account,
        number=number if number.strip("0") else None,
        created=header.day(6),
        is_copy=header.raw(17, 17) == "D",
        opening_balance=opened.signed(43),
        opening_date=opened.day(59),
        opening_currency=account.currency,
        closing_balance=closed.signed(42),
        closing_date=closed.day(58),
        closing_currency=values.currency(currency),
        movements=movements,
        messages=(*loose, *_messages(section)),
        line=opened.number,
        span=span,
    )


def _account(header: Line, opened: Line) -> Account:
    number, currency = _number(opened, 6, _structure(header, opened))
    holder = " ".join(opened.raw(65, 90).split())
    return Account(
        number=number,
        currency=values.currency(currency),
        bic=header.field(61, 71) or None,
        holder=Party(name=holder) if holder else None,
        description=" ".join(opened.raw(91, 125).split()) or None,
    )


def _structure(header: Line, opened: Line) -> str:
    """Return how the account is written; version 1 knows Belgian account numbers only."""
    code = opened.raw(2, 2)
    return "0" if header.raw(128, 128) == "1" and code not in "0123" else code


def _number(line: Line, first: int, structure: str) -> tuple[str | None, str]:
    """Return the account that starts at a column, and its currency."""
    if structure == "0":  # Belgian account number
        number = numbers.belgian_account(line.field(first, first + 11))
        return number, line.field(first + 13, first + 15)
    currency = line.field(first + 34, first + 36)
    if structure == "1":  # account number of another country
        return numbers.as_sent(line.field(first, first + 33)) or None, currency
    if structure == "2":  # Belgian IBAN, and three columns for an extension
        return numbers.iban(line.field(first, first + 30)) or None, currency
    if structure == "3":  # IBAN of another country
        return numbers.iban(line.field(first, first + 33)) or None, currency
    raise StatementValueError(f"account structure {structure!r}")


def _holder(header: Line) -> Party | None:
    # Columns 72-82 hold the enterprise number behind a zero.
    number = header.field(72, 82)
    holder = Party(
        name=" ".join(header.raw(35, 60).split()) or None,
        enterprise_number=numbers.belgian_enterprise(number) if number.strip("0") else None,
    )
    return holder if holder != Party() else None


def _messages(section: list[Line]) -> Iterator[str]:
    """Yield the free messages, each of them from the records of one number."""
    free = (line for line in section if line.kind == "4")
    for _, same in groupby(free, key=lambda line: line.raw(3, 6)):
        text = " ".join("".join(line.raw(33, 112) for line in same).split())
        if text:
            yield text


def _account_differences(unit: list[Line]) -> Iterator[Discrepancy]:
    """Yield where an old and a new balance are not of the same account."""
    for section in _sections(unit):
        closed = next(line for line in section if line.kind == "8")
        structure = _structure(unit[0], section[0])
        opened_for, _ = _number(section[0], 6, structure)
        closed_for, _ = _number(closed, 5, structure)
        if closed_for and closed_for != opened_for:
            yield Discrepancy(
                code="account.mismatch",
                stated=opened_for or "",
                found=closed_for,
                line=closed.number,
            )


def _differences(unit: list[Line], movements: list[Movement]) -> Iterator[Discrepancy]:
    """Yield where a trailer does not agree with the records before it."""
    trailer = unit[-1]
    counted = sum(line.kind in _COUNTED for line in unit)
    debit = -sum((move.amount for move in movements if move.amount < 0), Decimal())
    credit = sum((move.amount for move in movements if move.amount > 0), Decimal())
    figures: list[tuple[str, Decimal | int | None, Decimal | int]] = [
        ("coda.count", trailer.count(17, 22), counted),
        ("totals.debit", trailer.total(23), debit),
        ("totals.credit", trailer.total(38), credit),
    ]
    for code, stated, found in figures:
        if stated is not None and stated != found:
            yield Discrepancy(code=code, stated=str(stated), found=str(found), line=trailer.number)
