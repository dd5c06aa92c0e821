"""Reads MT940, SWIFT's statement, with the `mt-940` package for what stands in its fields.

The package takes the content of a file for a path where it can, joins movements that carry no
code of their own, and cuts amounts that are too long: so it is given one field at a time, checked.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from posthorn.documents import numbers, values
from posthorn.documents.errors import Mt940RecordError, Mt940ValueError
from posthorn.documents.formats import Format
from posthorn.documents.statements.accounts import has_form_of_iban, is_iban
from posthorn.documents.statements.model import (
    Account,
    AccountStatement,
    Discrepancy,
    Movement,
    Span,
    StatementFile,
)
from posthorn.documents.statements.mt940_details import movement_of
from posthorn.documents.statements.mt940_messages import Field, Message, messages, newlines

if TYPE_CHECKING:
    from mt940.models import Transactions

_OPENING: Final = ("60F", "60M", "60")
_CLOSING: Final = ("62F", "62M", "62")
_SUMS: Final = {"90D": "totals.debit", "90C": "totals.credit"}
_BALANCE: Final = re.compile(r"[CD]\d{6}[A-Z]{3}\d{1,15}(?:,\d{0,14})?", re.ASCII)
_SUM: Final = re.compile(r"\d{1,5}[A-Z]{3}\d{1,14}(?:,\d{0,14})?", re.ASCII)
_MAX_AMOUNT: Final = 15  # characters, the comma included: as many as the package takes
_ENTRY: Final = re.compile(
    r"\d{6}(?:\d{4}| {4})?R?[DC][A-Z]?[\n ]?(?P<amount>\d+(?:,\d*)?)(?![\d,])", re.ASCII
)
_PADDED: Final = re.compile(r"(?<=[A-Z]{3})0+(?=\d)")  # amounts filled up to the width of a column
_SINCE: Final = 2080  # years of two digits from 80 on stand for the last century
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


@dataclass(slots=True)
class _Parts:
    """The fields of a message by what they are about."""

    entries: list[list[str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


def read(data: bytes) -> StatementFile:
    """Return what an MT940 file says. Raises Mt940RecordError and Mt940ValueError."""
    flat = newlines(data)
    codec = _codec(flat)
    statements: list[AccountStatement] = []
    found: list[Discrepancy] = []
    line, seen = 1, 0
    for message in messages(flat):
        at = message.fields[0].start
        line += _line_ends(data, seen, at)
        seen = at
        parts = _parts(message, flat, codec)
        statement = _statement(parts, message, line)
        statements.append(statement)
        found += _differences(parts, statement)
    return StatementFile(
        format=Format.MT940, statements=tuple(statements), discrepancies=tuple(found)
    )


def _codec(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "iso-8859-1"
    return "utf-8"


def _line_ends(data: bytes, start: int, end: int) -> int:
    return data.count(b"\n", start, end) or data.count(b"\r", start, end)


def _parts(message: Message, data: bytes, codec: str) -> _Parts:
    parts = _Parts()
    for each in message.fields:
        text = _text(data[each.inside : each.end].decode(codec))
        if each.tag == "61":
            parts.entries.append([text])
        elif each.tag in {"86", "NS"}:
            _add_details(parts, each, text)
        elif each.tag in parts.values and each.tag[:2] in {"25", "60", "62"}:
            raise Mt940RecordError(f"field {each.tag} stands twice in one message")
        else:
            parts.values[each.tag] = text
    return parts


def _add_details(parts: _Parts, each: Field, text: str) -> None:
    # After the closing balance the field is about the statement.
    closed = any(tag in parts.values for tag in _CLOSING)
    if closed or not parts.entries:
        parts.told.append(" ".join(text.split()))
    elif each.tag == "86":
        parts.entries[-1].append(text)


def _text(value: str) -> str:
    """Return the lines of a value that are not blank."""
    return "\n".join(line for line in value.split("\n") if line.strip())


def _statement(parts: _Parts, message: Message, line: int) -> AccountStatement:
    opening = _balance(parts, _OPENING)
    closing = _balance(parts, _CLOSING)
    number, _, page = parts.values.get("28C", parts.values.get("28", "")).partition("/")
    account = _account(parts, opening)
    return AccountStatement(
        account=account,
        number=number.strip() if number.strip("0 \n") else None,
        page=page.strip() or None,
        opening_balance=opening.amount.amount,
        opening_date=_day(opening.date),
        opening_currency=opening.amount.currency,
        closing_balance=closing.amount.amount,
        closing_date=_day(closing.date),
        closing_currency=closing.amount.currency,
        movements=tuple(_movement(entry, opening.amount.currency) for entry in parts.entries),
        messages=tuple(filter(None, parts.told)),
        line=line,
        span=Span(start=message.start, end=message.end),
    )


def _account(parts: _Parts, opening: Any) -> Account:  # noqa: ANN401  # the package's balance
    """Return the account: an IBAN, perhaps behind a bank's code or before a currency."""
    sent, _, below = parts.values.get("25P", parts.values.get("25", "")).partition("\n")
    sent = "".join(sent.split())
    currency = opening.amount.currency
    plain = re.sub(rf"(?<=\d)/?{currency}$", "", sent)
    bank, _, rest = plain.rpartition("/")
    written = next(
        # An IBAN with a slip of the pen is one too: `checks` says that its digits are wrong.
        (each for is_one in (is_iban, has_form_of_iban) for each in (sent, rest) if is_one(each)),
        plain,
    )
    bank = bank if written == rest else ""
    bic = next((each for each in (below.strip(), bank) if _BIC.fullmatch(each)), None)
    return Account(
        number=numbers.iban(written) or None, currency=values.currency(currency), bic=bic
    )


