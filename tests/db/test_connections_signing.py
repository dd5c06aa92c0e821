"""Signing in to a package: who may come back, with what, once; and whose sign-in lives then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from posthorn.connections import calling, signed, signing
from posthorn.connections.errors import (
    AccessNotConfirmedError,
    NotFoundError,
    SignInNotOfferedError,
    SignInOverError,
    SignInRefusedError,
)
from posthorn.connections.grant_models import Grant
from posthorn.connections.signed import Placed
from posthorn.connections.sites import parse_sites
from posthorn.connections.tokens import TokenStore, opened_pair
from posthorn.sdk import Unavailable
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.cloudbooks import serving
from tests.cloudbooks import sites as sites_of
from tests.db.grants import books_fixture  # noqa: F401  the fixture by its name
from tests.db.signing_office import Office, under_way

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db


def test_a_person_is_sent_to_the_chosen_site_with_what_it_needs(books: Cloudbooks) -> None:
    url = urlsplit(Office().begin())
    query = parse_qs(url.query)

    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{books.base}/auth"
    assert query["redirect_uri"] == ["https://hub.firm.example/signing-in/"]
    assert (query["client_id"], query["force_login"]) == (["app-1"], ["0"])
    assert (query["response_type"], query["code_challenge_method"]) == (["code"], ["S256"])
    (row,) = under_way()
    assert query["state"][0] not in str(row.__dict__)
    assert len(query["state"][0]) >= 43


def test_signing_in_makes_a_connection_that_works(books: Cloudbooks) -> None:
    office = Office()

    placed = office.sign_in(books)

    assert placed == Placed(
        connection=placed.connection, account="An Peeters", detail="Kantoor Peeters", is_new=True
    )
    one = office.at(placed.connection)
    package, row = one.package(), one.row()
    assert (package.name, package.settings) == ("Cloud Books", {"country": "be"})
    assert (package.attention, package.checked_as) == ("", "An Peeters")
    assert opened_pair(row) == (books.chains[0].access, books.chains[0].refresh)
    assert (row.account_id, row.site, row.app, row.signed_in_by) == ("U1", "be", "app-1", "an@firm")
    assert TokenStore().access(one.owner).token == books.chains[0].access
    assert [call["grant_type"] for call in books.token_calls] == ["authorization_code"]
    assert [bytes(one.sealed) for one in under_way()] == [b""]


def test_before_the_permissions_are_confirmed_nobody_signs_in(books: Cloudbooks) -> None:
    office = Office(is_confirmed=False)

    with pytest.raises(AccessNotConfirmedError):
        office.begin()

    assert (under_way(), books.token_calls) == ([], [])


@pytest.mark.parametrize("missing", ["public_url", "sites"])
def test_without_the_operators_part_it_is_not_offered(
    books: Cloudbooks, settings: Settings, missing: str
) -> None:
    office = Office()
    settings.POSTHORN = replace(
        settings.POSTHORN, **{missing: "" if missing == "public_url" else {}}
    )

    with pytest.raises(SignInNotOfferedError):
        office.begin()

    assert (under_way(), books.token_calls) == ([], [])


def test_a_state_nobody_gave_out_is_refused(books: Cloudbooks) -> None:
    office = Office()
    office.begin()

    for state in ("", "guess"):
        with pytest.raises(SignInOverError):
            signing.claim(state, visitor=office.visitor)

    assert books.token_calls == []


def test_a_state_counts_once(books: Cloudbooks) -> None:
    office = Office()
    back = books.consent("an", office.begin())
    signing.claim(back["state"], visitor=office.visitor)

    with pytest.raises(SignInOverError):
        signing.claim(back["state"], visitor=office.visitor)


def test_a_state_is_over_after_ten_minutes(books: Cloudbooks) -> None:
    office = Office()
    back = books.consent("an", office.begin())

    with (
        time_machine.travel(datetime.now(UTC) + timedelta(minutes=10, seconds=1)),
        pytest.raises(SignInOverError),
    ):
        signing.claim(back["state"], visitor=office.visitor)


@pytest.mark.parametrize("what", ["person", "session", "firm"])
def test_a_state_of_somebody_else_is_refused_and_stays_hers(books: Cloudbooks, what: str) -> None:
    office, other = Office(), Office()
    back = books.consent("an", office.begin())
    wrong = {
        "person": replace(office.visitor, person=other.visitor.person),
        "session": replace(office.visitor, session="another"),
        "firm": other.visitor,
    }[what]

    with pytest.raises(SignInOverError):
        signing.claim(back["state"], visitor=wrong)

    assert signing.claim(back["state"], visitor=office.visitor).firm_id == office.firm


def test_a_person_who_lost_her_role_meanwhile_is_refused(books: Cloudbooks) -> None:
    office = Office(Role.ACCOUNTANT)
    back = books.consent("an", office.begin())

    with pytest.raises(SignInOverError):
        signing.claim(back["state"], visitor=office.visitor)


def test_a_code_counts_once_and_a_refused_one_leaves_nothing(books: Cloudbooks) -> None:
    office = Office()
    back = books.consent("an", office.begin())
    row = signing.claim(back["state"], visitor=office.visitor)
    signing.take_code(row, back["code"])
    again = signing.claim(books.consent("an", office.begin())["state"], visitor=office.visitor)

    with pytest.raises(SignInRefusedError) as raised:
        signing.take_code(again, back["code"])

    assert "invalid_request" in raised.value.detail
    with pytest.raises(NotFoundError), acting(office.firm):
        signing.pending(office.firm, again.id, visitor=office.visitor)


def test_a_code_of_another_site_is_refused(books: Cloudbooks, settings: Settings) -> None:
    with serving() as dutch:
        settings.POSTHORN = replace(
            settings.POSTHORN,
            sites=parse_sites(sites_of(books, nl=dutch)),
            allow_private=(*settings.POSTHORN.allow_private, f"127.0.0.1:{dutch.port}"),
        )
        office = Office()
        url = office.begin("be")
        elsewhere = dutch.consent("an", url)  # a mix-up: the Dutch site answers for the Belgian
        row = signing.claim(elsewhere["state"], visitor=office.visitor)
        with pytest.raises(SignInRefusedError):
            signing.take_code(row, elsewhere["code"])
        calling.token_lines().close_idle(0.0)

    assert (dutch.token_calls, office.packages()) == ([], 0)
    assert [call["grant_type"] for call in books.token_calls] == ["authorization_code"]


def test_while_the_package_does_not_say_who_it_is_the_sign_in_waits(books: Cloudbooks) -> None:
    office = Office()
    back = books.consent("an", office.begin())
    row = signing.claim(back["state"], visitor=office.visitor)
    signing.take_code(row, back["code"])
    books.api_faults.append("503")
    with pytest.raises(Unavailable):
        signing.identify(row)

    signing.identify(row)

    assert row.account_name == "An Peeters"
    assert isinstance(
        signed.place(office.firm, row.id, visitor=office.visitor, replaces=False), Placed
    )


def test_what_was_left_is_cleared(books: Cloudbooks) -> None:
    office = Office()
    office.begin()
    office.connected(books)

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        assert signing.clear_old() == 2

    assert under_way() == []
    with system("look"):
        assert Grant.objects.count() == 1
