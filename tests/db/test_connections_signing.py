"""Signing in to a package: who may come back, with what, once; and whose sign-in lives then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from posthorn.connections import calling, consents, signed, signing
from posthorn.connections.errors import (
    AccessNotConfirmedError,
    NotFoundError,
    SignInNotOfferedError,
    SignInOverError,
    SignInRefusedError,
)
from posthorn.connections.grant_models import Grant, SignIn
from posthorn.connections.models import Connection
from posthorn.connections.signed import Exchanged, Placed
from posthorn.connections.signing import Visitor
from posthorn.connections.sites import parse_sites
from posthorn.connections.tokens import TokenStore, opened_pair
from posthorn.sdk import AuthorizationLost, Unavailable
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.cloudbooks import serving
from tests.cloudbooks import sites as sites_of
from tests.db.factories import MembershipFactory
from tests.db.grants import Signed, books_fixture, owner_of  # noqa: F401  the fixture by its name

if TYPE_CHECKING:
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db


class Office:
    """A firm whose administrator sits at a browser."""

    def __init__(self, role: Role = Role.ADMINISTRATOR, *, is_confirmed: bool = True) -> None:
        member = MembershipFactory.create(role=role)
        self.firm: UUID = member.firm_id
        self.visitor = Visitor(
            person=member.person_id, session=f"session of {member.person_id}", actor="an@firm"
        )
        if is_confirmed:
            with acting(self.firm):
                consents.confirm_access(self.firm, "cloudbooks", "1.0.0", actor="an@firm")

    def begin(self, country: str = "be", connection: UUID | None = None) -> str:
        with acting(self.firm):
            return signing.begin(
                self.firm,
                "cloudbooks",
                {"country": country},
                visitor=self.visitor,
                connection_id=connection,
            )

    def come_back(self, books: Cloudbooks, user: str, url: str) -> SignIn:
        back = books.consent(user, url)
        row = signing.claim(back["state"], visitor=self.visitor)
        signing.take_code(row, back["code"])
        signing.identify(row)
        return row

    def sign_in(
        self,
        books: Cloudbooks,
        user: str = "an",
        *,
        replaces: bool = False,
        again: UUID | None = None,
    ) -> Placed | Exchanged:
        row = self.come_back(books, user, self.begin(connection=again))
        return signed.place(self.firm, row.id, visitor=self.visitor, replaces=replaces)

    def connected(self, books: Cloudbooks, user: str = "an") -> Signed:
        placed = self.sign_in(books, user)
        assert isinstance(placed, Placed)
        return self.at(placed.connection)

    def at(self, connection: UUID) -> Signed:
        with acting(self.firm):
            package = Connection.objects.get(pk=connection)
        return Signed(self.firm, connection, owner_of(package))

    def packages(self) -> int:
        with acting(self.firm):
            return Connection.objects.count()


def under_way() -> list[SignIn]:
    with system("look"):
        return list(SignIn.objects.all())


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


def test_what_was_left_is_cleared(books: Cloudbooks) -> None:
    office = Office()
    office.begin()
    office.connected(books)

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        assert signing.clear_old() == 2

    assert under_way() == []
    with system("look"):
        assert Grant.objects.count() == 1


def test_another_site_chosen_in_the_settings_shows_it_no_token(books: Cloudbooks) -> None:
    office = Office()
    one = office.connected(books)

    with pytest.raises(AuthorizationLost) as raised:
        TokenStore().access(replace(one.owner, site="nl"))

    assert (raised.value.code, len(books.token_calls)) == ("not_signed_in", 1)
