"""A package that tells later what became of a document, and deliveries it has been given."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from posthorn.connections.registry import LOCAL
from posthorn.delivery.models import Delivery
from posthorn.delivery.policy import Effect, Verdict
from posthorn.delivery.readback.looker import Looker
from posthorn.delivery.readback_models import Readback, StatusReport
from posthorn.delivery.states import State
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.sdk import Receipt
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import Desk, Hand, finish_of, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from posthorn.delivery.turns import Finish
    from posthorn.sdk import RemoteStatus

DELIVERED = Verdict(state=State.DELIVERED, outcome="receipt", effect=Effect.HEALTHY)
_CODE = """
from posthorn.sdk import *

TAKES = Capability(
    formats=frozenset({"ubl_invoice"}), depth=Depth.DRAFT, idempotency=Idempotency.NATIVE,
    max_bytes=1_000_000, reports_status=True,
)
SAYS = {}  # remote id: a status, or what is raised instead
ASKED = []  # receipts, in order
MEANWHILE = []  # called once, while a question is under way

class Teller(Connector):
    spec = ConnectorSpec(
        id="teller", name="Teller", version="1.0.0", contract=CONTRACT,
        docs_url="https://teller.example", countries=frozenset({"BE"}),
    )
    def capabilities(self, settings):
        return {Kind.PURCHASE: TAKES, Kind.SALES: TAKES}
    def check(self, ctx):
        return "An"
    def prepare(self, ctx, document, *, key): ...
    def deliver(self, ctx, prepared): ...
    def status(self, ctx, receipt):
        ASKED.append(receipt)
        while MEANWHILE:
            MEANWHILE.pop()()
        said = SAYS.get(receipt.remote_id, RemoteStatus(state=RemoteState.RECEIVED))
        if isinstance(said, Exception):
            raise said
        return said

connector = Teller
"""
_TEXTS = """
[seen]
sentence = { nl = "Gezien.", fr = "Vu.", en = "Somebody saw it.", de = "Gesehen." }
advice = { nl = "Niets.", fr = "Rien.", en = "Nothing to do.", de = "Nichts." }

[thrown_out]
sentence = { nl = "Weg.", fr = "Jeté.", en = "Somebody threw it out.", de = "Weg." }
advice = { nl = "Kijk.", fr = "Voyez.", en = "Look there.", de = "Sehen Sie nach." }
"""


@dataclass(slots=True)
class Package:
    """What the stand-in says, and what it was asked."""

    module: Any
    says: dict[str, RemoteStatus | Exception] = field(init=False)
    receipts: list[Receipt] = field(init=False)
    meanwhile: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.says = self.module.SAYS
        self.receipts = self.module.ASKED
        self.meanwhile = self.module.MEANWHILE

    @property
    def asked(self) -> list[str]:
        """Give the remote ids it was asked about, in order."""
        return [receipt.remote_id for receipt in self.receipts]


@pytest.fixture(name="teller")
def teller_fixture(settings: Settings, tmp_path: Path) -> Iterator[Package]:
    """Put the connector into the operator's own folder."""
    folder = tmp_path / "connectors" / "teller"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(_CODE)
    (folder / "errors.toml").write_text(_TEXTS)
    for language in ("nl", "fr", "en", "de"):
        (folder / f"help.{language}.md").write_text("# Teller\n")
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    settings.POSTHORN = replace(settings.POSTHORN, connector_folder=folder.parent)
    name = f"{LOCAL}_teller"
    from posthorn.connections.registry import registry  # noqa: PLC0415  # loads it

    assert registry().refused == {}
    yield Package(sys.modules[name])
    del sys.modules[name]


class Lease:
    """A worker that lives, until a test says that it is to stop."""

    def __init__(self) -> None:
        self.is_standing = True

    def is_fit(self) -> bool:
        """Tell whether it goes on."""
        return self.is_standing


@dataclass(slots=True, kw_only=True)
class Scene:
    """A firm at the teller, the deliveries it was given, and a worker that looks when told."""

    clients: int = 1
    desk: Desk = field(init=False)
    hand: Hand = field(default_factory=Hand)
    lease: Lease = field(default_factory=Lease)
    wakes: int = 0

    def __post_init__(self) -> None:
        self.desk = open_desk(self.clients)
        self.desk.set_package(connector_id="teller")

    def finish(self, remote_id: str, client: int = 0, **changes: object) -> Finish:
        """Begin the attempt of a new document; gives the end it is to have."""
        delivery = self.desk.queue(client)[-1]
        (held,) = self.hand.claim()
        begun = finish_of(self.hand.send(held, delivery), DELIVERED)
        receipt = Receipt(remote_id=remote_id, evidence={"company": "7"})
        wanted = {"receipt": receipt, "is_reported": True, **changes}
        return replace(begun, **wanted)  # type: ignore[arg-type]  # the test knows the fields

    def deliver(self, *remote_ids: str, client: int = 0) -> list[Delivery]:
        """Deliver documents of a client; gives all deliveries in order of arrival."""
        for remote_id in remote_ids:
            finish = self.finish(remote_id, client)
            self.hand.write(Turn(finish=finish, let_go=finish.held))
        return self.desk.deliveries()

    def submit(self, turn: Turn) -> bool:
        """Commit a turn as the worker's committer does."""
        self.hand.write(turn)
        return True

    def looker(self, hand: Hand | None = None) -> Looker:
        """Give the thread's work of this worker, or of another."""

        def wake() -> None:
            self.wakes += 1

        owner = (hand or self.hand).incarnation.pk
        commits = self if hand is None else _Commits(hand)
        return Looker(owner=owner, lease=self.lease, commits=commits, wake=wake)

    def look(self) -> int:
        """Look once; gives how many lanes had a turn."""
        return self.looker().look_once()

    def let_time_pass(self, by: timedelta = timedelta(days=20)) -> None:
        """Make due every question that comes within that time."""
        with system("test"):
            Readback.objects.filter(next_at__lt=now() + by).update(next_at=now())

    def waits(self) -> list[timedelta]:
        """Give how long each question waits, the first delivered first, in whole minutes."""
        with acting(self.desk.firm):
            rows = Readback.objects.order_by("began_at", "id")
            return [
                timedelta(minutes=round((row.next_at - now()).total_seconds() / 60)) for row in rows
            ]

    def reports(self) -> list[tuple[str, str, bool]]:
        """Give state and code of what was kept, and whether it moved the delivery."""
        with acting(self.desk.firm):
            rows = StatusReport.objects.order_by("said_at", "id")
            return list(rows.values_list("state", "code", "has_moved"))


@dataclass(frozen=True, slots=True)
class _Commits:
    """Commits the turns of another worker."""

    hand: Hand

    def submit(self, turn: Turn) -> bool:
        """Commit a turn."""
        self.hand.write(turn)
        return True
