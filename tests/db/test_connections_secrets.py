from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from posthorn.connections import runtime, vault
from posthorn.connections.keyring import (
    KeyringError,
    fresh_key,
)
from posthorn.connections.models import Secret
from posthorn.connections.registry import registry
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import Firm
from posthorn.tenancy.scope import acting
from tests.db.connections import (
    CANARY,
    OWN_RELAY,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import FirmFactory, IntegrationFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]


@pytest.fixture
def firm() -> Iterator[UUID]:
    row = FirmFactory.create()
    with acting(row.pk):
        yield row.pk


def _use(settings: Settings, text: str) -> None:
    settings.POSTHORN = replace(settings.POSTHORN, keyring=text)


def test_a_ciphertext_in_another_row_does_not_decrypt(firm: UUID) -> None:
    one = a_connection(firm, "Exact", **OWN_RELAY, relay_password="first")  # noqa: S106  made up
    two = a_connection(firm, "Yuki", **OWN_RELAY, relay_password="second")  # noqa: S106
    first, second = Secret.objects.get(connection=one), Secret.objects.get(connection=two)

    first.sealed, second.sealed = second.sealed, first.sealed
    Secret.objects.bulk_update([first, second], ["sealed"])

    for connection in (one, two):
        with pytest.raises(KeyringError, match="does not match its place"):
            vault.opened(connection, None)


def test_every_part_of_the_place_counts() -> None:
    firm, connection, integration = new_id(), new_id(), new_id()
    places = {
        vault.place(firm, connection, None, "relay_password"),
        vault.place(new_id(), connection, None, "relay_password"),
        vault.place(firm, new_id(), None, "relay_password"),
        vault.place(firm, connection, integration, "relay_password"),
        vault.place(firm, connection, None, "api_key"),
    }

    assert len(places) == 5
    assert f"connections_secret/{firm}/{connection}/relay_password" in places


def test_a_clients_secret_is_its_own_and_comes_with_the_firms(firm: UUID) -> None:
    owner = Firm.objects.get(pk=firm)
    one = IntegrationFactory.create(firm=owner)
    two = IntegrationFactory.create(firm=owner, connection=one.connection)
    vault.keep(one.connection, None, {"relay_password": "of all"})
    vault.keep(one.connection, one, {"api_key": "of one"})
    vault.keep(two.connection, two, {"api_key": "of two"})

    assert vault.opened(one.connection, None) == {"relay_password": "of all"}
    assert vault.opened(one.connection, one) == {"relay_password": "of all", "api_key": "of one"}
    assert vault.kept_fields(one.connection, two) == {"api_key"}


def test_a_changed_byte_is_noticed(firm: UUID) -> None:
    a_connection(firm, **OWN_RELAY, relay_password=CANARY)
    row = Secret.objects.get()
    row.sealed = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])

    with pytest.raises(KeyringError) as raised:
        vault.plain(row)

    assert CANARY not in str(raised.value)


def test_a_lost_key_names_itself(firm: UUID, settings: Settings) -> None:
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)
    _use(settings, fresh_key("k2"))

    with pytest.raises(KeyringError) as raised:
        vault.opened(made, None)

    assert str(raised.value) == (
        "The key 'k1' is not in the keyring; put it back to read the stored secrets."
    )


def test_settings_run_with_their_secret_and_show_it_nowhere(firm: UUID) -> None:
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)
    loaded = registry().loaded["email_delivery"]

    found = runtime.runtime_settings(loaded, made)

    assert found["relay_password"] == CANARY
    assert dict(found) == {
        **OWN_RELAY,
        "relay_password": CANARY,
        "attach_pdfs": "off",
        "attached_as": "attachment",
        "package": "generic",
        "same_address_start": "off",
    }
    assert CANARY not in repr(found)
    assert CANARY not in str(found)


def test_settings_kept_in_memory_do_not_outlive_a_change(firm: UUID) -> None:
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)
    loaded = registry().loaded["email_delivery"]
    first = runtime.runtime_settings(loaded, made)

    vault.keep(made, None, {"relay_password": "another"})
    assert runtime.runtime_settings(loaded, made) is first
    made.version += 1

    after = runtime.runtime_settings(loaded, made)
    assert after["relay_password"] == "another"  # noqa: S105  made up
