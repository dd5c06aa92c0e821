"""Documents to Exact Online: however the line breaks, each is there once, with its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn_sandbox.exact import Switches
from tests.crash.exact import BROKEN, set_exact_stage
from tests.crash.exact_kills import kill_again_and_again
from tests.crash.house import wait_until
from tests.crash.stage import CALM
from tests.soak.limits import Order, limited
from tests.soak.tokens import CALLS_AT_ONCE, expire_again_and_again, kill_over_sign_ins

if TYPE_CHECKING:
    from tests.crash.house import House
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-exact")
DOCUMENTS, CLIENTS = 40, 10
PATIENCE_S = 0.75
LAST = {**CALM, "lease": 3.0}


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
        stage.worker(env={"http_timeout": PATIENCE_S})
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
        held = "SELECT count(*) FROM delivery_lane WHERE owner_id IS NOT NULL"
        assert wait_until(lambda: stage.house.one(held) == 0, within_s=10), stage.house.plight()


def test_workers_killed_at_random_moments_lose_nothing_and_double_nothing(
    lent: tuple[House, Database],
) -> None:
    with set_exact_stage(lent, clients=CLIENTS) as stage:
        kill_again_and_again(stage, kills=15, seed=5)
        stage.worker(LAST)
        stage.finish(within_s=120)

        assert stage.judged().complaints == {}


def test_workers_killed_with_new_tokens_cost_a_sign_in_each_and_nothing_else(
    lent: tuple[House, Database],
) -> None:
    killed = kill_over_sign_ins(lent, kills=3)

    assert killed.complaints == {}
    assert (killed.documents, killed.token_calls) == (3, 6)


def test_fifty_calls_at_the_expiry_of_a_token_lead_to_one_refresh(
    lent: tuple[House, Database],
) -> None:
    with set_exact_stage(lent, clients=CALLS_AT_ONCE) as stage:
        renewed = expire_again_and_again(stage, times=1)

    assert renewed.complaints == {}
    assert (renewed.documents, renewed.refreshes) == (CALLS_AT_ONCE, 1)


@pytest.mark.parametrize(("with_pdf", "calls"), [(False, 2), (True, 3)])
def test_the_real_limits_are_used_up_and_never_overstepped(
    lent: tuple[House, Database], *, with_pdf: bool, calls: int
) -> None:
    order = Order(divisions=2, each=30, with_pdf=with_pdf)
    with set_exact_stage(
        lent, clients=order.divisions, switches=Switches(), with_pdf=with_pdf
    ) as stage:
        found = limited(lent[1], stage, order)

    assert found.complaints == {}
    assert (found.documents, found.calls, found.least) == (60, 60 * calls, 60)