def _balance(parts: _Parts, tags: tuple[str, ...]) -> Any:  # noqa: ANN401  # the package's balance
    found = [tag for tag in tags if tag in parts.values]
    if len(found) != 1:
        raise Mt940RecordError(f"one balance :{tags[0]}: is expected, {len(found)} found")
    tag = found[0]
    text = _PADDED.sub("", parts.values[tag].partition("\n")[0].rstrip())
    if not _BALANCE.fullmatch(text) or len(text) - len("C260302EUR") > _MAX_AMOUNT:
        raise Mt940ValueError(f"balance {text!r}")
    read_ones = _parsed(f":{tag}:{text}").data
    return next(iter(read_ones.values()))


def _movement(entry: list[str], currency: str | None) -> Movement:
    line, *details = entry
    written = _ENTRY.match(line)
    amount = re.sub("^0+(?=[0-9])", "", written["amount"]) if written else ""
    if written is None or len(amount) > _MAX_AMOUNT:
        raise Mt940ValueError(f"movement {line!r}")
    # A blank before the code of the movement would hide the code.
    line = line[: written.start("amount")] + amount + line[written.end() :].lstrip(" ")
    # The package knows one line below the first.
    first, *below = line.split("\n")
    text = "\n".join([f":61:{first}", *([" ".join(below)] if below else [])])
    text += "".join(f"\n:86:{each}" for each in details)
    transactions = _parsed(text).transactions
    if len(transactions) != 1:
        raise Mt940RecordError(f"movement {line!r} reads as {len(transactions)}")
    data = transactions[0].data
    return movement_of(
        data,
        "\n".join(details),
        currency=currency,
        entry_date=_day(data.get("entry_date")),
        value_date=_day(data.get("date")),
    )


def _differences(parts: _Parts, statement: AccountStatement) -> Iterator[Discrepancy]:
    """Yield where stated sums do not agree with the movements."""
    for tag, code in _SUMS.items():
        text = _PADDED.sub("", parts.values.get(tag, "").partition("\n")[0].rstrip())
        if not text:
            continue
        if not _SUM.fullmatch(text):
            raise Mt940ValueError(f"sum {text!r}")
        stated = next(iter(_parsed(f":{tag}:{text}").data.values()))
        sign = -1 if tag == "90D" else 1
        of_sign = [move.amount for move in statement.movements if move.amount * sign > 0]
        found = sum(of_sign, Decimal())
        if int(stated.number) != len(of_sign):
            yield Discrepancy(
                code="totals.count",
                stated=str(int(stated.number)),
                found=str(len(of_sign)),
                line=statement.line,
            )
        if stated.amount != found:
            yield Discrepancy(
                code=code,
                stated=str(abs(stated.amount)),
                found=str(abs(found)),
                line=statement.line,
            )


def _parsed(text: str) -> Transactions:
    """Return what the package makes of a few fields. Raises Mt940ValueError."""
    # It takes long to import, and nobody who reads an invoice needs it.
    from mt940.models import Transactions  # noqa: PLC0415
    from mt940.options import Options  # noqa: PLC0415

    # Its log quotes the file.
    logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)
    transactions = Transactions(options=Options.all())
    try:
        transactions.parse(text)
    except Exception as error:  # it has no error of its own: whatever comes out
        raise Mt940ValueError(" ".join(text.split())) from error
    return transactions


def _day(found: date | None) -> date | None:
    """Return the day of the century that is meant."""
    if found is None:
        return None
    year = found.year - 100 if found.year >= _SINCE else found.year
    return date(year, found.month, found.day)
