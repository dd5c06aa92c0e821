"""One clock, slower or faster than the machine's, for the workers and a stand-in alike."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.exact import ExactStage
    from tests.database import Database

MINUTE_S = 60
# The workers tell the time by the database: what waits, until when, and what a minute still allows.
# A schema before pg_catalog in the path of new connections is how a name of its own is replaced.
_INSTALL = """
CREATE SCHEMA IF NOT EXISTS scaled;
GRANT USAGE ON SCHEMA scaled TO PUBLIC;
CREATE OR REPLACE FUNCTION scaled.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT pg_catalog.to_timestamp({own} + {scale} *
    (extract(epoch FROM pg_catalog.clock_timestamp())::float8 - {real})) $$;
"""
_BOTH = """
SELECT extract(epoch FROM scaled.clock_timestamp())::float8,
    extract(epoch FROM pg_catalog.clock_timestamp())::float8
"""
_USE = "ALTER DATABASE {name} SET search_path = scaled, pg_catalog, public"
_LEAVE = "ALTER DATABASE {name} RESET search_path"


@contextmanager
def scaled_clock(database: Database, stage: ExactStage, scale: float) -> Iterator[None]:
    """Run both clocks `scale` times as fast, from the full minute that comes next.

    It holds for processes that connect from now on, so nothing that was done lies in their future.
    """
    real = time.time()
    own = (real // MINUTE_S + 1) * MINUTE_S
    stage.admin("POST", "/clock", {"scale": scale})
    stage.admin("POST", "/clock", {"now": _text(own), "at": _text(real)})
    name = sql.Identifier(database.name)
    with psycopg.connect(database.admin.url(), autocommit=True) as connection:
        values = {"own": own, "scale": scale, "real": real}
        literal = {key: sql.Literal(value) for key, value in values.items()}
        connection.execute(sql.SQL(_INSTALL).format(**literal))
        connection.execute(sql.SQL(_USE).format(name=name))
        try:
            yield
        finally:
            connection.execute(sql.SQL(_LEAVE).format(name=name))


def change_scale(database: Database, stage: ExactStage, scale: float) -> None:
    """Run both clocks at another speed, on from where they are."""
    with psycopg.connect(database.admin.url(), autocommit=True) as connection:
        row = connection.execute(_BOTH).fetchone()
        assert row is not None
        own, real = row
        values = {"own": own, "scale": scale, "real": real}
        literal = {key: sql.Literal(value) for key, value in values.items()}
        stage.admin("POST", "/clock", {"scale": scale})
        stage.admin("POST", "/clock", {"now": _text(own), "at": _text(real)})
        connection.execute(sql.SQL(_INSTALL).format(**literal))


def _text(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()
