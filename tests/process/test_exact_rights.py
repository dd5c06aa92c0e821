"""An account without rights in some administrations: their clients wait, the others go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash.exact import FIRST_DIVISION, set_exact_stage
from tests.crash.house import wait_until

if TYPE_CHECKING:
    from tests.crash.exact import ExactStage
    from tests.crash.house import House
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-exact")
CLIENTS, EACH = 4, 5
_ATTENTION = "SELECT attention || backoff_step AS standing FROM connections_connection"
_RELEASE = (
    "UPDATE delivery_delivery SET state = 'queued', reason = '', code = '', detail = '',"
    " next_at = clock_timestamp() WHERE state = 'held'"
)


def deny(stage: ExactStage, *numbers: int) -> None:
    """Take the right to make documents away in these administrations."""
    denied = [
        {"endpoint": "documents/*", "action": "POST", "division": FIRST_DIVISION + number}
        for number in numbers
    ]
    stage.admin("PATCH", "/users/an.maes", {"denials": denied})


def refusals(stage: ExactStage) -> int:
    """Count the calls that the account had no right to."""
    return sum(call["status"] == 403 for call in stage.admin("GET", "/journal"))


def test_missing_rights_on_half_the_administrations_hold_those_clients_alone(
    lent: tuple[House, Database],
) -> None:
    with set_exact_stage(lent, clients=CLIENTS) as stage:
        deny(stage, 1, 3)
        stage.supply(CLIENTS * EACH)
        stage.worker()
        assert wait_until(stage.house.drained, within_s=60), stage.house.plight()

        assert stage.house.standing() == {"delivered": 10, "held misconfigured no_rights": 2} | {
            "held misconfigured": 8
        }
        assert stage.house.one(_ATTENTION) == "0"
        assert refusals(stage) == 2  # one a client: errors are rationed

        deny(stage)
        stage.house.change(_RELEASE)
        stage.let_time_pass()
        stage.house.change("UPDATE delivery_lane SET next_at = clock_timestamp()")
        stage.finish(within_s=60)
        assert stage.judged().complaints == {}
