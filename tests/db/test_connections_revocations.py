"""A sign-in that is given up: the package is asked to end it until it has, or people are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from posthorn.connections import revocations
from posthorn.connections.grant_models import Grant
from posthorn.connections.models import Connection
from posthorn.connections.stages import Revocation
from posthorn.connections.tokens import TokenStore
from posthorn.delivery.asker import ask_once
from posthorn.kernel.clock import now
from posthorn.sdk import AuthorizationLost
from posthorn.tenancy.scope import acting
from tests.db.grants import books_fixture  # noqa: F401  the fixture by its name
from tests.db.grants import signed as signed_in
from tests.db.removing import be_the_original, remove, trail
from tests.db.signing_office import Office

if TYPE_CHECKING:
    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation() -> None:
    """Be the installation itself, and no copy."""
    be_the_original()


def test_a_worker_has_the_package_end_the_sign_in_once(books: Cloudbooks) -> None:
    office = Office()
    one = office.connected(books)
    refresh = books.chains[0].refresh

    removed = remove(office.firm, one.connection)
    assert (removed.revocation, books.revoke_calls) == (Revocation.DUE, [])  # no web request calls
    with pytest.raises(AuthorizationLost):
        TokenStore().access(one.owner)
    assert (ask_once(), ask_once()) == (True, False)

    (call,) = books.revoke_calls
    assert (call["token"], call["token_type_hint"]) == (refresh, "refresh_token")
    assert books.chains == []
    row = one.row()
    assert (row.revocation, bytes(row.sealed), row.key_id) == ("done", b"", "")
    assert trail(office.firm, "connection.sign_in_") == ["connection.sign_in_revoked"]


def test_where_the_operator_is_not_registered_any_more_the_tokens_go_at_once(
    books: Cloudbooks, settings: object
) -> None:
    del settings
    one = signed_in(books)
    with acting(one.firm):
        Connection.objects.update(settings={"country": "at"})

    removed = remove(one.firm, one.connection)

    row = one.row()
    assert (removed.revocation, row.revocation) == (Revocation.BY_HAND, "by_hand")
    assert (bytes(row.sealed), row.ended_code, ask_once()) == (b"", "package_removed", False)
    assert len(books.chains) == 1


def test_a_package_that_does_not_answer_is_asked_again_and_in_the_end_people_are_told(
    books: Cloudbooks,
) -> None:
    one = signed_in(books)
    remove(one.firm, one.connection)
    books.faults.extend(["down", "limited", "down"])

    with time_machine.travel(now(), tick=True) as clock:
        assert (ask_once(), revocations.begin_due()) == (True, 0)  # not before its time
        for wait in (31, 61):
            clock.shift(timedelta(seconds=wait))
            assert (revocations.begin_due(), revocations.begin_due(), ask_once()) == (1, 0, True)
        assert (one.row().revocation, one.row().unanswered) == ("due", 3)
        books.faults.append("down")
        clock.shift(timedelta(days=1))
        assert (revocations.begin_due(), ask_once()) == (1, True)

    row = one.row()
    assert (row.revocation, bytes(row.sealed), len(books.revoke_calls)) == ("failed", b"", 4)
    assert trail(one.firm, "connection.sign_in_") == ["connection.sign_in_not_revoked"]


def test_a_refusal_of_our_registration_is_told_at_once(books: Cloudbooks) -> None:
    one = signed_in(books)
    remove(one.firm, one.connection)
    books.faults.append("setup")

    assert (ask_once(), revocations.begin_due(), one.row().revocation) == (True, 0, "failed")


@pytest.mark.parametrize("fault", ["lost", "chain"])
def test_a_lost_answer_is_asked_again_and_an_ended_token_is_no_error(
    books: Cloudbooks, fault: str
) -> None:
    one = signed_in(books)
    remove(one.firm, one.connection)
    books.faults.append(fault)

    ask_once()
    with time_machine.travel(now() + timedelta(seconds=31)):
        revocations.begin_due()
        ask_once()

    assert one.row().revocation == "done"
    assert len(books.revoke_calls) == (2 if fault == "lost" else 1)


def test_who_signed_in_anew_meanwhile_keeps_that_sign_in(books: Cloudbooks) -> None:
    one = signed_in(books)
    remove(one.firm, one.connection)
    newer = signed_in(books)

    ask_once()

    assert (one.row().revocation, newer.row().ended_at, books.revoke_calls) == ("done", None, [])
    assert len(books.chains) == 1


def test_a_sign_in_that_had_ended_is_not_ended_again(books: Cloudbooks) -> None:
    one = signed_in(books)
    with acting(one.firm):
        Grant.objects.update(ended_at=now(), ended_code="sign_in_ended", key_id="", sealed=b"")

    removed = remove(one.firm, one.connection)

    assert (removed.revocation, ask_once(), one.row().revocation) == (None, False, "")
