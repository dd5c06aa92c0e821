from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from posthorn.connections import integrations, services
from posthorn.connections.errors import (
    BothNeededError,
    ClientOverError,
    IntegrationExistsError,
    NotFoundError,
    SettingsError,
)
from posthorn.connections.integrations import Wish
from posthorn.connections.models import Connection, Integration
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting
from tests.db.connections import (
    ACTOR,
    Keeper,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
    trail,
)
from tests.db.factories import ClientFactory, IntegrationFactory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

ADDRESSES = {
    "purchase_address": "in@exact.example",
    "sales_address": "out@exact.example",
    "statement_address": "bank@exact.example",
}
KEPT = {
    **ADDRESSES,
    "same_address": "off",
    "credit_addresses": "off",
    "pdf_alongside": "inherit",
}


@pytest.fixture
def client() -> Iterator[Client]:
    row = ClientFactory.create()
    with acting(row.firm_id):
        yield row


def _bind(client: Client, connection: Connection, wish: Wish | None = None) -> Integration:
    return integrations.create_integration(
        client.firm_id, client.pk, connection.pk, wish or Wish(values=ADDRESSES), actor=ACTOR
    )


def _save(made: Integration, wish: Wish) -> Integration:
    return integrations.save_integration(made.firm_id, made.pk, wish, actor=ACTOR)


def test_a_client_is_bound_with_its_trail(client: Client, keeper: Keeper) -> None:
    connection = a_connection(client.firm_id)
    wish = Wish(values=ADDRESSES, routes={"sales": "none", "purchase": "own"})

    made = _bind(client, connection, wish)

    row = Integration.objects.get()
    assert (row.settings, row.routes, row.both, row.version) == (KEPT, {"sales": "none"}, [], 1)
    action, detail = trail(made.pk)[0]
    assert action == "integration.created"
    assert detail["client"] == str(client.pk)
    assert detail["connection"] == str(connection.pk)
    assert detail["routes"] == [{}, {"sales": "none"}]
    assert detail["changed"]["purchase_address"] == ["", "in@exact.example"]
    assert keeper.asked == []


def test_a_client_starts_with_what_the_firm_chose(client: Client) -> None:
    connection = a_connection(client.firm_id, same_address_start="on")

    made = _bind(client, connection, Wish(values={"purchase_address": "in@exact.example"}))

    assert made.settings["same_address"] == "on"


def test_a_client_has_a_package_once(client: Client) -> None:
    connection = a_connection(client.firm_id)
    _bind(client, connection)

    with pytest.raises(IntegrationExistsError):
        _bind(client, connection)

    assert Integration.objects.count() == 1


def test_wrong_settings_and_routes_write_nothing(client: Client) -> None:
    connection = a_connection(client.firm_id)

    for wish, codes in (
        (Wish(values={"purchase_address": "nobody"}), {"purchase_address": "not_an_address"}),
        (Wish(routes={"sales": "same_as:sales"}), {"sales": "not_a_route"}),
        (Wish(both=["invoices"]), {"invoices": "unknown_kind"}),
    ):
        with pytest.raises(SettingsError) as raised:
            _bind(client, connection, wish)
        assert raised.value.codes == codes
    assert not Integration.objects.exists()


@pytest.mark.parametrize("state", ["archived", "lost"])
def test_a_client_that_is_over_is_not_bound(client: Client, state: str) -> None:
    connection = a_connection(client.firm_id)
    Client.objects.update(state=state)

    with pytest.raises(ClientOverError):
        _bind(client, connection)


def test_two_packages_for_one_kind_need_an_explicit_word(client: Client) -> None:
    exact = a_connection(client.firm_id, "Exact")
    yuki = a_connection(client.firm_id, "Yuki")
    _bind(client, exact, Wish(values=ADDRESSES, routes={"statement": "none"}))

    with pytest.raises(BothNeededError) as raised:
        _bind(client, yuki)

    assert raised.value.others == ("Exact",)
    assert raised.value.kinds == ("purchase", "sales")
    assert str(raised.value) == (
        "Exact takes purchase, sales documents of this client already. Confirm that both get"
        " them, or leave the kind out of one of the two."
    )
    assert Integration.objects.count() == 1


@pytest.mark.parametrize(
    "wish",
    [
        Wish(values=ADDRESSES, both=["purchase", "sales"]),
        Wish(values=ADDRESSES, both=["sales"], routes={"purchase": "none"}),
        Wish(values=ADDRESSES, routes={"purchase": "none", "sales": "none"}),
    ],
)
def test_the_word_or_a_route_settles_it(client: Client, wish: Wish) -> None:
    exact = a_connection(client.firm_id, "Exact")
    yuki = a_connection(client.firm_id, "Yuki")
    _bind(client, exact, Wish(values=ADDRESSES, routes={"statement": "none"}))

    made = _bind(client, yuki, wish)

    assert made.both == sorted(wish.both)


@pytest.mark.usefixtures("keeper")
def test_the_word_given_on_one_side_counts_when_the_other_is_saved(client: Client) -> None:
    first = _bind(client, a_connection(client.firm_id, "Exact"))
    every = ["purchase", "sales", "statement"]
    _bind(client, a_connection(client.firm_id, "Yuki"), Wish(values=ADDRESSES, both=every))

    saved = _save(first, Wish(values=ADDRESSES))

    assert saved.both == []


