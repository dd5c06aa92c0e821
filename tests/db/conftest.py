"""Gives every test process a migrated database of its own and sets Django up on it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from hashlib import sha256
from typing import TYPE_CHECKING

import django
import pytest

from tests.database import Database, empty, fresh_database, server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from posthorn.archive.reader import Pool
    from tests.planners import RecordingPlanner

_stack = ExitStack()
_DATABASE = pytest.StashKey[Database]()
# The real hash takes a second of the processor for every password that is set or tried.
QUICK_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up before test modules are imported; they import models."""
    _stack.callback(server().close)
    if config.getoption("numprocesses", default=None) and not hasattr(config, "workerinput"):
        return  # it hands out tests and runs none; its environment is its workers'
    database = _stack.enter_context(fresh_database("main"))
    config.stash[_DATABASE] = database
    os.environ.update(database.variables())
    django.setup()
    from django.conf import settings  # noqa: PLC0415  # set up by now

    settings.PASSWORD_HASHERS = QUICK_HASHERS


def pytest_sessionfinish() -> None:
    """Drop this process's database; the last process stops the server."""
    from django.conf import settings  # noqa: PLC0415  # may have been set up by now
    from django.db import connections  # noqa: PLC0415

    if settings.configured:
        connections.close_all()
    _stack.close()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Replace Django's own test database: ours was migrated by the owner; tests log in as app."""


@pytest.fixture(scope="session")
def main_database(pytestconfig: pytest.Config) -> Database:
    """Name the database that Django is set up on in this process."""
    return pytestconfig.stash[_DATABASE]


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Lend a database to a test whose processes log in by themselves."""
    with fresh_database(sha256(request.node.nodeid.encode()).hexdigest()[:12]) as lent:
        yield lent


@pytest.fixture(scope="session")
def second_database() -> Iterator[Database]:
    """Lend a database for the whole run to the tests that commit in this process."""
    with fresh_database("second") as lent:
        yield lent


@pytest.fixture
def committed(second_database: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    """Point Django at an empty database where a test commits, also from threads."""
    from django.db import connections  # noqa: PLC0415  # Django is set up by now

    place = connections.settings["default"]
    usual = {"NAME": place["NAME"], "CONN_MAX_AGE": place["CONN_MAX_AGE"]}
    with django_db_blocker.unblock():
        connections.close_all()
        # A worker's threads end with the test and must leave no connection behind.
        place.update(NAME=second_database.name, CONN_MAX_AGE=0)
        try:
            yield second_database
        finally:
            connections.close_all()
            place.update(usual)
            empty(second_database)


@pytest.fixture
def planner() -> Iterator[RecordingPlanner]:
    """Watch what the archive asks of the layer above it."""
    from tests.planners import RecordingPlanner, planning_with  # noqa: PLC0415  # needs models

    recording = RecordingPlanner()
    with planning_with(recording):
        yield recording


@pytest.fixture(scope="session")
def readers() -> Iterator[Pool]:
    """Give a pool of one real reading process."""
    from posthorn.archive.reader import Limits, Pool  # noqa: PLC0415  # needs settings

    pool = Pool(1, Limits(memory=512 * 1024 * 1024, timeout_s=20.0))
    yield pool
    pool.close()
