"""A connector whose reach depends on how the firm set it up."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections import integrations, queries, routing, services
from posthorn.connections.errors import BothNeededError
from posthorn.connections.integrations import Wish
from posthorn.connections.models import Connection, Secret
from posthorn.connections.registry import LOCAL, registry
from posthorn.sdk import Kind
from posthorn.tenancy.scope import acting
from tests.db.connections import (
    ACTOR,
    CANARY,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from posthorn.tenancy.models import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text", "keeper")]

_CODE = """
from posthorn.sdk import *

TAKES = Capability(
    formats=frozenset({"ubl_invoice"}), depth=Depth.DRAFT, idempotency=Idempotency.NATIVE,
    max_bytes=1000,
)

class Octopus(Connector):
    spec = ConnectorSpec(
        id="octopus", name="Octopus", version="1.0.0", contract=CONTRACT,
        docs_url="https://octopus.example", countries=frozenset({"BE"}),
        firm_settings=(Flag(id="with_sales", label=same_words("Sales")),),
        client_settings=(Secret(id="dossier_key", label=same_words("Key"), required=True),),
        variants=({"with_sales": "on"}, {"with_sales": "off"}),
    )
    def capabilities(self, settings):
        sales = {Kind.SALES: TAKES} if settings.get("with_sales") == ON else {}
        return {Kind.PURCHASE: TAKES, **sales}
    def check(self, ctx): ...
    def prepare(self, ctx, document, *, key): ...
    def deliver(self, ctx, prepared): ...

connector = Octopus
"""


@pytest.fixture(autouse=True)
def octopus(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Put the connector into the operator's own folder."""
    package = tmp_path / "connectors" / "octopus"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(_CODE)
    (package / "errors.toml").write_text("")
    settings.POSTHORN = replace(settings.POSTHORN, connector_folder=package.parent)
    yield
    del sys.modules[f"{LOCAL}_octopus"]


@pytest.fixture
def client() -> Iterator[Client]:
    row = ClientFactory.create()
    with acting(row.firm_id):
        yield row


def _octopus(client: Client, with_sales: str = "off") -> Connection:
    return services.create_connection(
        client.firm_id, "octopus", "Octopus", {"with_sales": with_sales}, actor=ACTOR
    )


def _bind(client: Client, connection: Connection, wish: Wish) -> None:
    integrations.create_integration(client.firm_id, client.pk, connection.pk, wish, actor=ACTOR)


KEY = Wish(values={"dossier_key": CANARY})


def test_a_firms_setting_that_brings_in_a_taken_kind_needs_the_word_first(client: Client) -> None:
    octopus = _octopus(client)
    _bind(client, octopus, KEY)
    _bind(client, a_connection(client.firm_id, "Mail"), Wish(routes={"purchase": "none"}))

    with pytest.raises(BothNeededError) as raised:
        services.save_connection(client.firm_id, octopus.pk, {"with_sales": "on"}, actor=ACTOR)

    assert (raised.value.others, raised.value.kinds) == (("Mail",), ("sales",))
    assert Connection.objects.get(pk=octopus.pk).settings == {"with_sales": "off"}


def test_a_firms_setting_that_takes_nothing_anew_is_saved(client: Client) -> None:
    octopus = _octopus(client, "on")
    _bind(client, octopus, KEY)

    services.save_connection(client.firm_id, octopus.pk, {"with_sales": "off"}, actor=ACTOR)
    services.save_connection(client.firm_id, octopus.pk, {"with_sales": "on"}, actor=ACTOR)

    assert Connection.objects.get(pk=octopus.pk).version == 3


def test_a_clients_own_secret_is_encrypted_used_and_forgotten(client: Client) -> None:
    octopus = _octopus(client)
    _bind(client, octopus, KEY)
    (made,) = queries.integrations_of(client.firm_id, client.pk)
    loaded = registry().loaded["octopus"]

    assert made.settings == {}
    assert routing.runtime_settings(loaded, made) == {"with_sales": "off", "dossier_key": CANARY}
    assert CANARY.encode() not in bytes(Secret.objects.get().sealed)
    integrations.save_integration(client.firm_id, made.pk, Wish(), actor=ACTOR)
    assert Secret.objects.count() == 1
    integrations.remove_integration(client.firm_id, made.pk, actor=ACTOR)
    assert Secret.objects.count() == 0


def test_the_feature_table_joins_the_variants() -> None:
    found = [one for one in queries.features() if one.connector_id == "octopus"]

    assert [(one.kind, one.formats, one.depth) for one in found] == [
        (Kind.PURCHASE, ("ubl_invoice",), ("draft",)),
        (Kind.SALES, ("ubl_invoice",), ("draft",)),
    ]


def test_a_connection_whose_extension_is_gone_takes_nothing_from_others(
    client: Client, settings: Settings
) -> None:
    _bind(client, _octopus(client, "on"), KEY)
    settings.POSTHORN = replace(settings.POSTHORN, connector_folder=None)

    _bind(client, a_connection(client.firm_id, "Mail"), Wish())

    assert len(queries.integrations_of(client.firm_id, client.pk)) == 2
