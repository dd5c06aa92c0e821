"""No way around leads to a changed import address that nobody else has confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections import change_queries, decisions, integrations
from posthorn.connections.change_models import AddressChange
from posthorn.connections.errors import (
    AddressInUseError,
    ChangeDecidedError,
)
from posthorn.connections.integrations import Wish
from posthorn.connections.models import Integration
from tests.db.changing import (
    NEW,
    OLD,
    SECOND,
    bind,
    changes,
    client_fixture,  # noqa: F401  found by its name
    save,
    settings_of,
)
from tests.db.connections import (
    ACTOR,
    a_connection,
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory

if TYPE_CHECKING:
    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.usefixtures("keyring_text")


@pytest.mark.parametrize("how", ["toggle", "route"])
def test_sending_one_kind_where_another_goes_is_a_change_too(client: Client, how: str) -> None:
    made = bind(client, purchase_address=OLD, sales_address="out@oud.example")

    if how == "toggle":
        save(made, same_address="on")
    else:
        wish = Wish(values=made.settings, routes={"sales": "same_as:purchase"})
        integrations.save_integration(made.firm_id, made.pk, wish, actor=ACTOR)

    (standing, addresses), *_ = changes()
    assert (standing, addresses["sales_address"]) == ("waiting", ["out@oud.example", OLD])
    row = Integration.objects.get()
    assert (row.settings["sales_address"], row.routes) == ("out@oud.example", {})
    waiting = change_queries.waiting_changes(client.firm_id)[0]
    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)
    row = Integration.objects.get()
    found = (row.settings.get("same_address"), row.routes)
    assert found == (("on", {}) if how == "toggle" else ("off", {"sales": "same_as:purchase"}))


def test_an_address_taken_away_first_still_needs_a_second_person_for_the_next(
    client: Client,
) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address="")
    made.refresh_from_db()

    save(made, purchase_address=NEW)

    assert "purchase_address" not in settings_of(made)
    assert [standing for standing, _ in changes()] == ["applied", "waiting"]
    made.refresh_from_db()
    save(made, purchase_address=OLD)
    assert settings_of(made)["purchase_address"] == OLD


@pytest.mark.parametrize("is_kept", [True, False])
def test_another_package_with_another_address_is_a_change_as_well(
    client: Client,
    is_kept: bool,  # noqa: FBT001  a row of the table
) -> None:
    first = bind(client, purchase_address=OLD)
    if not is_kept:
        integrations.remove_integration(client.firm_id, first.pk, actor=ACTOR)
    yuki = a_connection(client.firm_id, "Yuki")
    wish = Wish(
        values={"purchase_address": NEW, "statement_address": "bank@x.example"},
        both=["purchase", "sales", "statement"],
    )

    made = integrations.create_integration(client.firm_id, client.pk, yuki.pk, wish, actor=ACTOR)

    settings = settings_of(made)
    assert "purchase_address" not in settings
    assert settings["statement_address"] == "bank@x.example"
    (waiting,) = change_queries.waiting_changes(client.firm_id)
    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)
    assert settings_of(made)["purchase_address"] == NEW


def test_an_address_that_waits_is_spoken_for(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)
    other = ClientFactory.create(firm=client.firm)
    wish = Wish(values={"purchase_address": NEW})

    with pytest.raises(AddressInUseError):
        integrations.create_integration(
            client.firm_id, other.pk, made.connection_id, wish, actor=ACTOR
        )


def test_what_waits_ends_with_its_integration(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)
    row = AddressChange.objects.get()

    integrations.remove_integration(client.firm_id, made.pk, actor=SECOND)

    with pytest.raises(ChangeDecidedError):
        decisions.confirm_change(client.firm_id, row.id, actor=SECOND)
    assert [standing for standing, _ in changes()] == ["withdrawn"]
