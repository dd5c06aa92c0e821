"""Whose sign-in lives: one account of a package per firm, one firm per account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections import signed
from posthorn.connections.consultation import Subject, consult
from posthorn.connections.errors import (
    NotFoundError,
)
from posthorn.connections.memory import Facts
from posthorn.connections.registry import registry
from posthorn.connections.signed import Exchanged, Placed
from posthorn.connections.tokens import TokenStore, opened_pair
from posthorn.sdk import AuthorizationLost
from posthorn.tenancy.models import AuditEntry, Firm
from posthorn.tenancy.scope import acting
from tests.db.grants import books_fixture  # noqa: F401  the fixture by its name
from tests.db.noticing import a_member, notices
from tests.db.removing import remove
from tests.db.signing_office import Office, under_way

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db


def test_the_same_account_in_two_firms_replaces_the_first(books: Cloudbooks) -> None:
    first, second = Office(), Office()
    one = first.connected(books)
    waiting = one.waiting()
    assert one.standing(waiting) == ("queued", "")

    other = second.connected(books)

    assert one.package().attention == one.row().ended_code == "replaced_by_newer_sign_in"
    assert one.standing(waiting) == ("held", "connection_attention")
    assert one.alerts() == ["replaced_by_newer_sign_in"]
    assert bytes(one.row().sealed) == b""
    assert (other.package().attention, other.row().ended_at) == ("", None)
    with pytest.raises(AuthorizationLost) as raised:
        TokenStore().access(one.owner)
    assert raised.value.code == "replaced_by_newer_sign_in"
    with acting(first.firm):
        said = str(list(AuditEntry.objects.values_list("actor", "detail", "action")))
    assert str(second.firm) not in said
    assert str(second.visitor.person) not in said


def test_signing_in_again_resumes_what_was_held_and_keeps_the_integrations(
    books: Cloudbooks,
) -> None:
    first, second = Office(), Office()
    one = first.connected(books)
    waiting, version = one.waiting(), one.package().version
    second.connected(books)

    placed = first.sign_in(books, "an", again=one.connection)

    assert isinstance(placed, Placed)
    assert (placed.connection, placed.is_new) == (one.connection, False)
    assert one.standing(waiting) == ("queued", "")
    assert (one.package().attention, one.package().version) == ("", version + 1)
    assert TokenStore().access(one.owner).token == books.chains[-1].access


def test_different_accounts_in_two_firms_both_live(books: Cloudbooks) -> None:
    first, second = Office(), Office()
    one, other = first.connected(books, "an"), second.connected(books, "bob")

    assert (one.row().ended_at, other.row().ended_at) == (None, None)
    assert (one.alerts(), other.alerts()) == ([], [])
    assert len({TokenStore().access(both.owner).token for both in (one, other)}) == 2


def test_the_same_account_twice_in_one_firm_uses_the_connection_that_is_there(
    books: Cloudbooks,
) -> None:
    office = Office()
    one = office.connected(books)

    placed = office.sign_in(books)

    assert isinstance(placed, Placed)
    assert (placed.connection, placed.is_new, office.packages()) == (one.connection, False, 1)
    assert opened_pair(one.row()) == (books.chains[0].access, books.chains[0].refresh)
    assert one.alerts() == []


def test_another_account_is_asked_about_before_it_replaces_the_one_there(
    books: Cloudbooks,
) -> None:
    office = Office()
    one = office.connected(books)
    one.integration()
    one.integration()

    asked = office.sign_in(books, "bob")

    assert isinstance(asked, Exchanged)
    assert (asked.before, asked.after, asked.clients) == ("An Peeters", "Bob Maes", 2)
    assert (one.row().account_name, office.packages()) == ("An Peeters", 1)
    placed = signed.place(office.firm, asked.sign_in, visitor=office.visitor, replaces=True)
    assert isinstance(placed, Placed)
    assert (placed.connection, one.row().account_name) == (one.connection, "Bob Maes")
    with acting(office.firm):
        entry = AuditEntry.objects.get(action="connection.account_replaced")
    assert entry.detail == {"account": "Bob Maes", "before": "An Peeters", "site": "be"}


def test_an_answer_of_no_forgets_the_tokens_and_changes_nothing(books: Cloudbooks) -> None:
    office = Office()
    one = office.connected(books)
    asked = office.sign_in(books, "bob")
    assert isinstance(asked, Exchanged)

    signed.decline(office.firm, asked.sign_in, visitor=office.visitor)

    assert one.row().account_name == "An Peeters"
    assert [bytes(row.sealed) for row in under_way()] == [b"", b""]
    with pytest.raises(NotFoundError):
        signed.place(office.firm, asked.sign_in, visitor=office.visitor, replaces=True)


def test_several_accounts_live_in_one_firm_where_the_operator_allows_it(
    books: Cloudbooks, settings: Settings
) -> None:
    settings.POSTHORN = replace(settings.POSTHORN, several_accounts=True)
    office = Office()
    office.connected(books, "an")

    placed = office.sign_in(books, "bob")

    assert isinstance(placed, Placed)
    assert (placed.is_new, office.packages()) == (True, 2)
    assert office.at(placed.connection).package().name == "Cloud Books 2"


def test_an_account_of_another_firm_is_replaced_even_while_a_question_waits(
    books: Cloudbooks,
) -> None:
    first, second = Office(), Office()
    bobs = first.connected(books, "bob")
    second.connected(books, "an")

    assert isinstance(second.sign_in(books, "bob"), Exchanged)
    assert bobs.row().ended_code == "replaced_by_newer_sign_in"


def test_a_sign_in_under_way_is_another_persons_business_to_nobody(books: Cloudbooks) -> None:
    office, other = Office(), Office()
    office.connected(books)
    asked = office.sign_in(books, "bob")
    assert isinstance(asked, Exchanged)

    for firm, visitor in ((office.firm, other.visitor), (other.firm, other.visitor)):
        with pytest.raises(NotFoundError):
            signed.place(firm, asked.sign_in, visitor=visitor, replaces=True)


def test_another_site_chosen_in_the_settings_shows_it_no_token(books: Cloudbooks) -> None:
    office = Office()
    one = office.connected(books)

    with pytest.raises(AuthorizationLost) as raised:
        TokenStore().access(replace(one.owner, site="nl"))

    assert (raised.value.code, len(books.token_calls)) == ("not_signed_in", 1)


def test_administrators_of_a_replaced_sign_in_are_told_by_mail_and_nobody_else(
    books: Cloudbooks,
) -> None:
    first, second = Office(), Office()
    with acting(first.firm):
        firm = Firm.objects.get()
    person = a_member(firm)
    one = first.connected(books)

    second.connected(books)

    told = {each.person_id: each for each in notices()}
    notice = told[person.pk]
    assert (len(told), notice.kind) == (2, "sign_in_replaced")
    package = one.package()
    assert notice.detail == {"package": package.name, "connection": str(package.pk)}
    assert {each.firm_id for each in notices()} == {first.firm}


def test_a_process_that_kept_the_token_before_drops_it_at_once(books: Cloudbooks) -> None:
    office, worker = Office(), TokenStore()
    before = office.connected(books)
    first = worker.access(before.owner).token

    office.sign_in(books, "bob", replaces=True)
    after = office.at(before.connection)

    assert worker.access(before.owner).token == first  # of what was under way already
    second = worker.access(after.owner).token
    assert (second != first, second) == (True, opened_pair(after.row())[0])
    assert worker.access(before.owner).token == second
    assert books.refreshes() == 0


def test_so_it_does_where_the_package_was_removed_and_installed_again(books: Cloudbooks) -> None:
    office, worker = Office(), TokenStore()
    one = office.connected(books)
    worker.access(one.owner)

    remove(office.firm, one.connection)

    with pytest.raises(AuthorizationLost, match="package_removed"):
        worker.access(office.at(one.connection).owner)


def test_what_one_question_learned_the_next_about_the_same_subject_knows(
    books: Cloudbooks,
) -> None:
    one = Office().connected(books)
    loaded = registry().loaded["cloudbooks"]
    subject = Subject(loaded=loaded, settings=one.package().settings, caller=one.caller)

    consult(subject, lambda _, ctx: ctx.memory.keep("company", "9001", lasts=timedelta(hours=1)))

    assert consult(subject, lambda _, ctx: ctx.memory.recall("company")) == "9001"
    anew = replace(subject, facts=Facts())
    assert consult(anew, lambda _, ctx: ctx.memory.recall("company")) is None
