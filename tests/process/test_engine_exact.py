"""Documents to Exact Online: however the line breaks, each is there once, with its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash.exact import BROKEN, kill_again_and_again, set_exact_stage
from tests.crash.house import wait_until
from tests.crash.stage import lent_house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-exact")
DOCUMENTS, CLIENTS = 100, 10


@pytest.fixture(scope="module")
def lent() -> Iterator[tuple[House, Database]]:
    with lent_house("exact") as house:
        yield house


def test_without_faults_a_document_takes_two_calls(lent: tuple[House, Database]) -> None:
    with set_exact_stage(lent, clients=CLIENTS) as stage:
        stage.supply(DOCUMENTS)
        stage.worker()
        stage.finish(within_s=60)

        judged = stage.judged()
        assert judged.complaints == {}
        assert (judged.documents, judged.calls) == (DOCUMENTS, 2 * DOCUMENTS)
        assert judged.look_ups == CLIENTS  # of the one supplier, in each administration


@pytest.mark.parametrize("way", BROKEN)
def test_a_lost_answer_loses_nothing_and_doubles_nothing(
    lent: tuple[House, Database], way: str
) -> None:
    with set_exact_stage(lent, clients=CLIENTS) as stage:
        fault: dict[str, object] = {"at": "documents/*", "method": "POST", "times": DOCUMENTS // 4}
        stage.admin("POST", "/faults", {**fault, **BROKEN[way]})
        stage.supply(DOCUMENTS)
        stage.worker()
        stage.finish(within_s=120)

        assert stage.judged().complaints == {}
        (struck,) = stage.admin("GET", "/faults")
        assert struck["hits"] == DOCUMENTS // 4


def test_what_exact_makes_of_documents_is_read_back_after_the_deliveries(
    lent: tuple[House, Database],
) -> None:
    with set_exact_stage(lent, clients=3) as stage:
        stage.admin("PATCH", "/switches", {"ubl_makes_proposal": True})
        stage.supply(6)
        stage.worker()
        stage.finish(within_s=60)
        before = stage.judged().calls

        stage.house.change("UPDATE delivery_readback SET next_at = clock_timestamp()")
        told = "SELECT count(*) FROM delivery_statusreport WHERE code = 'proposal_open'"
        assert wait_until(lambda: stage.house.one(told) == 6, within_s=30), stage.house.plight()

        assert stage.judged().complaints == {}
        assert stage.judged().calls == before + 6
        assert stage.house.one("SELECT count(*) FROM delivery_readback WHERE looks = 1") == 6
        assert stage.house.one("SELECT count(*) FROM delivery_lane WHERE owner_id IS NOT NULL") == 0


def test_workers_killed_at_random_moments_lose_nothing_and_double_nothing(
    lent: tuple[House, Database],
) -> None:
    with set_exact_stage(lent, clients=CLIENTS) as stage:
        kill_again_and_again(stage, kills=20, seed=5)
        stage.worker()
        stage.finish(within_s=120)

        assert stage.judged().complaints == {}
