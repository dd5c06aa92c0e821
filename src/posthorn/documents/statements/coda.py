"""Reads which accounts and periods a CODA file is about; it may hold several statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from posthorn.documents import numbers, values
from posthorn.documents.errors import StatementValueError
from posthorn.documents.model import Category, Facts, Format, Party, Statement
from posthorn.documents.statements import records

_VERSIONS = ("1", "2")


def read_facts(data: bytes) -> Facts:
    """Return the facts of a CODA file.

    Raises StatementLineError, StatementOrderError and StatementValueError.
    """
    kept = records.lines(data)
    records.refuse_disorder(kept)
    header = kept[0]
    if header[127] not in _VERSIONS:
        raise StatementValueError(f"version {header[127]!r}")
    statements = _statements(kept)
    return Facts(
        format=Format.CODA,
        category=Category.STATEMENT,
        issue_date=records.day(header, 6),
        currency=_only({one.currency for one in statements}),
        holder=_holder(header),
        accounts=tuple(dict.fromkeys(one.account for one in statements if one.account)),
        statement_number=statements[0].number if len(statements) == 1 else None,
        period_start=min(_days(one.opening_date for one in statements), default=None),
        period_end=max(_days(one.closing_date for one in statements), default=None),
        statements=statements,
    )


def _statements(kept: list[str]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for line in kept:
        if line[0] == "1":
            found.append(_opened(line))
        elif line[0] == "8":
            found[-1] = _closed(found[-1], line)
    return tuple(found)


def _opened(line: str) -> Statement:
    account, currency = _account(line)
    # Columns 126-128 count the electronic statements; 3-5 may hold a day of the year instead.
    number = records.field(line, 126, 128)
    return Statement(
        account=account,
        currency=values.currency(currency),
        number=number if number.strip("0") else None,
        opening_balance=records.balance(line, 43),
        opening_date=records.day(line, 59),
    )


def _closed(statement: Statement, line: str) -> Statement:
    return replace(
        statement,
        closing_balance=records.balance(line, 42),
        closing_date=records.day(line, 58),
    )


def _account(line: str) -> tuple[str | None, str]:
    """Return the account and its currency, by the structure code in column 2."""
    structure = line[1]
    if structure == "0":  # Belgian account number
        return numbers.belgian_account(records.field(line, 6, 17)), records.field(line, 19, 21)
    if structure == "1":  # account number of another country
        return numbers.as_sent(records.field(line, 6, 39)) or None, records.field(line, 40, 42)
    if structure in "23":  # Belgian IBAN, IBAN of another country
        return numbers.iban(records.field(line, 6, 39)) or None, records.field(line, 40, 42)
    raise StatementValueError(f"account structure {structure!r}")


def _holder(header: str) -> Party:
    # Columns 72-82 hold the enterprise number behind a zero.
    number = records.field(header, 72, 82)
    return Party(
        name=" ".join(records.field(header, 35, 60).split()) or None,
        enterprise_number=numbers.belgian_enterprise(number) if number.strip("0") else None,
    )


def _only(found: set[str | None]) -> str | None:
    return found.pop() if len(found) == 1 else None


def _days(found: Iterable[date | None]) -> Iterable[date]:
    return (day for day in found if day is not None)
