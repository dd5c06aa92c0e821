"""Tokens: one writer, asked for only when due, stored before use, and ended only for a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from posthorn.connections.keyring import KeyringError, Sealed, fresh_key, keyring
from posthorn.connections.logins import connection_http
from posthorn.connections.places import place_of_grant
from posthorn.connections.registry import registry
from posthorn.connections.rotation import keys_in_use, rotate_secrets
from posthorn.connections.tokens import TokenStore, opened_pair, settle
from posthorn.delivery import instance
from posthorn.delivery.models import Instance
from posthorn.sdk import AuthorizationLost, Misconfigured, RateLimited, Unavailable
from posthorn.tenancy.scope import acting, system
from tests.db.grants import books_fixture, signed  # noqa: F401  the fixture by its name

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("age_s", "calls"), [(0, 0), (569, 0), (571, 1), (600, 1), (86_400, 1)])
def test_a_token_is_asked_for_only_when_it_is_due(
    books: Cloudbooks, age_s: int, calls: int
) -> None:
    one, store = signed(books, age_s=age_s), TokenStore()

    tokens = {store.access(one.owner).token for _ in range(3)}

    assert (books.refreshes(), tokens) == (calls, {books.chains[0].access})


def test_what_was_kept_is_used_until_it_is_due_and_no_longer(books: Cloudbooks) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        one, store = signed(books), TokenStore()
        first = store.access(one.owner).token
        clock.shift(569)
        assert store.access(one.owner).token == first
        clock.shift(2)
        assert store.access(one.owner).token != first

    assert books.refreshes() == 1


def test_a_refresh_that_comes_too_early_is_a_success(books: Cloudbooks) -> None:
    one, store = signed(books, age_s=580), TokenStore()
    books.faults.append("too early")

    token = store.access(one.owner).token

    assert token == store.access(one.owner).token == books.chains[0].access
    assert (len(books.token_calls), one.package().attention, one.alerts()) == (1, "", [])


def test_a_sibling_that_was_faster_costs_no_call_and_no_alert(books: Cloudbooks) -> None:
    one, slow, fast = signed(books), TokenStore(), TokenStore()
    old = slow.access(one.owner).token
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=580)):
        new = fast.access(one.owner).token

        assert slow.renewed(one.owner, old).token == new != old

    assert (books.refreshes(), one.package().attention) == (1, "")


def test_a_refused_token_is_renewed_before_it_is_due(books: Cloudbooks) -> None:
    one, store = signed(books), TokenStore()
    old = store.access(one.owner).token

    assert store.renewed(one.owner, old).token == books.chains[0].access != old


def test_a_sign_in_elsewhere_ends_ours_once_and_names_the_cause(books: Cloudbooks) -> None:
    one, store = signed(books, age_s=580), TokenStore()
    books.sign_in_elsewhere("an")

    for _ in range(3):
        with pytest.raises(AuthorizationLost) as raised:
            store.access(one.owner)

    row, package = one.row(), one.package()
    assert raised.value.code == package.attention == row.ended_code == "sign_in_superseded"
    assert "Old refresh token used." in package.attention_detail
    assert (books.refreshes(), one.alerts()) == (1, ["sign_in_superseded"])
    assert (bytes(row.sealed), row.key_id) == (b"", "")


@pytest.mark.parametrize("fault", ["expired", "chain"])
def test_a_consent_that_has_ended_means_signing_in_again(books: Cloudbooks, fault: str) -> None:
    one = signed(books, age_s=580)
    books.faults.append(fault)

    found = settle(one.owner)

    assert isinstance(found, AuthorizationLost)
    assert (found.code, one.alerts()) == ("sign_in_ended", ["sign_in_ended"])


@pytest.mark.parametrize("fault", ["lost", "down", "empty", "html", "cut", "list", "limited"])
def test_a_call_without_an_answer_is_asked_again_at_most_twice_a_minute(
    books: Cloudbooks, fault: str
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        one, store = signed(books, age_s=600), TokenStore()
        books.faults.extend([fault] * 9)
        for _ in range(60):
            with pytest.raises(Unavailable) as raised:
                store.access(one.owner)
            assert raised.value.code == "sign_in_unanswered"
            clock.shift(1)

    assert (books.refreshes(), one.package().attention) == (2, "")


def test_a_lost_answer_is_followed_by_one_more_try_and_then_by_signing_in_again(
    books: Cloudbooks,
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        one, store = signed(books, age_s=600), TokenStore()
        books.faults.append("lost")
        with pytest.raises(Unavailable):
            store.access(one.owner)
        clock.shift(31)
        with pytest.raises(AuthorizationLost) as raised:
            store.access(one.owner)

    assert (raised.value.code, books.refreshes()) == ("sign_in_superseded", 2)
    assert one.alerts() == ["sign_in_superseded"]


def test_while_nobody_answers_a_token_that_lives_is_used(books: Cloudbooks) -> None:
    one, store = signed(books, age_s=580), TokenStore()
    books.faults.append("down")

    token = store.access(one.owner).token

    assert (token, books.refreshes()) == (books.chains[0].access, 1)


def test_a_wrong_registration_ends_no_sign_in(books: Cloudbooks) -> None:
    one = signed(books, age_s=600)
    books.faults.append("setup")

    found = settle(one.owner)

    assert isinstance(found, Misconfigured)
    assert not isinstance(found, AuthorizationLost)
    assert (found.code, one.row().ended_at) == ("sign_in_setup", None)


def test_token_calls_of_a_day_are_bounded(books: Cloudbooks) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        one = signed(books, age_s=600)
        row = one.row()
        row.calls_on, row.calls = NOON.date(), 200
        with acting(one.firm):
            row.save()

        found = settle(one.owner)
        assert isinstance(found, RateLimited)
        assert found.until == datetime(2026, 11, 22, tzinfo=UTC)
        assert books.refreshes() == 0
        clock.move_to(found.until)
        assert not isinstance(settle(one.owner), Exception)

    assert (books.refreshes(), one.row().calls) == (1, 1)


def test_tokens_decrypt_at_their_own_place_alone(books: Cloudbooks) -> None:
    one, other = signed(books, "an").row(), signed(books, "bob").row()
    moved = Sealed(key_id=one.key_id, data=bytes(one.sealed))

    assert opened_pair(one) == (books.chains[0].access, books.chains[0].refresh)
    with pytest.raises(KeyringError):
        keyring().open(moved, place=place_of_grant(other))
    assert b"canary" not in bytes(one.sealed)


def test_a_connection_nobody_signed_in_to_says_so(books: Cloudbooks) -> None:
    one = signed(books)
    with acting(one.firm):
        one.row().delete()

    found = settle(one.owner)

    assert isinstance(found, AuthorizationLost)
    assert found.code == "not_signed_in"


def test_calls_carry_the_token_and_a_revoked_one_ends_the_sign_in(books: Cloudbooks) -> None:
    one = signed(books)
    http = connection_http(registry().loaded["cloudbooks"], {"country": "be"}, one.caller)

    assert http.base == books.base
    assert http.read("/api/me").json() == {
        "id": "U1",
        "name": "An Peeters",
        "company": "Kantoor Peeters",
    }
    books.sign_in_elsewhere("an")
    with pytest.raises(AuthorizationLost) as raised:
        http.read("/api/me")

    assert (raised.value.code, books.refreshes()) == ("sign_in_superseded", 1)
    assert len(books.api_calls) == 2


def test_a_token_refused_although_the_package_calls_it_good_means_signing_in_again(
    books: Cloudbooks,
) -> None:
    one = signed(books)
    http = connection_http(registry().loaded["cloudbooks"], {"country": "be"}, one.caller)
    books.api_faults.extend(["401", "401"])
    books.faults.append("too early")

    with pytest.raises(AuthorizationLost) as raised:
        http.read("/api/me")

    assert (raised.value.code, len(books.api_calls), books.refreshes()) == (
        "authorization_lost",
        2,
        1,
    )


def test_without_the_operators_registration_nothing_is_asked(books: Cloudbooks) -> None:
    one = signed(books)
    http = connection_http(registry().loaded["cloudbooks"], {"country": "fr"}, one.caller)

    with pytest.raises(Misconfigured) as raised:
        http.read("https://cloudbooks.fr/api/me")

    assert (raised.value.code, books.api_calls) == ("host_not_declared", [])


def test_a_rotation_of_keys_leaves_tokens_readable(books: Cloudbooks, settings: Settings) -> None:
    one = signed(books)
    before = opened_pair(one.row())
    both = f"{fresh_key('k2')},{settings.POSTHORN.keyring}"
    settings.POSTHORN = replace(settings.POSTHORN, keyring=both)

    assert rotate_secrets().sign_ins == 1
    row = one.row()
    assert (row.key_id, opened_pair(row), keys_in_use()) == ("k2", before, frozenset({"k2"}))
    assert rotate_secrets().sign_ins == 0


def test_tokens_without_their_key_wait_for_it(books: Cloudbooks, settings: Settings) -> None:
    one = signed(books, age_s=600)
    settings.POSTHORN = replace(settings.POSTHORN, keyring=fresh_key("k9"))

    found = settle(one.owner)

    assert isinstance(found, Unavailable)
    assert (found.code, books.refreshes(), one.row().ended_at) == ("key_missing", 0, None)


def test_a_restored_installation_asks_for_no_token(books: Cloudbooks) -> None:
    one = signed(books, age_s=600)
    instance.recognise()
    with system("restore"):
        Instance.objects.update(held_reason="restored", held_at=NOON)

    found = settle(one.owner)

    assert isinstance(found, Unavailable)
    assert (found.code, books.token_calls) == ("installation_on_hold", [])
