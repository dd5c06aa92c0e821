"""Tells whose statements a file holds and of which period, without their movements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from posthorn.documents.model import Category, Facts, Statement
from posthorn.documents.statements.model import AccountStatement, StatementFile


def facts_of(file: StatementFile) -> Facts:
    """Return the facts of a file of statements."""
    statements = file.statements
    return Facts(
        format=file.format,
        category=Category.STATEMENT,
        issue_date=file.created,
        currency=_only({one.account.currency for one in statements}),
        holder=file.holder,
        accounts=file.accounts,
        statement_number=statements[0].number if len(statements) == 1 else None,
        period_start=min(
            _days(one.period_start or one.opening_date for one in statements), default=None
        ),
        period_end=max(
            _days(one.period_end or one.closing_date for one in statements), default=None
        ),
        statements=tuple(_summary(one) for one in statements),
    )


def _summary(one: AccountStatement) -> Statement:
    return Statement(
        account=one.account.number,
        number=one.number,
        currency=one.account.currency,
        opening_balance=one.opening_balance,
        opening_date=one.opening_date,
        closing_balance=one.closing_balance,
        closing_date=one.closing_date,
    )


def _only(found: set[str | None]) -> str | None:
    return found.pop() if len(found) == 1 else None


def _days(found: Iterable[date | None]) -> Iterable[date]:
    return (day for day in found if day is not None)
