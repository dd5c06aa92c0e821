"""A rate holds for all workers together, costs no attempt and keeps no document for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash.stage import CALM, set_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.crash.stage import Stage
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-mail")

DOCUMENTS = 30
INTERVAL_S = 0.1


@pytest.fixture
def stage(lent: tuple[House, Database]) -> Iterator[Stage]:
    with set_stage(lent, clients=6) as stage:
        yield stage


def test_two_workers_keep_one_rate_to_a_recipients_domain(stage: Stage) -> None:
    for _ in range(2):
        stage.worker({**CALM, "senders": 2}, env={"mail_limits": ["@import.example=10/s"]})

    stage.supply(DOCUMENTS)
    stage.await_states(*["accepted"] * DOCUMENTS)

    messages = stage.receiver.messages()
    arrived = sorted(message.received_at for message in messages)
    assert len(arrived) == DOCUMENTS
    assert (arrived[-1] - arrived[0]).total_seconds() >= 0.9 * (DOCUMENTS - 1) * INTERVAL_S
    # A turn may be used late, never early: in no second are there more than the rate and one.
    eleventh = [
        (late - soon).total_seconds() for soon, late in zip(arrived, arrived[11:], strict=False)
    ]
    assert min(eleventh) >= 0.9
    assert {row["outcome"] for row in stage.attempts()} == {"receipt"}
    assert len({row["incarnation_id"] for row in stage.attempts()}) == 2
