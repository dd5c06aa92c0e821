"""`statement`: what a file of bank statements says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.cli.command import group, plain
from posthorn.cli.commands.files import OnePath
from posthorn.cli.desk import Desk
from posthorn.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.documents.statements.model import AccountStatement, Movement, StatementFile

noun = group("statement", "Files of bank statements: CODA, CAMT.053 and MT940.")
_COLUMNS = ("entry_date", "value_date", "amount", "counterparty", "account", "communication")


@plain(noun, "show")
def show(desk: Desk, path: OnePath) -> None:
    """Show a file's statements: accounts, balances and every movement."""
    file = _read(path)
    for number, statement in enumerate(file.statements, start=1):
        if desk.output.is_json:
            movements = [_movement(each) for each in statement.movements]
            desk.output.record({**_head(statement), "movements": movements})
            continue
        desk.output.text(f"Statement {number} of {len(file.statements)}")
        desk.output.record({name: value for name, value in _head(statement).items() if value})
        desk.output.rows(list(_rows(statement)), _COLUMNS)


def _read(path: OnePath) -> StatementFile:
    from posthorn.documents.opening import open_inside  # noqa: PLC0415  # the help must not wait
    from posthorn.documents.reader import content_of  # noqa: PLC0415
    from posthorn.documents.statements.model import StatementFile  # noqa: PLC0415

    content = content_of(open_inside(path.read_bytes()))
    if not isinstance(content, StatementFile):
        message = f"{path} holds no bank statements."
        raise UsageError(message)
    return content


def _head(one: AccountStatement) -> dict[str, object]:
    holder = one.account.holder
    return {
        "account": one.account.number,
        "bic": one.account.bic,
        "holder": holder.name if holder else None,
        "currency": one.account.currency,
        "number": one.number,
        "opening_date": one.opening_date,
        "opening_balance": one.opening_balance,
        "closing_date": one.closing_date,
        "closing_balance": one.closing_balance,
        "booked": one.booked,
    }


def _rows(statement: AccountStatement) -> Iterator[dict[str, object]]:
    """Yield a row for each movement, and below it one for each part of a whole."""
    for each in statement.movements:
        yield _movement(each)
        for part in each.details:
            row = _movement(part)
            yield {**row, "amount": f"({row['amount']})"}


def _movement(one: Movement) -> dict[str, object]:
    return {
        "entry_date": one.entry_date,
        "value_date": one.value_date,
        "amount": one.amount,
        "counterparty": one.counterparty.name,
        "account": one.counterparty.account,
        "communication": " ".join(each.text for each in one.communications) or None,
        "code": one.code,
    }
