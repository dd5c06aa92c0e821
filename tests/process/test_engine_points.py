"""A worker is killed at every named point; only those between dot and commit leave a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.kernel.crash import POINTS
from posthorn_sandbox.mail.sink import Sink, SinkSettings
from posthorn_sandbox.mail.sink_lines import Keeps
from tests.crash.oracle import judge
from tests.crash.stage import QUICK, use_relay
from tests.database import Database, empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House

pytestmark = pytest.mark.xdist_group("engine-points")

AFTER_THE_DOT = ["after_final_dot", "after_reply", "before_finish_commit"]
HARMLESS = [
    "after_claim",
    "after_prepare",
    "before_start_commit",
    "after_start_commit",
    "after_connect",
    "after_mail_from",
    "mid_data",
    "before_final_dot",
    "after_finish_commit",
    "after_let_go",
]
BEFORE_THE_ENGINE = [
    "before_release_commit",
    "after_release_commit",
    "after_store_fsync",
    "after_intake_commit",
    "before_read_commit",
]
# Tried where tokens are: tests/db/test_connections_token_races.py and …_removal_races.py.
OF_TOKENS = ["after_token_answer", "after_revocation"]
# The second preparation and the second start stand between a dot and its commit.
NTH = {"after_prepare": 1, "before_start_commit": 1}
ONE_AT_A_TIME = {**QUICK, "senders": 1}


@pytest.fixture
def house(lent: tuple[House, Database]) -> Iterator[House]:
    yield lent[0]
    lent[0].end_children()
    empty(lent[1])


def test_every_point_there_is_stands_in_these_tests() -> None:
    assert sorted([*AFTER_THE_DOT, *HARMLESS, *BEFORE_THE_ENGINE, *OF_TOKENS]) == sorted(POINTS)


@pytest.mark.parametrize("point", [*HARMLESS, *AFTER_THE_DOT])
def test_worker_killed_at_a_point_loses_nothing(house: House, point: str) -> None:
    with Sink(SinkSettings(keeps=Keeps.DIGESTS)) as sink:
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=2)
        released = house.do("supply", **scene, count=6, size=3_000)

        killed = house.worker(ONE_AT_A_TIME, crash_at=(point, NTH.get(point, 2)))
        assert killed.wait() == -9, house.plight()
        in_flight = house.sends_in_flight(killed)
        house.settle(pace=ONE_AT_A_TIME)

        judgement = judge(house, released=released, arrived=sink.records(), in_flight=in_flight)
        assert judgement.complaints == {}
        assert judgement.accepted == 6
        assert judgement.copies == (1 if point in AFTER_THE_DOT else 0)
        assert judgement.unknown_attempts == in_flight <= 1


@pytest.mark.parametrize(
    ("point", "is_released"), [("before_release_commit", False), ("after_release_commit", True)]
)
def test_release_killed_at_a_point_is_whole_or_nothing(
    house: House, point: str, *, is_released: bool
) -> None:
    with Sink(SinkSettings(keeps=Keeps.DIGESTS)) as sink:
        use_relay(house, sink.smtp)
        scene = house.do("set_scene", clients=2)
        documents = house.do("add", **scene, count=6, size=3_000)

        killed = house.start(
            "release", firm=scene["firm"], documents=documents, crash_at=(point, 1)
        )
        assert killed.wait() == -9

        times = "SELECT count(released_at) FROM archive_document"
        assert house.one(times) == (6 if is_released else 0)
        assert house.one("SELECT count(*) FROM delivery_delivery") == (6 if is_released else 0)
        if not is_released:
            assert house.do("release", firm=scene["firm"], documents=documents) == documents
        house.settle()

        judgement = judge(house, released=documents, arrived=sink.records(), in_flight=0)
        assert judgement.complaints == {}
        assert (judgement.accepted, judgement.copies) == (6, 0)


@pytest.mark.parametrize(
    ("point", "is_there"), [("after_store_fsync", False), ("after_intake_commit", True)]
)
def test_intake_killed_before_its_answer_is_repeated_without_a_second_document(
    house: House, point: str, *, is_there: bool
) -> None:
    scene = house.do("set_scene", clients=1)
    incoming = {"firm": scene["firm"], "text": "<Invoice/>", "source_id": "sbdh-1"}

    killed = house.start("take", **incoming, crash_at=(point, 1))
    assert killed.wait() == -9
    assert house.one("SELECT count(*) FROM archive_document") == int(is_there)

    again = house.do("take", **incoming)
    assert again["is_new"] is not is_there
    assert house.do("take", **incoming) == {"id": again["id"], "is_new": False}
    assert house.do("kept_text", firm=scene["firm"], document=again["id"]) == "<Invoice/>"
    assert house.one("SELECT count(*) FROM archive_document") == 1
    assert house.one("SELECT count(*) FROM archive_blob") == 1


def test_reading_killed_before_its_commit_is_done_again(house: House) -> None:
    scene = house.do("set_scene", clients=1)
    taken = house.do("take", firm=scene["firm"], text="<Invoice/>", source_id="sbdh-1")
    wanted = {"firm": scene["firm"], "document": taken["id"]}

    assert house.start("read", **wanted, crash_at=("before_read_commit", 1)).wait() == -9
    assert house.one("SELECT reading FROM archive_document") == "pending"

    house.do("read", **wanted)
    assert house.one("SELECT reading FROM archive_document") == "read"
