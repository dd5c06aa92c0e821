"""Writes CODA statements (Febelfin, version 2.6); columns are counted from 1 in the standard."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.samples.companies import Company

_WIDTH = 128
_INCOMING = "00150000"  # type 0, family 01, operation 50: transfer in your favour
_OUTGOING = "00101000"  # type 0, family 01, operation 01: individual transfer order


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """An amount that came (positive) or went, with who and why."""

    amount: Decimal
    party: Company
    message: str
    is_structured: bool = False  # the message is a structured communication of twelve digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One day of one account."""

    holder: Company
    number: int
    day: date
    before: date
    opening: Decimal
    movements: tuple[Movement, ...]

    @property
    def closing(self) -> Decimal:
        """Return the balance after all movements."""
        return self.opening + sum((one.amount for one in self.movements), Decimal(0))


def write(statement: Statement) -> bytes:
    """Return the file: one statement, lines of 128 columns that end as DOS ends them."""
    body = [_opening(statement)]
    for place, movement in enumerate(statement.movements, start=1):
        body.extend(_movement(statement, movement, place))
    body.append(_closing(statement))
    lines = [_header(statement), *body, _trailer(statement, len(body))]
    return "".join(f"{line}\r\n" for line in lines).encode("iso-8859-1")


def _line(*fields: tuple[int, str], end: str) -> str:
    """Return a record from fields that each begin in their column."""
    line = " " * (_WIDTH - 1)
    for column, text in fields:
        line = line[: column - 1] + text + line[column - 1 + len(text) :]
    if len(line) != _WIDTH - 1:
        raise ValueError(f"a field runs out of its record: {line!r}")
    return line + end


def _signed(amount: Decimal) -> str:
    """Return a sign (1: debit) and fifteen digits, three of them decimals."""
    return f"{1 if amount < 0 else 0}{abs(int(amount * 1000)):015}"


def _plain(text: str, width: int) -> str:
    """Return capitals without accents, cut to the width of the field."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return bare.upper()[:width]


def _day(day: date) -> str:
    return day.strftime("%d%m%y")


def _header(statement: Statement) -> str:
    return _line(
        (1, "00000"),
        (6, _day(statement.day)),
        (12, "539"),
        (15, "05"),
        (25, f"{statement.day:%Y%m%d}{statement.number % 100:02}"),
        (35, _plain(statement.holder.name, 26)),
        (72, f"0{statement.holder.enterprise}"),
        (84, "00000"),
        end="2",
    )


def _account(company: Company) -> str:
    return f"{company.iban:34}EUR"


def _opening(statement: Statement) -> str:
    return _line(
        (1, "12"),
        (3, f"{statement.number:03}"),
        (6, _account(statement.holder)),
        (43, _signed(statement.opening)),
        (59, _day(statement.before)),
        (65, _plain(statement.holder.name, 26)),
        (91, "ZICHTREKENING"),
        (126, f"{statement.number:03}"[:2]),
        end=f"{statement.number:03}"[2],
    )


def _movement(statement: Statement, movement: Movement, place: int) -> list[str]:
    message = f"101{movement.message}" if movement.is_structured else _plain(movement.message, 53)
    first = _line(
        (1, f"21{place:04}0000"),
        (11, f"{statement.day:%Y%m%d}{place:013}"),
        (32, _signed(movement.amount)),
        (48, _day(statement.day)),
        (54, _OUTGOING if movement.amount < 0 else _INCOMING),
        (62, "1" if movement.is_structured else "0"),
        (63, message),
        (116, _day(statement.day)),
        (122, f"{statement.number:03}"),
        (125, "0"),
        (126, "1"),
        end="0",
    )
    second = _line((1, f"22{place:04}0000"), (126, "1"), end="0")
    third = _line(
        (1, f"23{place:04}0000"),
        (11, _account(movement.party)),
        (48, _plain(movement.party.name, 35)),
        (126, "0"),
        end="0",
    )
    return [first, second, third]


def _closing(statement: Statement) -> str:
    return _line(
        (1, "8"),
        (2, f"{statement.number:03}"),
        (5, _account(statement.holder)),
        (42, _signed(statement.closing)),
        (58, _day(statement.day)),
        end="0",
    )


def _trailer(statement: Statement, count: int) -> str:
    amounts = [one.amount for one in statement.movements]
    debit = -sum((amount for amount in amounts if amount < 0), Decimal(0))
    credit = sum((amount for amount in amounts if amount > 0), Decimal(0))
    return _line(
        (1, "9"),
        (17, f"{count:06}"),
        (23, _signed(debit)[1:]),
        (38, _signed(credit)[1:]),
        end="2",
    )
