"""However many workers call at once, together they stay within what the package allows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posthorn.delivery.budget_models import Budget
from posthorn.kernel.clock import now
from posthorn.sdk.errors import RateLimited
from tests.db.test_delivery_budget import CALL, METER
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("committed")


def test_eight_workers_take_the_sixty_calls_that_are_left() -> None:
    METER.before(CALL)
    Budget.objects.update(minute_left=60, minute_ends=now() + timedelta(minutes=5))

    def work() -> int:
        for taken in range(20):
            try:
                METER.before(CALL)
            except RateLimited:
                return taken
        return 20

    assert sum(at_once([work] * 8)) == 60
