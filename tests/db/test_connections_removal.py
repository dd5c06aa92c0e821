"""Removing an accounting package: what stops, what stays, and what the package is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections import consents, queries, removal, services, signed
from posthorn.connections.errors import AccessNotConfirmedError, NotFoundError, SignInOverError
from posthorn.connections.grant_models import Grant
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.models import Integration, Secret
from posthorn.connections.registry import registry
from posthorn.connections.signed import Placed
from posthorn.connections.tokens import TokenStore
from posthorn.delivery.asker import ask_once
from posthorn.delivery.models import Delivery, Lane
from posthorn.delivery.policy import Effect, Verdict
from posthorn.delivery.queries.overview import Connections, read_connections
from posthorn.delivery.states import Hold, State
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import ACCEPTED, UNKNOWN, Hand, finish_of, open_desk
from tests.db.factories import ClientFactory
from tests.db.grants import books_fixture  # noqa: F401  the fixture by its name
from tests.db.removing import ACTOR, be_the_original, remove, trail
from tests.db.signing_office import Office, under_way

if TYPE_CHECKING:
    from tests.cloudbooks import Cloudbooks

pytestmark = pytest.mark.django_db
REFUSED = Verdict(
    state=State.HELD,
    outcome="misconfigured",
    code="sign_in_ended",
    hold=Hold.CONNECTION_ATTENTION,
    effect=Effect.ATTENTION,
)


@pytest.fixture(autouse=True)
def installation() -> None:
    """Be the installation itself, and no copy."""
    be_the_original()


def test_what_has_not_left_waits_on_hold_and_every_client_stops() -> None:
    desk = open_desk(clients=2)
    desk.queue(client=0, count=2)
    desk.queue(client=1)

    removed = remove(desk.firm, desk.connection)

    assert (removed.clients, removed.is_last, removed.revocation) == (2, True, None)
    assert desk.states() == ["integration_removed"] * 3
    with acting(desk.firm):
        assert Integration.objects.filter(removed_at=None).count() == 0
        assert Integration.objects.count() == 2
    assert trail(desk.firm, "integration.removed") == ["integration.removed"] * 2
    assert trail(desk.firm, "connection.removed") == ["connection.removed"]


def test_it_is_none_of_the_firms_packages_any_more_and_its_name_is_free() -> None:
    desk = open_desk()
    package = desk.package()
    desk.set_package(attention="bad_password", attention_since=now())
    with acting(desk.firm):
        vault_name = services.loaded_connector(package.connector_id).spec.firm_settings[0].id
        Secret.objects.create(
            firm_id=desk.firm, connection=package, field=vault_name, key_id="k", sealed=b"x"
        )

    remove(desk.firm, desk.connection)

    with acting(desk.firm):
        assert queries.connections_of(desk.firm) == []
        assert queries.connections_with(desk.firm, package.connector_id) == []
        assert read_connections(desk.firm) == Connections(fine=0, trouble=())
        assert Secret.objects.count() == 0
        for deed in (services.activate_connection, removal.remove_connection):
            with pytest.raises(NotFoundError):
                deed(desk.firm, desk.connection, actor=ACTOR)
        with pytest.raises(NotFoundError):
            create_integration(
                desk.firm,
                ClientFactory.create(firm=package.firm).pk,
                desk.connection,
                Wish(),
                actor=ACTOR,
            )
        again = services.create_connection(
            desk.firm, package.connector_id, package.name, package.settings, actor=ACTOR
        )
    assert again.pk != desk.connection
    assert desk.package().removed_at is not None


def test_another_firms_package_is_not_there() -> None:
    mine, theirs = open_desk(), open_desk()
    theirs.queue()

    with acting(mine.firm), pytest.raises(NotFoundError):
        removal.remove_connection(mine.firm, theirs.connection, actor=ACTOR)

    assert (theirs.states(), theirs.package().removed_at) == (["queued"], None)
    assert trail(mine.firm, "connection.removed") == []


def test_with_the_last_package_what_was_confirmed_counts_no_more_but_stays(
    books: Cloudbooks,
) -> None:
    office = Office()
    one = office.connected(books)

    remove(office.firm, one.connection)

    with acting(office.firm):
        kept = consents.consents_of(office.firm, "cloudbooks")
        assert [(row.withdraws, row.confirmed_by) for row in kept] == [
            (True, ACTOR),
            (False, "an@firm"),
        ]
        assert not consents.is_confirmed(kept, registry().loaded["cloudbooks"])
    with pytest.raises(AccessNotConfirmedError):
        office.begin()
    assert trail(office.firm, "extension.") == ["extension.confirmed", "extension.withdrawn"]


def test_while_another_package_of_the_extension_stays_so_do_its_permissions(
    books: Cloudbooks,
) -> None:
    office = Office()
    one = office.connected(books)
    with acting(office.firm):
        services.create_connection(
            office.firm, "cloudbooks", "Second", {"country": "be"}, actor=ACTOR
        )

    removed = remove(office.firm, one.connection)

    with acting(office.firm):
        kept = consents.consents_of(office.firm, "cloudbooks")
    assert (removed.is_last, [row.withdraws for row in kept]) == (False, [False])


def test_installing_it_again_begins_anew(books: Cloudbooks) -> None:
    office = Office()
    one = office.connected(books)
    one.integration()
    remove(office.firm, one.connection)
    ask_once()
    with acting(office.firm):
        consents.confirm_access(office.firm, "cloudbooks", "1.0.0", actor=ACTOR)

    placed = office.sign_in(books)

    assert isinstance(placed, Placed)
    assert (placed.is_new, placed.connection != one.connection) == (True, True)
    again = office.at(placed.connection)
    with acting(office.firm):
        assert queries.integrations_to(office.firm, placed.connection) == []
    assert (again.package().name, again.row().revocation) == ("Cloud Books", "")
    assert TokenStore().access(again.owner).token == books.chains[0].access


def test_who_was_away_to_sign_in_comes_back_to_nothing(books: Cloudbooks) -> None:
    office = Office()
    one = office.connected(books)
    first = office.come_back(books, "an", office.begin())
    second = office.come_back(books, "bob", office.begin(connection=one.connection))
    third = office.begin()

    remove(office.firm, one.connection)

    assert {bytes(row.sealed) for row in under_way()} == {b""}
    with pytest.raises(SignInOverError):
        office.come_back(books, "an", third)
    for row in (first, second):  # as they are for one who read them a moment before
        with acting(office.firm):
            row.save()
    with pytest.raises(AccessNotConfirmedError):
        signed.place(office.firm, first.pk, visitor=office.visitor, replaces=True)
    with acting(office.firm):
        consents.confirm_access(office.firm, "cloudbooks", "1.0.0", actor=ACTOR)
    with pytest.raises(NotFoundError):
        signed.place(office.firm, second.pk, visitor=office.visitor, replaces=True)
    with system("look"):
        assert Grant.objects.filter(firm_id=office.firm, ended_at=None).count() == 0


@pytest.mark.parametrize(
    ("verdict", "ends"),
    [(REFUSED, "integration_removed"), (UNKNOWN, "integration_removed"), (ACCEPTED, "accepted")],
    ids=["refused", "lost", "accepted"],
)
def test_what_was_on_its_way_then_ends_as_it_ends_and_blames_nothing(
    verdict: Verdict, ends: str
) -> None:
    desk, hand = open_desk(), Hand()
    first, _ = desk.queue(count=2)
    (held,) = hand.claim()
    sent = hand.send(held, first)

    remove(desk.firm, desk.connection)
    hand.write(Turn(finish=finish_of(sent, verdict)))
    hand.let_go(held)
    with system("let a minute pass"):
        Delivery.objects.exclude(next_at=None).update(next_at=now())
        Lane.objects.update(next_at=now())

    assert hand.due() == []
    assert desk.states() == [ends, "integration_removed"]
    assert desk.package().attention == ""
    assert desk.trail("connection.") == ["connection.removed"]
