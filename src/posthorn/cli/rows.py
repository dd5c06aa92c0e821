"""Clients, accounting packages and integrations as the command line lists them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from posthorn.cli.viewers import OPERATOR
from posthorn.connections import queries
from posthorn.tenancy.queries import clients_visible_to

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """A client of the firm."""

    id: UUID
    dossier_number: str
    name: str
    state: str
    country: str
    language: str
    shares_documents: bool
    approval: str
    paused_at: datetime | None

    def __str__(self) -> str:
        return f"{self.dossier_number} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """An accounting package of the firm; secrets are not among its settings."""

    id: UUID
    name: str
    connector: str
    is_active: bool
    paused_at: datetime | None
    attention: str
    attention_field: str
    attention_detail: str
    failing_since: datetime | None
    checked_at: datetime | None
    checked_as: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationRow:
    """One client bound to one accounting package."""

    id: UUID
    client: str
    client_name: str
    connection: str
    connector: str
    activated_at: datetime
    paused_at: datetime | None
    settings: Mapping[str, str]
    routes: Mapping[str, str]
    both: list[str]


def clients(firm: UUID) -> list[ClientRow]:
    """Give the firm's clients by dossier number; inside the firm's scope."""
    return [
        ClientRow(
            id=one.pk,
            dossier_number=one.dossier_number,
            name=one.name,
            state=one.state,
            country=one.country,
            language=one.language,
            shares_documents=one.shares_documents,
            approval=str(one.approval),
            paused_at=one.paused_at,
        )
        for one in clients_visible_to(firm, OPERATOR)
    ]


def connections(firm: UUID) -> list[ConnectionRow]:
    """Give the firm's accounting packages by name; inside the firm's scope."""
    return [
        ConnectionRow(
            id=one.pk,
            name=one.name,
            connector=one.connector_id,
            is_active=one.is_active,
            paused_at=one.paused_at,
            attention=one.attention,
            attention_field=one.attention_field,
            attention_detail=one.attention_detail,
            failing_since=one.failing_since,
            checked_at=one.checked_at,
            checked_as=one.checked_as,
            settings=dict(one.settings),
        )
        for one in queries.connections_of(firm)
    ]


def integrations(firm: UUID) -> list[IntegrationRow]:
    """Give every integration of the firm, by accounting package; inside the firm's scope."""
    return [
        IntegrationRow(
            id=one.pk,
            client=one.client.dossier_number,
            client_name=one.client.name,
            connection=one.connection.name,
            connector=one.connection.connector_id,
            activated_at=one.activated_at,
            paused_at=one.paused_at,
            settings=dict(one.settings),
            routes=dict(one.routes),
            both=list(one.both),
        )
        for row in queries.connections_of(firm)
        for one in queries.integrations_to(firm, row.pk)
    ]


def as_record(row: ClientRow | ConnectionRow | IntegrationRow) -> dict[str, object]:
    """Give a row as a mapping, in the order in which it is declared."""
    return asdict(row)
