from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from posthorn.connections import integrations, services
from posthorn.connections.consents import (
    Access,
    access_of,
    confirm_access,
    consents_of,
    is_confirmed,
    needs_consent,
)
from posthorn.connections.errors import AccessChangedError, ConnectorMissingError
from posthorn.connections.models import Connection, Consent, Integration
from posthorn.connections.registry import registry
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import acting
from tests.db.connections import ACTOR, a_connection, trail
from tests.db.factories import ClientFactory, FirmFactory, IntegrationFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Iterator[UUID]:
    row = FirmFactory.create()
    with acting(row.pk):
        yield row.pk


def test_mail_asks_for_kinds_and_its_password_alone() -> None:
    loaded = registry().loaded["email_delivery"]

    assert access_of(loaded) == Access(
        hosts=[],
        kinds=["purchase", "sales", "statement"],
        secrets=["relay_password"],
        login=[],
    )
    assert not needs_consent(loaded)


def test_who_confirmed_which_version_is_kept_with_its_trail(firm: UUID) -> None:
    loaded = registry().loaded["email_delivery"]
    assert not is_confirmed(consents_of(firm, "email_delivery"), loaded)
    before = now()

    made = confirm_access(firm, "email_delivery", loaded.spec.version, actor=ACTOR)

    (kept,) = consents_of(firm, "email_delivery")
    assert (kept.connector_version, kept.confirmed_by) == (loaded.spec.version, ACTOR)
    assert before <= kept.confirmed_at <= now()
    assert is_confirmed([kept], loaded)
    detail = {
        "connector": "email_delivery",
        "version": loaded.spec.version,
        "access": {
            "hosts": [],
            "kinds": ["purchase", "sales", "statement"],
            "secrets": ["relay_password"],
            "login": [],
        },
    }
    assert trail(made.id) == [("extension.confirmed", detail)]


def test_a_confirmation_of_less_than_is_asked_now_does_not_count(firm: UUID) -> None:
    loaded = registry().loaded["email_delivery"]
    old = Consent(access={"hosts": [], "kinds": ["purchase"], "secrets": [], "login": []})

    assert not is_confirmed([old], loaded)
    assert consents_of(firm, "email_delivery") == []


def test_another_version_than_the_one_read_is_refused(firm: UUID) -> None:
    with pytest.raises(AccessChangedError) as refused:
        confirm_access(firm, "email_delivery", "0.0.1", actor=ACTOR)

    assert refused.value.code == "access_changed"
    assert consents_of(firm, "email_delivery") == []


def test_what_is_not_loaded_cannot_be_confirmed(firm: UUID) -> None:
    with pytest.raises(ConnectorMissingError):
        confirm_access(firm, "yuki", "1.0.0", actor=ACTOR)


def test_confirmations_of_another_firm_are_not_seen(firm: UUID) -> None:
    version = registry().loaded["email_delivery"].spec.version
    confirm_access(firm, "email_delivery", version, actor=ACTOR)

    with acting(FirmFactory.create().pk):
        assert Consent.objects.count() == 0


def test_a_confirmation_is_never_changed_or_removed(firm: UUID) -> None:
    version = registry().loaded["email_delivery"].spec.version
    made = confirm_access(firm, "email_delivery", version, actor=ACTOR)

    for deed in (
        lambda: Consent.objects.filter(pk=made.pk).update(confirmed_by="somebody"),
        lambda: Consent.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert Consent.objects.get().confirmed_by == ACTOR


def test_a_pause_keeps_its_reason_until_it_ends(firm: UUID) -> None:
    row = a_connection(firm)

    services.pause_connection(firm, row.id, actor=ACTOR, reason="New mailbox on Monday")
    paused = Connection.objects.get()
    services.release_connection(firm, row.id, actor=ACTOR)
    released = Connection.objects.get()

    assert (paused.paused_at is None, paused.pause_reason) == (False, "New mailbox on Monday")
    assert (released.paused_at, released.pause_reason) == (None, "")
    assert trail(row.id)[1:] == [
        ("connection.paused", {"reason": "New mailbox on Monday"}),
        ("connection.released", {}),
    ]


def test_an_integrations_pause_keeps_its_reason_until_it_ends() -> None:
    client = ClientFactory.create()
    with acting(client.firm_id):
        connection = a_connection(client.firm_id)
    row = IntegrationFactory.create(firm=client.firm, client=client, connection=connection)
    with acting(client.firm_id):
        integrations.pause_integration(client.firm_id, row.pk, actor=ACTOR, reason="Moves house")
        paused = Integration.objects.get()
        integrations.release_integration(client.firm_id, row.pk, actor=ACTOR)
        released = Integration.objects.get()

        assert (paused.paused_at is None, paused.pause_reason) == (False, "Moves house")
        assert (released.paused_at, released.pause_reason) == (None, "")
        entries = [(action, detail.get("reason")) for action, detail in trail(row.pk)]
        assert entries == [
            ("integration.paused", "Moves house"),
            ("integration.released", None),
        ]
