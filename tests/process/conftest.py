"""Lends the engine's tests one house in each test process: a database and what forks workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash.stage import lent_house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.database import Database


@pytest.fixture(scope="session")
def kept_house() -> Iterator[tuple[House, Database]]:
    """Keep a house for all tests of this process: every new one would import the product anew."""
    with lent_house("house") as lent:
        yield lent


@pytest.fixture
def lent(kept_house: tuple[House, Database]) -> tuple[House, Database]:
    """Lend the house without the settings of the test before; who fills it empties it."""
    kept_house[0].env = {}
    return kept_house
