"""Chooses rows by many ids at once, as one value of a statement and not as hundreds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, F, Func, Q, TextField, Value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

_TEXT: TextField[str, str] = TextField()


class _OneOf(Func):
    """Compares a column with each of an array."""

    template = "%(expressions)s::uuid[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def one_of(column: str, ids: Iterable[UUID]) -> Q:
    """Choose the rows whose column is one of the ids.

    An accountant has hundreds of clients: with a parameter for each, reading the statement takes
    longer than answering it, and the server plans it anew for every number of them. As a text they
    pass Django and the driver once, not one by one.
    """
    array = f"{{{','.join(map(str, ids))}}}"
    return Q(_OneOf(F(column), Value(array, output_field=_TEXT)))
