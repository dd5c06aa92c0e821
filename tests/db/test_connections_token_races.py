"""Tokens when many ask at the same time, and when a worker dies with an answer in its hand."""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from posthorn.connections.tokens import TokenStore, opened_pair, settle
from posthorn.kernel import crash
from posthorn.sdk import AuthorizationLost
from tests.db.grants import books_fixture, signed  # noqa: F401  the fixture by its name
from tests.threads import at_once

if TYPE_CHECKING:
    from tests.cloudbooks import Cloudbooks
    from tests.db.grants import Signed

pytestmark = pytest.mark.usefixtures("committed")

KILLS = 10


def test_fifty_calls_at_expiry_lead_to_one_refresh(books: Cloudbooks) -> None:
    one = signed(books, age_s=600)
    stores = [TokenStore() for _ in range(5)]  # as many processes

    found = at_once([partial(stores[n % 5].access, one.owner) for n in range(50)])

    (token,) = {access.token for access in found}
    assert (books.refreshes(), token) == (1, books.chains[0].access)
    assert opened_pair(one.row()) == (token, books.chains[0].refresh)


def test_fifty_waiters_at_the_row_itself_lead_to_one_refresh(books: Cloudbooks) -> None:
    one = signed(books, age_s=600)

    found = at_once([lambda: settle(one.owner) for _ in range(50)])

    assert len({access.token for access in found}) == 1  # type: ignore[union-attr]
    assert (books.refreshes(), one.row().generation) == (1, 2)


def killed_with_an_answer(one: Signed) -> None:
    """Die in another process, between the package's answer and the commit."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        crash.arm("after_token_answer")
        settle(one.owner)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def test_killed_with_the_answer_in_hand_it_is_noticed_at_the_next_call_and_nothing_is_lost(
    books: Cloudbooks,
) -> None:
    for _ in range(KILLS):
        books.token_calls.clear()
        one = signed(books, age_s=600)
        waiting = one.waiting()
        killed_with_an_answer(one)
        assert (one.row().generation, one.row().ended_at) == (1, None)

        outcomes = [settle(one.owner) for _ in range(3)]

        assert {type(outcome) for outcome in outcomes} == {AuthorizationLost}
        assert one.package().attention == "sign_in_superseded"
        assert (one.alerts(), len(books.token_calls)) == (["sign_in_superseded"], 2)
        assert one.standing(waiting) == ("held", "connection_attention")
