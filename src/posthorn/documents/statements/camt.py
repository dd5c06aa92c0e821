"""Reads CAMT.053, the ISO 20022 statement, in all its versions.

ISO 20022, camt.053.001.02 to .13, BankToCustomerStatement. What the versions write differently is
looked for in each way: a party in `Pty`, a status in `Cd`, a bank's code as `BIC` or `BICFI`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from posthorn.documents import numbers, values
from posthorn.documents.errors import CamtKindError, CamtValueError
from posthorn.documents.formats import CAMT_ROOT, Format
from posthorn.documents.model import Party
from posthorn.documents.statements.camt_amounts import account_number, bic_of, day, money, total
from posthorn.documents.statements.camt_entries import read_entry
from posthorn.documents.statements.camt_spans import spans_of
from posthorn.documents.statements.model import (
    Account,
    AccountStatement,
    Discrepancy,
    Movement,
    Span,
    StatementFile,
)
from posthorn.documents.xml import Element, Tree, parse

_BODY: Final = "camt:BkToCstmrStmt"
_OPENING: Final = ("OPBD", "PRCD")  # opening booked; the closing balance of the one before
_CLOSING: Final = "CLBD"
_INTERIM: Final = "ITBD"  # of a statement sent in parts
_COPIES: Final = frozenset({"COPY", "DUPL", "CODU"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Balance:
    amount: Decimal | None = None
    currency: str | None = None
    day: date | None = None


def read(data: bytes, tree: Tree | None = None) -> StatementFile:
    """Return what a CAMT.053 file says, whose tree may be there already.

    Raises CamtKindError, CamtValueError, and what `xml.parse` raises.
    """
    tree = tree or parse(data)
    body = tree.root.first(_BODY)
    if tree.root.name != CAMT_ROOT or body is None:
        raise CamtKindError(tree.root.name)
    found = list(body.each("camt:Stmt"))
    if not found:
        raise CamtKindError("it holds no statement")
    spans = spans_of(data, len(found))
    lines = _lines(data, spans)
    read_ones = [
        _statement(one, span, line) for one, span, line in zip(found, spans, lines, strict=True)
    ]
    holders = [one.account.holder for one in read_ones]
    return StatementFile(
        format=Format.CAMT053,
        statements=tuple(read_ones),
        holder=holders[0] if all(holder == holders[0] for holder in holders) else None,
        created=day(body.text("camt:GrpHdr", "camt:CreDtTm")),
        discrepancies=tuple(
            difference
            for one, element in zip(read_ones, found, strict=True)
            for difference in _differences(element, one)
        ),
    )


def _statement(element: Element, span: Span | None, line: int | None) -> AccountStatement:
    opening, closing = _balances(element)
    account = _account(element, opening, closing)
    return AccountStatement(
        account=account,
        number=element.text("camt:ElctrncSeqNb") or element.text("camt:LglSeqNb"),
        page=element.text("camt:StmtPgntn", "camt:PgNb"),
        created=day(element.text("camt:CreDtTm")),
        is_copy=element.text("camt:CpyDplctInd") in _COPIES,
        period_start=_limit(element, "camt:FrDt"),
        period_end=_limit(element, "camt:ToDt"),
        opening_balance=opening.amount,
        opening_date=opening.day,
        opening_currency=opening.currency,
        closing_balance=closing.amount,
        closing_date=closing.day,
        closing_currency=closing.currency,
        movements=tuple(read_entry(entry, account.number) for entry in element.each("camt:Ntry")),
        messages=tuple(filter(None, [element.text("camt:AddtlStmtInf")])),
        line=line,
        span=span,
    )


def _lines(data: bytes, spans: list[Span | None]) -> Iterator[int | None]:
    """Yield the line on which each statement begins; every byte is looked at once."""
    line, seen = 1, 0
    for span in spans:
        if span is None:
            yield None
            continue
        line += data.count(b"\n", seen, span.start)
        seen = span.start
        yield line


def _limit(element: Element, name: str) -> date | None:
    period = element.first("camt:FrToDt")
    if period is None:
        return None
    return day(period.text(f"{name}Tm") or period.text(name))


def _balances(element: Element) -> tuple[_Balance, _Balance]:
    """Return the opening and the closing balance; of a part, the interim ones."""
    found: list[tuple[str | None, _Balance]] = [
        (each.text("camt:Tp", "camt:CdOrPrtry", "camt:Cd"), _balance(each))
        for each in element.each("camt:Bal")
    ]
    interim = [balance for code, balance in found if code == _INTERIM]
    opening = next(
        (balance for wanted in _OPENING for code, balance in found if code == wanted), None
    )
    closing = next((balance for code, balance in reversed(found) if code == _CLOSING), None)
    if opening is None and interim and (closing is not None or len(interim) > 1):
        opening = interim.pop(0)
    if closing is None and interim:
        closing = interim[-1]
    return opening or _Balance(), closing or _Balance()


def _balance(element: Element) -> _Balance:
    amount, currency = money(element)
    dated = element.text("camt:Dt", "camt:Dt") or element.text("camt:Dt", "camt:DtTm")
    return _Balance(amount=amount, currency=currency, day=day(dated))


def _account(element: Element, opening: _Balance, closing: _Balance) -> Account:
    account = element.first("camt:Acct")
    if account is None:
        raise CamtValueError("a statement without an account")
    currency = values.currency(account.text("camt:Ccy"))
    if currency is None and opening.currency == closing.currency:
        currency = opening.currency
    bank = account.first("camt:Svcr", "camt:FinInstnId")
    return Account(
        number=account_number(account),
        currency=currency,
        bic=bic_of(bank),
        holder=_owner(account),
        description=account.text("camt:Nm"),
    )


def _owner(account: Element) -> Party | None:
    owner = account.first("camt:Ownr")
    if owner is None:
        return None
    ids = owner.each("camt:Id", "camt:OrgId", "camt:Othr")
    found = next((each.text("camt:Id") for each in ids if _is_enterprise(each)), None)
    return Party(
        name=owner.text("camt:Nm"),
        enterprise_number=numbers.belgian_enterprise(found) if found else None,
        country=owner.text("camt:PstlAdr", "camt:Ctry"),
    )


def _is_enterprise(other: Element) -> bool:
    # Febelfin, implementation guidelines camt.053: an enterprise number is issued by KBO-BCE.
    return (other.text("camt:Issr") or "").upper() == "KBO-BCE"


def _differences(element: Element, statement: AccountStatement) -> Iterator[Discrepancy]:
    """Yield where the summary does not agree with the entries."""
    for name, code, sign in (
        ("camt:TtlCdtNtries", "totals.credit", 1),
        ("camt:TtlDbtNtries", "totals.debit", -1),
    ):
        summary = element.first("camt:TxsSummry", name)
        if summary is None:
            continue
        found = [move for move in statement.movements if _has_sign(move, sign)]
        counted = summary.text("camt:NbOfNtries")
        if counted is not None and counted.isdecimal() and int(counted[:15]) != len(found):
            stated = counted[:15]
            yield Discrepancy(
                code="totals.count", stated=stated, found=str(len(found)), line=statement.line
            )
        stated_sum = total(summary.text("camt:Sum"))
        sum_found = sign * sum((move.amount for move in found), Decimal())
        if stated_sum is not None and stated_sum != sum_found:
            yield Discrepancy(
                code=code, stated=str(stated_sum), found=str(sum_found), line=statement.line
            )


def _has_sign(move: Movement, sign: int) -> bool:
    return move.amount * sign > 0
