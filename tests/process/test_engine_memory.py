"""A worker's memory hardly grows with what it serves; the soak measures 2,000 integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.soak.memory import measured

if TYPE_CHECKING:
    from tests.crash.house import House
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-memory")
INTEGRATIONS, MOST_MB = 100, 160


def test_hundred_integrations_with_work_fit_into_a_small_worker(
    lent: tuple[House, Database],
) -> None:
    found = measured(lent, INTEGRATIONS, most_mb=MOST_MB)

    assert found.complaints == {}
    assert (found.integrations, found.waiting, found.documents) == (100, 100, 200)
