"""Exact Online is away for six hours while documents wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.soak.outage import wait_it_out

if TYPE_CHECKING:
    from tests.crash.house import House
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-exact")
DOCUMENTS = 300


def test_six_hours_away_are_told_once_and_drained_in_order_within_the_limits(
    lent: tuple[House, Database],
) -> None:
    waited = wait_it_out(lent, DOCUMENTS)

    assert waited.complaints == {}
    assert (waited.documents, waited.alerts, waited.recoveries) == (DOCUMENTS, 1, 1)
