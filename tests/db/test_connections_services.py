from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from posthorn.connections import services, vault
from posthorn.connections.errors import (
    BadNameError,
    BothNeededError,
    ConnectorMissingError,
    NameTakenError,
    NotFoundError,
    SettingsError,
)
from posthorn.connections.models import Connection, Secret
from posthorn.kernel.clock import now
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from tests.db.connections import (
    ACTOR,
    CANARY,
    OWN_RELAY,
    Keeper,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
    trail,
)
from tests.db.factories import ConnectionFactory, FirmFactory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]


@pytest.fixture
def firm() -> Iterator[UUID]:
    row = FirmFactory.create()
    with acting(row.pk):
        yield row.pk


def test_a_connection_is_created_switched_on_with_its_trail(firm: UUID) -> None:
    made = services.create_connection(
        firm, "email_delivery", "  Yuki   mailbox ", {"attach_pdfs": "on"}, actor=ACTOR
    )

    row = Connection.objects.get()
    assert row == made
    assert (row.name, row.is_active, row.version) == ("Yuki mailbox", True, 1)
    assert row.settings == {
        "attach_pdfs": "on",
        "attached_as": "attachment",
        "package": "generic",
        "relay": "operator",
        "same_address_start": "off",
    }
    assert trail(row.id) == [
        (
            "connection.created",
            {
                "connector": "email_delivery",
                "name": "Yuki mailbox",
                "changed": {
                    "attach_pdfs": ["", "on"],
                    "attached_as": ["", "attachment"],
                    "package": ["", "generic"],
                    "relay": ["", "operator"],
                    "same_address_start": ["", "off"],
                },
                "secrets": [],
            },
        )
    ]


def test_a_secret_is_stored_encrypted_and_shown_nowhere(firm: UUID) -> None:
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)

    secret = Secret.objects.get()
    assert vault.plain(secret) == CANARY
    assert (secret.field, secret.key_id) == ("relay_password", "k1")
    assert CANARY.encode() not in bytes(secret.sealed)
    assert CANARY not in str(made.settings)
    entries = list(AuditEntry.objects.values_list("detail", flat=True))
    assert CANARY not in str(entries)
    assert entries[0]["secrets"] == ["relay_password"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_a_name_that_is_none_is_refused(firm: UUID, name: str) -> None:
    with pytest.raises(BadNameError):
        a_connection(firm, name)

    assert not Connection.objects.exists()


def test_a_name_is_the_firms_only_one_in_any_case(firm: UUID) -> None:
    a_connection(firm, "Exact")

    with pytest.raises(NameTakenError) as raised:
        a_connection(firm, "eXACT")

    assert str(raised.value) == (
        "Another accounting package of the firm is called 'eXACT': choose another."
    )
    assert Connection.objects.count() == 1


def test_another_firm_may_use_the_name(firm: UUID) -> None:
    a_connection(firm, "Exact")
    other = FirmFactory.create().pk

    with acting(other):
        a_connection(other, "Exact")
        assert Connection.objects.count() == 1


def test_an_extension_that_is_not_loaded_is_named(firm: UUID) -> None:
    with pytest.raises(ConnectorMissingError) as raised:
        services.create_connection(firm, "yuki", "Yuki", {}, actor=ACTOR)

    assert str(raised.value) == (
        "The extension 'yuki' is not loaded here; `posthorn doctor` says why."
    )


def test_wrong_settings_write_nothing(firm: UUID) -> None:
    with pytest.raises(SettingsError):
        a_connection(firm, **{**OWN_RELAY, "relay_port": "none"})

    assert not Connection.objects.exists()
    assert not AuditEntry.objects.exists()


def test_saving_takes_away_what_needed_attention_and_frees_what_waits(
    firm: UUID, keeper: Keeper
) -> None:
    made = a_connection(firm)
    Connection.objects.update(
        attention="login_refused",
        attention_field="relay_password",
        attention_detail="535",
        attention_since=now(),
    )

    services.save_connection(firm, made.id, {"attach_pdfs": "on"}, actor=ACTOR)

    row = Connection.objects.get()
    assert (row.attention, row.attention_field, row.attention_detail, row.attention_since) == (
        "",
        "",
        "",
        None,
    )
    assert keeper.asked == [("connection", [made.id])]
    assert trail(made.id)[-1] == (
        "connection.saved",
        {"changed": {"attach_pdfs": ["off", "on"]}, "secrets": []},
    )


@pytest.mark.usefixtures("keeper")
def test_an_empty_secret_keeps_the_stored_one_and_a_new_one_replaces_it(firm: UUID) -> None:
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)

    kept = services.save_connection(firm, made.id, OWN_RELAY, actor=ACTOR)
    assert vault.opened(kept, None) == {"relay_password": CANARY}
    changed = services.save_connection(
        firm, made.id, {**OWN_RELAY, "relay_password": "another"}, actor=ACTOR
    )

    assert vault.opened(changed, None) == {"relay_password": "another"}
    assert (kept.version, changed.version) == (1, 2)


