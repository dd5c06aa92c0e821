"""Deliveries for tests of the engine's services, and a hand that sends them without a wire."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from posthorn.archive import lifecycle
from posthorn.archive.rules import ReleaseBasis
from posthorn.connections.models import Connection
from posthorn.delivery import lanes, ledger, loading
from posthorn.delivery.models import Attempt, Delivery, Incarnation, Lane
from posthorn.delivery.policy import Effect, Verdict
from posthorn.delivery.states import State
from posthorn.delivery.turns import Begin, Finish, Turn
from posthorn.kernel.ids import new_id
from posthorn.sdk import Receipt
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting, system
from tests.db.factories import (
    ClientFactory,
    ConnectionFactory,
    DocumentFactory,
    IncarnationFactory,
    IntegrationFactory,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from posthorn.archive.models import Document
    from posthorn.connections.models import Integration
    from posthorn.delivery.loading import Run
    from posthorn.delivery.turns import Granted, Held

ACTOR = "an@kantoor.example"
ADDRESSES = {"purchase_address": "inkoop@pakket.example"}
ACCEPTED = Verdict(state=State.ACCEPTED, outcome="receipt", effect=Effect.HEALTHY)
UNKNOWN = Verdict(
    state=State.UNKNOWN,
    outcome="unknown",
    is_spent=True,
    is_unknown=True,
    wait=timedelta(minutes=1),
)


@dataclass(slots=True, kw_only=True)
class Desk:
    """A firm with one connection and clients that are bound to it."""

    firm: UUID
    connection: UUID
    integrations: list[Integration] = field(default_factory=list)

    def documents(self, client: int = 0, count: int = 1) -> list[Document]:
        """Add purchase invoices of a client, in order."""
        return [
            DocumentFactory.create(
                firm=self.integrations[client].firm, client=self.integrations[client].client
            )
            for _ in range(count)
        ]

    def release(self, documents: Sequence[Document]) -> list[Delivery]:
        """Release documents together; gives their deliveries in order of arrival."""
        with acting(self.firm):
            lifecycle.release(
                self.firm,
                [document.pk for document in documents],
                basis=ReleaseBasis.APPROVED,
                actor=ACTOR,
            )
        return self.deliveries()

    def queue(self, client: int = 0, count: int = 1) -> list[Delivery]:
        """Release new documents of a client; gives all deliveries in order of arrival."""
        return self.release(self.documents(client, count))

    def deliveries(self) -> list[Delivery]:
        """Give all deliveries in order of arrival."""
        with acting(self.firm):
            return list(Delivery.objects.order_by("position"))

    def states(self) -> list[str]:
        """Give the state of each delivery in order, or the reason of its hold."""
        return [delivery.reason or delivery.state for delivery in self.deliveries()]

    def attempts(self) -> list[Attempt]:
        """Give all attempts in order."""
        with acting(self.firm):
            return list(Attempt.objects.order_by("id"))

    def lane(self, client: int = 0) -> Lane:
        """Give the lane of a client."""
        with acting(self.firm):
            return Lane.objects.get(target_id=self.integrations[client].pk)

    def package(self) -> Connection:
        """Read the connection."""
        with acting(self.firm):
            return Connection.objects.get(pk=self.connection)

    def set_package(self, **values: Any) -> None:  # noqa: ANN401  columns of any type
        """Change columns of the connection behind everybody's back."""
        with acting(self.firm):
            Connection.objects.filter(pk=self.connection).update(**values)

    def trail(self, prefix: str = "") -> list[str]:
        """Give the actions in the audit trail that begin so."""
        with acting(self.firm):
            found = AuditEntry.objects.filter(action__startswith=prefix).order_by("pk")
            return list(found.values_list("action", flat=True))


def open_desk(clients: int = 1, **integration: object) -> Desk:
    """Open a firm with clients bound to one mail connection."""
    package = ConnectionFactory.create()
    desk = Desk(firm=package.firm_id, connection=package.pk)
    for _ in range(clients):
        client = ClientFactory.create(firm=package.firm)
        desk.integrations.append(
            IntegrationFactory.create(
                firm=package.firm,
                client=client,
                connection=package,
                settings=ADDRESSES,
                **integration,
            )
        )
    return desk


@dataclass(slots=True, kw_only=True)
class Hand:
    """A worker without threads: it claims, begins and finishes when a test says so."""

    incarnation: Incarnation = field(default_factory=IncarnationFactory.create)

    def claim(self, limit: int = 100) -> list[Held]:
        """Claim due lanes."""
        with system("test"):
            return [held for held, _ in lanes.claim(self.incarnation.pk, limit)]

    def load(self) -> list[Run]:
        """Claim due lanes and load them, in one transaction as a worker does."""
        with system("test"):
            return loading.load(lanes.claim(self.incarnation.pk, 100))

    def due(self) -> list[UUID]:
        """Give the deliveries a worker would take up now, lane by lane; leaves them there."""
        runs = self.load()
        self.let_go(*[run.held for run in runs])
        return [work.delivery_id for run in runs for work in run.works]

    def begin(self, held: Held, delivery: Delivery, **changes: object) -> Begin:
        """Say what an attempt's begin would be."""
        begin = Begin(
            held=held,
            delivery_id=delivery.pk,
            attempt_id=new_id(),
            number=delivery.attempts + 1,
            source=State(delivery.state),
            revision=1,
            new_revision=None,
        )
        return replace(begin, **changes)  # type: ignore[arg-type]  # the test knows the fields

    def write(self, *turns: Turn) -> Granted:
        """Commit turns together."""
        return ledger.write(self.incarnation.pk, turns)

    def send(self, held: Held, delivery: Delivery) -> Begin:
        """Begin an attempt, which must be granted."""
        begin = self.begin(held, delivery)
        assert self.write(Turn(begin=begin)).begun == {begin.attempt_id}
        return begin

    def let_go(self, *helds: Held) -> None:
        """Let go of lanes."""
        self.write(*[Turn(let_go=held) for held in helds])


def finish_of(begin: Begin, verdict: Verdict = ACCEPTED, *, field: str = "") -> Finish:
    """Say what an attempt's end would be."""
    receipt = Receipt(remote_id="<1@kantoor.example>", evidence={"reply": "250 queued as 1"})
    return Finish(
        held=begin.held,
        delivery_id=begin.delivery_id,
        attempt_id=begin.attempt_id,
        verdict=verdict,
        receipt=receipt if verdict.outcome == "receipt" else None,
        field=field,
    )
