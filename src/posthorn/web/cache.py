"""The cache that every process shares, on one table; sign-in limits and used codes stand on it."""

from __future__ import annotations

import base64
import pickle
from datetime import UTC, datetime

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection, transaction

from posthorn.kernel.clock import now

_FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
_ADD = """
INSERT INTO posthorn_cache AS c (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
WHERE c.expires < %s RETURNING 1
"""
_SET = """
INSERT INTO posthorn_cache (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires RETURNING 1
"""
_TOUCH = "UPDATE posthorn_cache SET expires = %s WHERE cache_key = %s AND expires >= %s RETURNING 1"
_EXPIRED = """
DELETE FROM posthorn_cache WHERE cache_key IN
    (SELECT cache_key FROM posthorn_cache WHERE expires < %s LIMIT 100 FOR UPDATE SKIP LOCKED)
"""


class SharedCache(DatabaseCache):
    """Django's cache on a table, but a key is taken by one process alone and none is thrown out.

    Django's own looks first and writes then, so that two can take a key that has just expired; and
    past 300 entries it drops live ones, with which anybody could wash sign-in limits away.
    """

    def add(
        self,
        key: str,
        value: object,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Take a key; False when somebody has it."""
        name = self.make_and_validate_key(key, version=version)
        self._clean()
        return _written(_ADD, [name, _packed(value), self._expiry(timeout), now()])

    def set(
        self,
        key: str,
        value: object,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Write a key over whatever it held."""
        name = self.make_and_validate_key(key, version=version)
        _written(_SET, [name, _packed(value), self._expiry(timeout)])

    def touch(
        self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Give a key that is still there a new end."""
        name = self.make_and_validate_key(key, version=version)
        return _written(_TOUCH, [self._expiry(timeout), name, now()])

    def _expiry(self, timeout: float | None) -> datetime:
        until = self.get_backend_timeout(timeout)
        return _FOREVER if until is None else datetime.fromtimestamp(until, tz=UTC)

    def _clean(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_EXPIRED, [now()])


def _packed(value: object) -> str:
    # The form in which Django's own methods read it back.
    return base64.b64encode(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)).decode("ascii")


def _written(statement: str, values: list[str | datetime]) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() is not None
