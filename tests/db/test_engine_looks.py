"""After an unknown outcome the engine looks, twice where the package says so, before it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.assets import Assets
from posthorn.connections.registry import Loaded
from posthorn.delivery.engine import LaneRun
from posthorn.delivery.models import Delivery, Lane, Step
from posthorn.kernel.clock import now
from posthorn.sdk import Capability, Context, Kind, Prepared, Receipt
from posthorn.sdk.testing import Cut
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import Desk, Hand, open_desk
from tests.kit.ledger import Ledger, LedgerPackage

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.delivery.turns import Turn

pytestmark = pytest.mark.django_db
ASSETS = Assets(errors={}, help={}, logo=b"")
LOOKS = (timedelta(seconds=90), timedelta(seconds=60))


class LooksTwice(Ledger):
    """The ledger's connector, of a package that is to be looked at twice."""

    def __init__(self, package: LedgerPackage) -> None:
        self.package = package
        self.calls: list[str] = []

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        taken = super().capabilities({**settings, "mode": "lookup"})
        return {kind: replace(one, looks=LOOKS) for kind, one in taken.items()}

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        self.calls.append("deliver")
        return super().deliver(self._wired(ctx), prepared)

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        self.calls.append("find")
        return super().find(self._wired(ctx), prepared)

    def _wired(self, ctx: Context) -> Context:
        return replace(ctx, http=self.package, settings={"mode": "lookup"})


class Files:
    """Storage in which every document reads the same."""

    def open(self, firm: UUID, sha256: str) -> bytes:
        del firm, sha256
        return b"<Invoice/>"


class Fit:
    """A lease that stands."""

    def is_fit(self) -> bool:
        return True


@dataclass(slots=True, kw_only=True)
class Scene:
    """One client's lane to the ledger, and a worker that drains it when told."""

    desk: Desk
    hand: Hand = field(default_factory=Hand)
    package: LedgerPackage = field(default_factory=LedgerPackage)
    connector: LooksTwice = field(init=False)

    def __post_init__(self) -> None:
        self.connector = LooksTwice(self.package)

    def submit(self, turn: Turn) -> bool:
        granted = self.hand.write(turn)
        return bool(granted.begun) or turn.begin is None

    def drain(self) -> None:
        """Take the lane up as if its time had come."""
        with system("test"):
            Delivery.objects.exclude(next_at=None).update(next_at=now())
            Lane.objects.exclude(next_at=None).update(next_at=now())
        loaded = Loaded(connector=self.connector, source="test", assets=ASSETS)
        for run in self.hand.load():
            LaneRun(run, loaded, commits=self, lease=Fit(), storage=Files()).drain()  # type: ignore[arg-type]  # a storage of one method

    def delivery(self) -> Delivery:
        return self.desk.deliveries()[0]

    def wait(self) -> timedelta:
        """Give how long the delivery waits from now, in whole seconds."""
        next_at = self.delivery().next_at
        assert next_at is not None
        return timedelta(seconds=round((next_at - now()).total_seconds()))


@pytest.fixture
def scene() -> Scene:
    desk = open_desk()
    desk.queue()
    return Scene(desk=desk)


def test_lost_answer_is_looked_up_and_never_sent_twice(scene: Scene) -> None:
    scene.package.cut_line(Cut.AFTER)
    scene.drain()
    assert (scene.delivery().state, scene.delivery().unknowns) == ("unknown", 1)
    assert scene.wait() == LOOKS[0]

    scene.drain()

    assert scene.connector.calls == ["deliver", "find"]
    assert len(scene.package.stored()) == 1
    assert scene.delivery().state == "delivered"
    assert scene.delivery().remote_id == "D1"


def test_what_is_not_there_is_looked_for_again_after_the_second_wait(scene: Scene) -> None:
    lose(scene)

    scene.drain()

    delivery = scene.delivery()
    assert scene.connector.calls == ["deliver", "find"]
    assert (delivery.state, delivery.code) == ("unknown", "not_seen_yet")
    assert (delivery.spent, delivery.unknowns) == (1, 1)
    assert scene.wait() == LOOKS[1]


def test_only_what_two_looks_did_not_see_is_sent_again(scene: Scene) -> None:
    lose(scene)
    scene.drain()

    scene.drain()

    assert scene.connector.calls == ["deliver", "find", "find", "deliver"]
    assert scene.delivery().state == "delivered"
    assert len(scene.package.stored()) == 1


def test_second_look_that_sees_it_sends_nothing(scene: Scene) -> None:
    lose(scene)
    late = list(scene.package.rows)
    scene.drain()
    scene.package.rows = [*late, arrived(scene)]

    scene.drain()

    assert scene.connector.calls == ["deliver", "find", "find"]
    assert scene.delivery().state == "delivered"


def test_a_new_unknown_outcome_is_looked_up_anew(scene: Scene) -> None:
    lose(scene)
    scene.drain()
    scene.package.cut_line(Cut.AFTER)
    scene.drain()
    assert (scene.delivery().state, scene.delivery().unknowns) == ("unknown", 2)

    scene.drain()

    assert scene.connector.calls == ["deliver", "find", "find", "deliver", "find"]
    assert len(scene.package.stored()) == 1
    with acting(scene.desk.firm):
        assert sorted(Step.objects.values_list("name", flat=True)) == [
            "posthorn.look.1.0",
            "posthorn.look.1.1",
        ]


def lose(scene: Scene) -> None:
    """Send once and lose the answer; it never arrived either."""
    scene.package.cut_line(Cut.AFTER)
    scene.drain()
    scene.package.rows.clear()


def arrived(scene: Scene) -> dict[str, str]:
    return {"id": "D1", "key": scene.delivery().key, "honoured": "", "body": "{}"}
