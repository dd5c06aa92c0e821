"""Removing an accounting package while others work on it, and workers that die with an answer."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connections

from posthorn.connections import removal, revocations
from posthorn.connections.errand_models import Errand
from posthorn.connections.errors import NotFoundError
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.models import Connection, Integration
from posthorn.delivery.asker import ask_once
from posthorn.kernel import crash
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory
from tests.db.grants import books_fixture  # noqa: F401  the fixture by its name
from tests.db.grants import signed as signed_in
from tests.db.removing import ACTOR, be_the_original, remove, trail

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cloudbooks import Cloudbooks
    from tests.db.grants import Signed

pytestmark = pytest.mark.usefixtures("committed")
ROUNDS = 10


@pytest.fixture(autouse=True)
def installation(committed: None) -> None:
    """Be the installation itself, and no copy."""
    del committed
    be_the_original()


def together(*deeds: Callable[[], object]) -> list[object]:
    """Run deeds in threads that start at once; gives what each returned or raised."""
    barrier, ends = threading.Barrier(len(deeds)), dict[int, object]()

    def run(number: int, deed: Callable[[], object]) -> None:
        barrier.wait(timeout=10)
        try:
            ends[number] = deed()
        except Exception as error:  # noqa: BLE001  compared below
            ends[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return [ends[number] for number in range(len(deeds))]


def binding(one: Signed) -> Callable[[], object]:
    client = ClientFactory.create(firm=one.package().firm)

    def bind() -> object:
        with acting(one.firm):
            return create_integration(one.firm, client.pk, one.connection, Wish(), actor=ACTOR)

    return bind


def test_no_client_is_bound_to_a_package_that_is_being_removed(books: Cloudbooks) -> None:
    refused = 0
    for _ in range(ROUNDS):
        books.chains.clear()
        one = signed_in(books)
        one.integration()

        ends = together(binding(one), lambda: remove(one.firm, one.connection), binding(one))  # noqa: B023  runs within its round

        with acting(one.firm):
            assert Integration.objects.filter(removed_at=None).count() == 0
            made = Integration.objects.count() - 1
        bound = [end for end in (ends[0], ends[2]) if isinstance(end, Integration)]
        errors = [type(end) for end in ends if isinstance(end, Exception)]
        assert (made, errors) == (len(bound), [NotFoundError] * (2 - made))
        refused += len(errors)
    assert 0 <= refused <= 2 * ROUNDS


def test_of_two_who_remove_it_at_once_one_does(books: Cloudbooks) -> None:
    one = signed_in(books)

    ends = together(*[lambda: remove(one.firm, one.connection)] * 2)

    assert sorted(type(end).__name__ for end in ends) == ["NotFoundError", "Removed"]
    assert trail(one.firm, "connection.removed") == ["connection.removed"]
    with acting(one.firm):
        assert Errand.objects.filter(kind=revocations.KIND).count() == 1


def killed_after_the_call() -> None:
    """Die in another process, between the package's answer and the commit."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        crash.arm("after_revocation")
        ask_once()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def test_killed_with_the_packages_answer_the_next_worker_asks_again_and_forgets_the_tokens(
    books: Cloudbooks,
) -> None:
    one = signed_in(books)
    remove(one.firm, one.connection)

    killed_after_the_call()
    assert (one.row().revocation, bool(one.row().sealed), ask_once()) == ("due", True, False)
    with time_machine.travel(now() + timedelta(seconds=61)):  # its lease is over
        assert ask_once()

    assert (one.row().revocation, bytes(one.row().sealed)) == ("done", b"")
    assert (len(books.revoke_calls), books.chains) == (2, [])
    assert trail(one.firm, "connection.sign_in_") == ["connection.sign_in_revoked"]


def test_an_errand_that_killed_its_workers_is_asked_for_again(books: Cloudbooks) -> None:
    one = signed_in(books)
    remove(one.firm, one.connection)
    with system("give up"):
        Errand.objects.update(tries=3, claimed_until=now() - timedelta(seconds=1))

    assert (ask_once(), one.row().revocation, books.revoke_calls) == (True, "due", [])
    assert (revocations.begin_due(), ask_once(), one.row().revocation) == (1, True, "done")


def test_a_removal_that_does_not_come_to_its_end_changes_nothing(books: Cloudbooks) -> None:
    one = signed_in(books)
    waiting = one.waiting()

    with pytest.raises(RuntimeError, match="power cut"):
        interrupted(one)

    assert one.standing(waiting) == ("queued", "")
    assert (one.row().ended_at, bool(one.row().sealed)) == (None, True)
    with acting(one.firm):
        assert Connection.objects.get().removed_at is None
        assert Integration.objects.filter(removed_at=None).count() == 1
    assert (trail(one.firm, "connection.removed"), ask_once()) == ([], False)


def interrupted(one: Signed) -> None:
    with acting(one.firm):
        removal.remove_connection(one.firm, one.connection, actor=ACTOR)
        raise RuntimeError("power cut")
