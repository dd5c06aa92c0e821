"""What a test of the engine stands on: a house to itself, a mail receiver, a firm with clients."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posthorn_sandbox.mail import Receiver
from tests.crash.house import PACE, House, open_house, wait_until
from tests.database import Database, empty, fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posthorn_sandbox.mail import Message, ReceiverSettings
    from posthorn_sandbox.mail.settings import Address
    from tests.crash.house import Forked

SENDER = "posthorn@kantoor.example"
CALM: Mapping[str, float] = {**PACE, "lease": 10.0, "heartbeat": 0.2}
"""A pace at which no worker is taken for dead, however slow the machine."""
QUICK: Mapping[str, float] = {**PACE, "lease": 1.0}
"""A pace at which a dead worker is noticed after a second."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """A firm whose client number n has its mail sent to `box<n>@import.example`."""

    house: House
    receiver: Receiver
    firm: str
    clients: Sequence[str]
    released: list[str] = field(default_factory=list)

    def supply(self, count: int, size: int = 3_000) -> list[str]:
        """Add documents, one client after the other, and release them; gives their ids."""
        ids: list[str] = self.house.do(
            "supply", firm=self.firm, clients=list(self.clients), count=count, size=size
        )
        self.released += ids
        return ids

    def deliveries(self) -> list[dict[str, Any]]:
        """Give every delivery in order of arrival."""
        return self.house.rows("SELECT * FROM delivery_delivery ORDER BY position")

    def states(self) -> list[str]:
        """Give the state of every delivery in order of arrival, with the reason of a hold."""
        return [row["reason"] or row["state"] for row in self.deliveries()]

    def attempts(self) -> list[dict[str, Any]]:
        """Give every attempt in order."""
        return self.house.rows("SELECT * FROM delivery_attempt ORDER BY started_at, id")

    def await_states(self, *wanted: str, within_s: float = 30.0) -> None:
        """Wait until the deliveries stand so, in order of arrival."""
        is_so = wait_until(lambda: self.states() == list(wanted), within_s=within_s)
        assert is_so, f"{self.states()}\n{self.house.plight()}"

    def keys_arrived(self) -> list[str]:
        """Give the delivery's key of every message there is, oldest first."""
        return [key_of(message) for message in self.receiver.messages()]

    def keys(self) -> list[str]:
        """Give the keys of all deliveries in order of arrival."""
        return [row["key"] for row in self.deliveries()]

    def trail(self, prefix: str) -> list[str]:
        """Give the actions of the audit trail that begin so, in order."""
        rows = self.house.rows(
            "SELECT action FROM tenancy_auditentry WHERE action LIKE %s ORDER BY id", f"{prefix}%"
        )
        return [row["action"] for row in rows]

    def let_time_pass(self) -> None:
        """Make due what waits for a later moment."""
        self.house.change(
            "UPDATE delivery_delivery SET next_at = clock_timestamp() WHERE next_at IS NOT NULL"
        )
        self.house.change(
            "UPDATE delivery_lane SET next_at = clock_timestamp() WHERE id IN"
            " (SELECT lane_id FROM delivery_delivery WHERE next_at IS NOT NULL)"
        )
        self.house.change("NOTIFY posthorn_lanes")

    def worker(self, pace: Mapping[str, float] = CALM, **arguments: object) -> Forked:
        """Start a worker."""
        return self.house.worker(pace, **arguments)


def key_of(message: Message) -> str:
    """Give the key of the delivery that a message belongs to."""
    return message.message_id.strip("<>").partition("@")[0]


@contextmanager
def lent_house(label: str) -> Iterator[tuple[House, Database]]:
    """Lend a house on a database of its own."""
    with fresh_database(label) as database, open_house(database) as house:
        yield house, database


@contextmanager
def set_stage(
    lent: tuple[House, Database], *, clients: int = 1, settings: ReceiverSettings | None = None
) -> Iterator[Stage]:
    """Set a stage in a house; what runs is killed and every row removed afterwards."""
    house, database = lent
    with Receiver(settings) as receiver:
        use_relay(house, receiver.smtp)
        scene = house.do("set_scene", clients=clients)
        try:
            yield Stage(house=house, receiver=receiver, **scene)
        finally:
            house.end_children()
            empty(database)


def use_relay(house: House, address: Address) -> None:
    """Send the mail of workers started from now on to a plain relay."""
    host, port = address
    house.env = {"mail_relay": f"smtp://{host}:{port}?tls=none", "mail_from": SENDER}