@pytest.mark.usefixtures("keeper")
def test_giving_a_kind_back_asks_again(client: Client) -> None:
    first = _bind(
        client,
        a_connection(client.firm_id, "Exact"),
        Wish(values=ADDRESSES, routes={"sales": "none"}),
    )
    _bind(
        client,
        a_connection(client.firm_id, "Yuki"),
        Wish(values=ADDRESSES, routes={"purchase": "none", "statement": "none"}),
    )

    with pytest.raises(BothNeededError) as raised:
        _save(first, Wish(values=ADDRESSES))

    assert raised.value.kinds == ("sales",)
    assert Integration.objects.get(pk=first.pk).routes == {"sales": "none"}


@pytest.mark.usefixtures("keeper")
def test_a_paused_package_still_counts_and_a_removed_one_does_not(client: Client) -> None:
    first = _bind(client, a_connection(client.firm_id, "Exact"))
    yuki = a_connection(client.firm_id, "Yuki")
    integrations.pause_integration(client.firm_id, first.pk, actor=ACTOR)

    with pytest.raises(BothNeededError):
        _bind(client, yuki)
    integrations.remove_integration(client.firm_id, first.pk, actor=ACTOR)
    _bind(client, yuki)

    assert Integration.objects.filter(removed_at=None).count() == 1


def test_another_clients_package_does_not_count(client: Client) -> None:
    other = ClientFactory.create(firm=client.firm)
    exact = a_connection(client.firm_id, "Exact")
    _bind(client, exact)

    _bind(other, exact, Wish(values=ADDRESSES, shared_reason="One mailbox."))

    assert Integration.objects.count() == 2


@pytest.mark.usefixtures("keeper")
def test_nothing_moves_the_activation_time(client: Client) -> None:
    connection = a_connection(client.firm_id)
    made = _bind(client, connection)
    activated_at = Integration.objects.get().activated_at
    firm, moved = client.firm_id, {**ADDRESSES, "purchase_address": "new@exact.example"}

    changes: tuple[Callable[[], object], ...] = (
        lambda: _save(made, Wish(values=ADDRESSES)),
        lambda: _save(made, Wish(values=moved, routes={"sales": "none"})),
        lambda: integrations.pause_integration(firm, made.pk, actor=ACTOR),
        lambda: integrations.release_integration(firm, made.pk, actor=ACTOR),
        lambda: services.save_connection(firm, connection.pk, {"attach_pdfs": "on"}, actor=ACTOR),
        lambda: services.deactivate_connection(firm, connection.pk, actor=ACTOR),
        lambda: services.activate_connection(firm, connection.pk, actor=ACTOR),
        lambda: services.pause_connection(firm, connection.pk, actor=ACTOR),
        lambda: services.release_connection(firm, connection.pk, actor=ACTOR),
        lambda: services.rename_connection(firm, connection.pk, "Other", actor=ACTOR),
        lambda: integrations.remove_integration(firm, made.pk, actor=ACTOR),
    )
    for change in changes:
        change()
        assert Integration.objects.get().activated_at == activated_at


def test_the_database_itself_refuses_to_move_it(client: Client) -> None:
    made = _bind(client, a_connection(client.firm_id))

    with pytest.raises(IntegrityError, match="never moves"), transaction.atomic():
        Integration.objects.filter(pk=made.pk).update(activated_at=Now())
    Integration.objects.filter(pk=made.pk).update(version=F("version") + 1)


def test_saving_keeps_what_it_was_and_says_what_changed(client: Client, keeper: Keeper) -> None:
    made = _bind(client, a_connection(client.firm_id))
    moved = {**ADDRESSES, "purchase_address": "new@exact.example"}

    saved = _save(made, Wish(values=moved, routes={"statement": "same_as:sales"}))
    again = _save(made, Wish(values=moved, routes={"statement": "same_as:sales"}))

    assert (saved.version, again.version) == (2, 2)
    _, detail = trail(made.pk)[1]
    assert detail["changed"] == {"purchase_address": ["in@exact.example", "new@exact.example"]}
    assert detail["routes"] == [{}, {"statement": "same_as:sales"}]
    assert keeper.asked == [("integration", [made.pk])] * 2


def test_pause_release_and_remove_are_told_once_each(client: Client, keeper: Keeper) -> None:
    made = _bind(client, a_connection(client.firm_id))
    firm = client.firm_id

    integrations.pause_integration(firm, made.pk, actor=ACTOR)
    integrations.pause_integration(firm, made.pk, actor=ACTOR)
    integrations.release_integration(firm, made.pk, actor=ACTOR)
    integrations.release_integration(firm, made.pk, actor=ACTOR)
    integrations.remove_integration(firm, made.pk, actor=ACTOR)

    assert [action for action, _ in trail(made.pk)] == [
        "integration.created",
        "integration.paused",
        "integration.released",
        "integration.removed",
    ]
    assert keeper.asked == [("integration", [made.pk])] * 3
    with pytest.raises(NotFoundError):
        integrations.remove_integration(firm, made.pk, actor=ACTOR)


@pytest.mark.usefixtures("keeper")
def test_another_firms_rows_are_not_there(client: Client) -> None:
    foreign = IntegrationFactory.create()
    own = a_connection(client.firm_id)

    changes: tuple[Callable[[], object], ...] = (
        lambda: _bind(client, foreign.connection),
        lambda: integrations.create_integration(
            client.firm_id, foreign.client_id, own.pk, Wish(), actor=ACTOR
        ),
        lambda: integrations.save_integration(client.firm_id, foreign.pk, Wish(), actor=ACTOR),
        lambda: integrations.pause_integration(client.firm_id, foreign.pk, actor=ACTOR),
        lambda: integrations.remove_integration(client.firm_id, foreign.pk, actor=ACTOR),
    )
    for change in changes:
        with pytest.raises(NotFoundError):
            change()
    assert not Integration.objects.exists()
