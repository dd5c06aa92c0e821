"""Writes rows by COPY, past triggers and row-level security; a measurement's own database only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
from django.db.models import AutoField, JSONField
from psycopg import sql

from posthorn.kernel.clock import now
from posthorn.kernel.ids import uuid7

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db import models

    from tests.database import Database


class Writer:
    """A connection as the server's administrator, the dice, and the moment called now."""

    def __init__(self, database: Database, chance: random.Random) -> None:
        self.chance = chance
        self.at = now()
        self._dropped: list[str] = []
        self._link = psycopg.connect(database.admin.url(), autocommit=True)
        self._link.execute("SET session_replication_role = replica")

    def id(self, at: datetime | None = None) -> UUID:
        """Make an identifier that sorts by its time."""
        milliseconds = int((at or self.at).timestamp() * 1000)
        bits = self.chance.getrandbits
        return uuid7((milliseconds << 12) + bits(12), bits(62))

    def copy(self, model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows given by column; what is left out takes the model's default."""
        about = model._meta  # noqa: SLF001  # Django's own
        # The database counts and derives by itself.
        fields = [
            one
            for one in about.concrete_fields
            if not (isinstance(one, AutoField) or one.generated)
        ]
        names = sql.SQL(", ").join(sql.Identifier(one.column) for one in fields)
        table = sql.Identifier(about.db_table)
        defaults = {
            one.column: one.get_default() for one in fields if one.has_default() or one.null
        }
        packed = {one.column for one in fields if isinstance(one, JSONField)}
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
        with self._link.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                values = {**defaults, **row}
                copy.write_row(
                    [
                        json.dumps(values[one.column])
                        if one.column in packed
                        else values[one.column]
                        for one in fields
                    ]
                )

    def run(self, statement: str) -> None:
        """Run one statement."""
        self._link.execute(statement.encode())

    def drop_indexes(self, tables: Iterable[str]) -> None:
        """Drop what no constraint needs; building an index at the end takes a tenth of the time."""
        for name, definition in self._link.execute(_INDEXES, [list(tables)]).fetchall():
            self.run(f"DROP INDEX {name}")
            self._dropped.append(definition)

    def close(self) -> None:
        """Build the indexes again, gather statistics and let go."""
        for definition in self._dropped:
            self.run(definition)
        self.run("VACUUM (ANALYZE)")
        self._link.close()


_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique
"""
