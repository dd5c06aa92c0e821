"""A hold keeper that remembers what it was asked, and the settings connections are made with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from posthorn.connections import ports
from posthorn.connections.keyring import fresh_key
from posthorn.connections.services import create_connection
from posthorn.tenancy.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from posthorn.connections.models import Connection

ACTOR = "an@kantoor.example"
CANARY = "canary-secret-Zk9"
OWN_RELAY = {
    "relay": "own",
    "relay_host": "mail.firm.example",
    "relay_port": "587",
    "relay_security": "starttls",
    "relay_username": "an",
    "relay_from": "an@firm.example",
}


@dataclass(slots=True)
class Keeper:
    """Remembers every call as (what, ids)."""

    asked: list[tuple[str, list[UUID]]] = field(default_factory=list)

    def reconsider(
        self,
        firm: UUID,  # noqa: ARG002  the port's signature, as below
        *,
        connection_ids: Collection[UUID] = (),
        integration_ids: Collection[UUID] = (),
        client_ids: Collection[UUID] = (),
        actor: str = "settings",
    ) -> None:
        """Remember it."""
        assert actor == ACTOR
        named = {
            "connection": connection_ids,
            "integration": integration_ids,
            "client": client_ids,
        }
        self.asked += [(what, list(ids)) for what, ids in named.items() if ids]


@pytest.fixture(name="keeper")
def keeper_fixture() -> Iterator[Keeper]:
    """Put a keeper of our own in place."""
    usual = ports._registered
    ours = Keeper()
    ports.register_hold_keeper(ours)
    yield ours
    ports._registered = usual


@pytest.fixture(name="keyring_text")
def keyring_fixture(settings: Settings, tmp_path: Path) -> str:
    """Give Posthorn a data folder and a keyring of its own."""
    text = fresh_key("k1")
    settings.POSTHORN = replace(settings.POSTHORN, data=tmp_path, keyring=text)
    return text


def a_connection(firm: UUID, name: str = "Exact", **values: str) -> Connection:
    """Create an e-mail connection."""
    return create_connection(firm, "email_delivery", name, values, actor=ACTOR)


def trail(subject: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Give action and detail of a subject's entries, oldest first."""
    rows = AuditEntry.objects.filter(subject_id=subject).order_by("pk")
    return list(rows.values_list("action", "detail"))
