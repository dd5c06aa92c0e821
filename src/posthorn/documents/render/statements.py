"""Shows a file of bank statements: each with its account, balances and movements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from posthorn.documents.model import Party
from posthorn.documents.render.figures import account, amount, communication, day, money, span
from posthorn.documents.render.tables import filled, row, table, totals
from posthorn.documents.render.text import shown
from posthorn.documents.render.view import (
    Block,
    Column,
    Entry,
    Key,
    Kind,
    Row,
    Sheet,
    Table,
    Value,
    View,
    has_content,
)
from posthorn.documents.render.words import Words, words_in
from posthorn.documents.statements.checks import check
from posthorn.documents.statements.model import (
    AccountStatement,
    Communication,
    CommunicationKind,
    Movement,
    ReferenceKind,
    StatementFile,
)

_FILLER: Final = re.compile(r"(\.\d\d)0+$", re.ASCII)
_REFERENCES: Final = {
    ReferenceKind.BANK: "bank_reference",
    ReferenceKind.CUSTOMER: "customer_reference",
    ReferenceKind.END_TO_END: "end_to_end",
    ReferenceKind.MANDATE: "mandate_reference",
    ReferenceKind.CREDITOR: "creditor_reference",
    ReferenceKind.TRANSACTION: "transaction_reference",
}


def view_of_statement(file: StatementFile, language: str) -> View:
    """Return what a file of statements shows, its labels in nl, fr, en or de."""
    words = words_in(language)
    return View(
        kind=Kind.STATEMENT,
        language=words.language,
        origin=words.label("original_statement"),
        sheets=tuple(_sheet(each, words) for each in file.statements),
        checks=_checks(file, words),
    )


def _checks(file: StatementFile, words: Words) -> Block:
    said = [shown(finding.message(words.language)) for finding in check(file)]
    lines = tuple(Value(text=line) for line in said)
    return Block(
        title=words.label("checks"),
        lines=lines or (Value(text=words.label("checks_passed")),),
        is_warning=bool(said),
    )


def _sheet(statement: AccountStatement, words: Words) -> Sheet:
    _, closing = _currencies(statement)
    return Sheet(
        title=words.label("statement"),
        number=shown(statement.number),
        issuer=shown(_named(statement).name) or account(shown(statement.account.number)),
        facts=filled(_facts(statement, words)),
        parties=tuple(filter(has_content, (_account(statement, words), _holder(statement, words)))),
        key=_key(statement, closing, words),
        lines=_movements(statement, words),
        totals=_totals(statement, words),
        totals_title=" · ".join(filter(None, (words.label("totals"), closing))),
        blocks=tuple(filter(has_content, _blocks(statement, words))),
    )


def _currencies(statement: AccountStatement) -> tuple[str, str]:
    own = statement.account.currency
    return shown(statement.opening_currency or own), shown(statement.closing_currency or own)


def _facts(statement: AccountStatement, words: Words) -> Iterator[Row]:
    yield row(words.label("period"), span(statement.period_start, statement.period_end, words))
    yield row(words.label("page"), statement.page)
    yield row(words.label("created"), day(statement.created, words))
    yield row(words.label("currency"), statement.account.currency)


def _trimmed(number: Decimal | None) -> Decimal | None:
    """Return an amount without the third decimal that a bank's fixed columns fill with a zero."""
    return None if number is None else Decimal(_FILLER.sub(r"\1", f"{number:f}"))


def _account(statement: AccountStatement, words: Words) -> Block:
    found = statement.account
    number = account(shown(found.number))
    lines = (number, shown(found.description))
    return Block(
        title=words.label("account"),
        lines=tuple(Value(text=line) for line in lines if line),
        rows=filled((row(words.label("bic"), found.bic),)),
        has_name=bool(number),
    )


def _named(statement: AccountStatement) -> Party:
    return statement.account.holder or Party()


def _holder(statement: AccountStatement, words: Words) -> Block:
    found = _named(statement)
    name = shown(found.name)
    return Block(
        title=words.label("account_holder"),
        lines=(Value(text=name),) if name else (),
        rows=filled(
            (
                row(words.label("vat_number"), found.vat_number),
                row(
                    words.label("legal_identifier"),
                    found.enterprise_number,
                    found.enterprise_scheme,
                ),
            )
        ),
        has_name=bool(name),
    )