@pytest.mark.usefixtures("keeper")
def test_a_secret_nobody_asks_for_any_more_is_forgotten(firm: UUID) -> None:
    made = a_connection(firm, **OWN_RELAY, relay_password=CANARY)

    services.save_connection(firm, made.id, {"relay": "operator"}, actor=ACTOR)

    assert not Secret.objects.exists()


@pytest.mark.usefixtures("keeper")
def test_the_version_grows_with_a_change_and_with_nothing_else(firm: UUID) -> None:
    made = a_connection(firm, attach_pdfs="on")

    same = services.save_connection(firm, made.id, {"attach_pdfs": "on"}, actor=ACTOR)
    other = services.save_connection(firm, made.id, {"attach_pdfs": "off"}, actor=ACTOR)

    assert (same.version, other.version) == (1, 2)


def test_a_connection_is_renamed(firm: UUID) -> None:
    made = a_connection(firm, "Exact")

    services.rename_connection(firm, made.id, "Exact Online", actor=ACTOR)
    services.rename_connection(firm, made.id, "EXACT online", actor=ACTOR)

    assert Connection.objects.get().name == "EXACT online"
    assert [action for action, _ in trail(made.id)] == [
        "connection.created",
        "connection.renamed",
        "connection.renamed",
    ]


def test_each_switch_is_set_once_and_asks_the_keeper_once(firm: UUID, keeper: Keeper) -> None:
    made = a_connection(firm)
    once = ("connection", [made.id])

    for change in (
        services.deactivate_connection,
        services.activate_connection,
        services.pause_connection,
        services.release_connection,
    ):
        change(firm, made.id, actor=ACTOR)
        change(firm, made.id, actor=ACTOR)

    assert [action for action, _ in trail(made.id)][1:] == [
        "connection.deactivated",
        "connection.activated",
        "connection.paused",
        "connection.released",
    ]
    assert keeper.asked == [once] * 4
    row = Connection.objects.get()
    assert (row.is_active, row.paused_at) == (True, None)


def test_pausing_twice_keeps_the_first_time(firm: UUID, keeper: Keeper) -> None:
    made = a_connection(firm)

    first = services.pause_connection(firm, made.id, actor=ACTOR).paused_at
    services.pause_connection(firm, made.id, actor=ACTOR)

    assert Connection.objects.get().paused_at == first
    assert len(keeper.asked) == 1


@pytest.mark.usefixtures("keeper")
def test_another_firms_connection_is_not_there(firm: UUID) -> None:
    foreign = ConnectionFactory.create().pk

    changes: tuple[Callable[[], object], ...] = (
        lambda: services.save_connection(firm, foreign, {}, actor=ACTOR),
        lambda: services.rename_connection(firm, foreign, "Mine", actor=ACTOR),
        lambda: services.pause_connection(firm, foreign, actor=ACTOR),
        lambda: services.deactivate_connection(firm, foreign, actor=ACTOR),
    )
    for change in changes:
        with pytest.raises(NotFoundError):
            change()
    assert not AuditEntry.objects.exists()


def test_each_error_has_a_code() -> None:
    errors = (BadNameError, BothNeededError, ConnectorMissingError, NameTakenError)

    assert [error.code for error in errors] == [
        "bad_name",
        "both_needed",
        "connector_missing",
        "name_taken",
    ]
