"""A worker's memory hardly grows with what it serves; the soak measures 2,000 integrations."""

from __future__ import annotations

import pytest

from tests.crash.stage import lent_house
from tests.soak.memory import measured

pytestmark = pytest.mark.xdist_group("engine-memory")
INTEGRATIONS, MOST_MB = 100, 160


def test_hundred_integrations_with_work_fit_into_a_small_worker() -> None:
    with lent_house("memory") as lent:
        found = measured(lent, INTEGRATIONS, most_mb=MOST_MB)

    assert found.complaints == {}
    assert (found.integrations, found.waiting, found.documents) == (100, 100, 200)