def _key(statement: AccountStatement, currency: str, words: Words) -> Key | None:
    if statement.closing_balance is None:
        return None
    opening, _ = _currencies(statement)
    balance = Value(text=money(_trimmed(statement.opening_balance), opening, words))
    before = Block(
        title=words.label("opening_balance"),
        lines=(balance,) if balance.text else (),
        rows=filled((row(words.label("date"), day(statement.opening_date, words)),)),
        has_name=bool(balance.text),
    )
    return Key(
        label=words.label("closing_balance"),
        value=Value(text=money(_trimmed(statement.closing_balance), currency, words)),
        note=day(statement.closing_date, words),
        blocks=tuple(filter(has_content, (before,))),
    )


def _totals(statement: AccountStatement, words: Words) -> tuple[Row, ...]:
    booked = [each.amount for each in statement.movements if each.is_booked]
    # A sum of nothing still has as many decimals as its neighbours.
    nothing = abs(booked[0] * 0) if booked else Decimal()
    gains = sum((each for each in booked if each > 0), nothing)
    losses = sum((each for each in booked if each < 0), nothing)
    named = (
        (words.label("opening_balance"), statement.opening_balance),
        (words.label("booked_in"), gains if booked else None),
        (words.label("booked_out"), losses if booked else None),
        (words.label("closing_balance"), statement.closing_balance),
    )
    last = words.label("closing_balance")
    return totals(
        (
            Row(
                label=label,
                value=Value(text=amount(_trimmed(number), words)),
                is_strong=label == last,
            )
            for label, number in named
        ),
        words,
    )


def _movements(statement: AccountStatement, words: Words) -> Table | None:
    if not statement.movements:
        return None
    columns = (
        Column(label=words.label("date")),
        Column(label=words.label("counterparty")),
        Column(label=words.label("value_date")),
        Column(label=words.label("currency")),
        Column(label=words.label("amount"), is_number=True),
    )
    own = statement.account.currency
    entries = [entry for each in statement.movements for entry in _entries(each, own, words)]
    return table(words.label("movements"), columns, entries, words, wide=1)


def _entries(
    movement: Movement, own: str | None, words: Words, *, part: bool = False
) -> Iterator[Entry]:
    other = movement.counterparty
    who = shown(other.name) or account(shown(other.account))
    said = [_said(each) for each in movement.communications]
    lead = who or next(iter(said), "") or next(iter(map(shown, movement.information)), "")
    booked = day(movement.entry_date, words)
    valued = day(movement.value_date, words)
    foreign = shown(movement.currency) if movement.currency != own else ""
    yield Entry(
        cells=(
            Value(text=booked),
            Value(text=lead),
            Value(text=valued if valued != booked else ""),
            Value(text=foreign),
            Value(text=amount(_trimmed(movement.amount), words)),
        ),
        details=tuple(
            each for each in filled(_details(movement, said, words)) if each.value.text != lead
        ),
        is_part=part,
    )
    for each in movement.details:
        yield from _entries(each, own, words, part=True)


def _said(each: Communication) -> str:
    if each.kind is CommunicationKind.BELGIAN:
        return communication(each.text)
    return shown(each.text)


def _details(movement: Movement, said: list[str], words: Words) -> Iterator[Row]:
    if not movement.is_booked:
        yield row("", words.label("announced"))
    yield row(words.label("account"), account(shown(movement.counterparty.account)))
    yield row(words.label("bic"), movement.counterparty.bic)
    for text in said:
        yield row(words.label("communication"), text)
    for text in movement.information:
        yield row(words.label("information"), text)
    for each in movement.references:
        yield row(words.label(_REFERENCES[each.kind]), each.text)
    yield row(words.label("bank_charges"), amount(_trimmed(movement.charges), words))
    yield row(words.label("code"), movement.code)


def _blocks(statement: AccountStatement, words: Words) -> Iterator[Block]:
    if statement.is_copy:
        yield Block(title=words.label("note"), lines=(Value(text=words.label("copy")),))
    if not statement.movements:
        nothing = Value(text=words.label("no_movements"))
        yield Block(title=words.label("movements"), lines=(nothing,))
    messages = tuple(Value(text=shown(text)) for text in statement.messages if shown(text))
    yield Block(title=words.label("messages"), lines=messages)
