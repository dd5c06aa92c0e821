"""Counts what would stop with an accounting package or an integration: clients and documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from posthorn.connections.models import Integration
from posthorn.delivery.models import Delivery
from posthorn.delivery.queries.visibility import is_moving, is_proven
from posthorn.delivery.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCounts:
    """Clients bound, and deliveries that have not left: on their way, and standing still."""

    clients: int = 0
    waiting: int = 0
    held: int = 0

    @property
    def unsent(self) -> int:
        """Everything that has not left."""
        return self.waiting + self.held


def count_packages(firm: UUID) -> Mapping[UUID, PackageCounts]:
    """Count for every connection of a firm that has clients or deliveries; three queries."""
    bound = Integration.objects.filter(firm_id=firm, removed_at=None)
    clients = _counted(bound, "connection_id")
    return _counts(Delivery.objects.filter(firm_id=firm), "connection_id", clients)


def count_package(firm: UUID, connection: UUID) -> PackageCounts:
    """Count for one connection; three queries."""
    bound = Integration.objects.filter(firm_id=firm, connection_id=connection, removed_at=None)
    rows = Delivery.objects.filter(firm_id=firm, connection_id=connection)
    clients = _counted(bound, "connection_id")
    return _counts(rows, "connection_id", clients).get(connection, PackageCounts())


def count_integrations(firm: UUID, client: UUID) -> Mapping[UUID, PackageCounts]:
    """Count deliveries for every integration of one client that has any unsent; two queries."""
    rows = Delivery.objects.filter(firm_id=firm, client_id=client)
    return _counts(rows, "integration_id", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDocument:
    """The newest document that is known to be in a package; `at` is when it got there."""

    number: str
    at: datetime


def last_documents(firm: UUID, integrations: Iterable[UUID]) -> Mapping[UUID, LastDocument]:
    """Give the last document of each integration that has one; a query each."""
    found = {}
    for one in integrations:
        rows = Delivery.objects.filter(is_proven(), firm_id=firm, integration_id=one)
        row = rows.select_related("document").order_by("-position").first()
        if row is not None:
            number = row.document.number or row.document.file_name
            found[one] = LastDocument(number=number, at=row.moved_at)
    return found


def _counts(
    rows: QuerySet[Delivery], column: str, clients: Mapping[UUID, int]
) -> dict[UUID, PackageCounts]:
    waiting = _counted(rows.filter(is_moving()), column)
    # Both states stand in the index of what somebody must look at.
    held = _counted(rows.filter(state__in=(State.HELD, State.UNKNOWN)), column)
    return {
        each: PackageCounts(
            clients=clients.get(each, 0), waiting=waiting.get(each, 0), held=held.get(each, 0)
        )
        for each in {*clients, *waiting, *held}
    }


def _counted(rows: QuerySet[Model], column: str) -> dict[UUID, int]:
    found = rows.order_by().values_list(column).annotate(number=Count("pk"))
    return dict(found)
