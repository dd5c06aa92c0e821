"""However many ask at once, no more are given than are allowed."""

from __future__ import annotations

import pytest

from posthorn.delivery import links
from posthorn.delivery.links import TooManyFetchesError, fetch
from tests.db.linking import (
    VISIT,
    begin,
    downloads,
    linked_desk,
    site_fixture,  # noqa: F401  found by its name
)
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("committed", "site")


def test_one_address_is_given_thirty_times_however_many_ask_at_once() -> None:
    token, _ = begin(linked_desk())

    def ask() -> int:
        given = 0
        for _ in range(10):
            try:
                fetch(token, VISIT)
            except TooManyFetchesError:
                continue
            given += 1
        return given

    assert sum(at_once([ask] * 5)) == links.PER_ADDRESS
    assert len(downloads()) == links.PER_ADDRESS
