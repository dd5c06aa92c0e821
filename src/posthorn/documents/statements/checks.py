"""Says what is wrong with a file of statements: what does not add up, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from posthorn.documents.findings import Finding, Severity
from posthorn.documents.statements.accounts import has_form_of_iban, is_iban
from posthorn.documents.statements.model import AccountStatement, StatementFile

_MAX_DIGITS: Final = 18  # of a number that is counted


class Continuity(StrEnum):
    """How one statement of an account stands to the one before."""

    CONTINUES = "continues"
    GAP = "gap"  # the numbers say that at least one is missing
    REPEATS = "repeats"  # the same number again
    BREAKS = "breaks"  # it opens with another balance than the one before closed with
    UNKNOWN = "unknown"  # neither numbers nor balances to tell by


class Chained(Protocol):
    """What continuity is told by; a `Statement` of a document's facts has it too."""

    @property
    def number(self) -> str | None:
        """Return the bank's number of the statement."""

    @property
    def opening_balance(self) -> Decimal | None:
        """Return the balance it opens with."""

    @property
    def closing_balance(self) -> Decimal | None:
        """Return the balance it closes with."""

    @property
    def closing_date(self) -> date | None:
        """Return the day of the closing balance."""


def continuity(previous: Chained, following: Chained, *, same_number: bool = False) -> Continuity:
    """Return how a statement stands to the one before of the same account and currency.

    Numbers start again at 1 with a new year. `same_number` allows the number of the one before, as
    the parts of one statement carry it.
    """
    step = _step(previous, following)
    if step == 0 and not same_number:
        return Continuity.REPEATS
    if step is not None and step not in {0, 1}:
        return Continuity.GAP
    closed, opens = previous.closing_balance, following.opening_balance
    if closed is None or opens is None:
        return Continuity.UNKNOWN if step is None else Continuity.CONTINUES
    return Continuity.CONTINUES if closed == opens else Continuity.BREAKS


def continues(previous: Chained, following: Chained) -> bool:
    """Say whether nothing is missing between two statements of the same account and currency."""
    return continuity(previous, following) is Continuity.CONTINUES


def _step(previous: Chained, following: Chained) -> int | None:
    """Return how far the number went on, 1 for the next; None where the bank does not count."""
    before, after = _counted(previous), _counted(following)
    if before is None or after is None:
        return None
    if after == 1 and before > 1 and _is_later_year(previous, following):
        return 1
    return after - before


def _counted(statement: Chained) -> int | None:
    number = statement.number or ""
    is_count = number.isascii() and number.isdecimal() and len(number) <= _MAX_DIGITS
    return int(number) if is_count else None


def _is_later_year(previous: Chained, following: Chained) -> bool:
    before, after = previous.closing_date, following.closing_date
    return before is None or after is None or after.year > before.year


def check(file: StatementFile) -> list[Finding]:
    """Return what is wrong with the statements of a file, in the order of the file."""
    found: list[Finding] = []
    before: dict[tuple[str | None, str | None], AccountStatement] = {}
    for one in file.statements:
        found += _own(one)
        key = (one.account.number, one.account.currency)
        if key in before:
            found += _chain(before[key], one)
        before[key] = one
    found += [
        Finding(id=each.code, line=each.line, values={"stated": each.stated, "found": each.found})
        for each in file.discrepancies
    ]
    return found


def _own(one: AccountStatement) -> Iterator[Finding]:
    """Yield what is wrong with a statement by itself."""
    account = one.account.number or ""
    if has_form_of_iban(account) and not is_iban(account):
        yield Finding(id="iban.invalid", line=one.line, values={"account": account})
    currencies = _currencies(one)
    if len(currencies) > 1:
        shown = ", ".join(sorted(currencies))
        yield Finding(
            id="currency.mixed", line=one.line, values={"account": account, "currencies": shown}
        )
    if one.opening_balance is None or one.closing_balance is None:
        yield Finding(
            id="balance.missing",
            severity=Severity.WARNING,
            line=one.line,
            values={"account": account},
        )
    elif one.opening_balance + one.booked != one.closing_balance:
        values = {
            "account": account,
            "number": one.number or "",
            "opening": str(one.opening_balance),
            "movements": str(one.booked),
            "expected": str(one.opening_balance + one.booked),
            "closing": str(one.closing_balance),
        }
        yield Finding(id="balance.mismatch", line=one.line, values=values)


def _currencies(one: AccountStatement) -> set[str]:
    sent = (one.account.currency, one.opening_currency, one.closing_currency)
    booked = (move.currency for move in one.movements if move.is_booked)
    return {currency for currency in (*sent, *booked) if currency}


def _chain(previous: AccountStatement, one: AccountStatement) -> Iterator[Finding]:
    """Yield what is wrong between a statement and the one before of its account."""
    is_next_part = one.page is not None and one.page != previous.page
    found = continuity(previous, one, same_number=is_next_part)
    numbers = {
        "account": one.account.number or "",
        "previous": previous.number or "",
        "number": one.number or "",
    }
    if found is Continuity.GAP:
        yield Finding(id="sequence.gap", severity=Severity.WARNING, line=one.line, values=numbers)
    elif found is Continuity.REPEATS:
        yield Finding(
            id="sequence.duplicate", severity=Severity.WARNING, line=one.line, values=numbers
        )
    elif found is Continuity.BREAKS:
        values = {
            **numbers,
            "closing": str(previous.closing_balance),
            "opening": str(one.opening_balance),
        }
        yield Finding(id="balance.chain", severity=Severity.WARNING, line=one.line, values=values)
