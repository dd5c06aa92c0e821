"""Keeps all workers together within what a package allows: calls a minute and a day, refusals."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from posthorn.connections.registry import registry
from posthorn.sdk.errors import RateLimited, Scope
from posthorn.sdk.spec import Limits, LimitScope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.ports import Call
    from posthorn.sdk.http import Response
    from posthorn.sdk.spec import BudgetHeaders

_log = logging.getLogger(__name__)
_UNLIMITED = 1_000_000_000
_TOO_MANY = 429
# What packages count as an error of the caller: Exact Online's rule names these four.
_REFUSED = frozenset({400, 401, 403, 404})
_KEY_IN_PATH = re.compile(r"\([^)]*\)")
_HOUR = timedelta(hours=1)
_EPOCH = datetime.fromtimestamp(0, UTC)
_MAX_DIGITS = 15
# Without a word on when, as long as the usual window.
_NO_WORD = timedelta(seconds=60)
_A_DAY_S = 86_400
_LONGEST_WAIT = timedelta(seconds=_A_DAY_S)
# Percent of each window that calls without haste leave to deliveries.
_SPARED = 50

# Nothing, or when the oldest of so many refusals was.
_OLDEST = """
SELECT min(t) FROM (
    SELECT t FROM delivery_refusals, unnest(times) AS t
    WHERE key = %(kind)s AND t > clock_timestamp() - interval '1 hour'
    ORDER BY t DESC LIMIT %(most)s
) AS latest HAVING count(*) >= %(most)s
"""
# One statement: what it takes, no other worker takes as well, and nothing is taken where too much
# was refused. A window begins with the clock's minute and day (UTC) until an answer says otherwise.
_TAKE = f"""
WITH refused (oldest) AS ({_OLDEST}), taken AS (
    INSERT INTO delivery_budget AS b (key, minute_ends, minute_left, day_ends, day_left)
    SELECT %(key)s, date_trunc('minute', t) + interval '1 minute', %(minute)s - 1,
        date_trunc('day', t, 'UTC') + interval '1 day', %(day)s - 1
    FROM clock_timestamp() AS t WHERE NOT EXISTS (SELECT FROM refused)
    ON CONFLICT (key) DO UPDATE SET
        minute_ends = CASE WHEN b.minute_ends <= clock_timestamp() THEN excluded.minute_ends
            ELSE b.minute_ends END,
        minute_left = CASE WHEN b.minute_ends <= clock_timestamp() THEN excluded.minute_left
            ELSE b.minute_left - 1 END,
        day_ends = CASE WHEN b.day_ends <= clock_timestamp() THEN excluded.day_ends
            ELSE b.day_ends END,
        day_left = CASE WHEN b.day_ends <= clock_timestamp() THEN excluded.day_left
            ELSE b.day_left - 1 END
    WHERE (b.minute_ends <= clock_timestamp() OR b.minute_left > %(minute_spare)s)
        AND (b.day_ends <= clock_timestamp() OR b.day_left > %(day_spare)s)
    RETURNING key
)
SELECT (SELECT oldest FROM refused), EXISTS (SELECT FROM taken)
"""  # noqa: S608  # words of this module
_WAIT = """
SELECT max(until) FROM delivery_budget, LATERAL (VALUES
    (minute_ends, minute_left - %(minute_spare)s), (day_ends, day_left - %(day_spare)s)
) AS w (until, remaining)
WHERE key = %(key)s AND remaining <= 0
"""
# An answer's own words replace ours; several calls at once answer in any order, so what is left
# of a window that goes on only falls.
_LEARN = """
UPDATE delivery_budget SET {window}_ends = told.ends, {window}_left = CASE
    WHEN abs(extract(epoch FROM {window}_ends - told.ends)) < 5
    THEN least({window}_left, %(left)s) ELSE %(left)s END
FROM (SELECT clock_timestamp() + %(wait)s * interval '1 second') AS told (ends)
WHERE key = %(key)s
"""
_REFUSE = """
INSERT INTO delivery_refusals AS r (key, times, last_at)
VALUES (%(key)s, ARRAY[clock_timestamp()], clock_timestamp())
ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at, times = ARRAY(
    SELECT t FROM unnest(r.times || excluded.times) AS t
    WHERE t > clock_timestamp() - interval '1 hour' ORDER BY t DESC LIMIT %(most)s)
"""
_FORGET = """
DELETE FROM delivery_refusals WHERE key IN (
    SELECT key FROM delivery_refusals WHERE last_at < clock_timestamp() - interval '1 hour'
    LIMIT 100 FOR UPDATE SKIP LOCKED)
"""


def declared_limits(connector_id: str) -> Limits:
    """Return what a connector declares of its package's limits."""
    loaded = registry().get(connector_id)
    return loaded.spec.limits if loaded else Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Implements posthorn.connections.ports.Meter over rows that all workers share."""

    limits_of: Callable[[str], Limits] = declared_limits

    def before(self, call: Call) -> None:
        """Take room for one call. Raises RateLimited with the time at which there is some."""
        limits = self.limits_of(call.connector_id)
        key = key_of(call, limits)
        asked = _asked(call, key, limits)
        if limits.per_minute is None and limits.per_day is None:
            oldest, is_taken = _oldest(asked) if limits.refusals_per_hour else None, True
        else:
            oldest, is_taken = _take(asked)
        if oldest is not None:
            raise _limited("too_many_refusals", oldest + _HOUR, call)
        if not is_taken:
            raise _limited("rate_limited", _room_at(asked), call)

    def after(self, call: Call, response: Response | None) -> None:
        """Learn from an answer: what is left, until when, and whether the call was refused."""
        if response is None:
            return
        limits = self.limits_of(call.connector_id)
        key = key_of(call, limits)
        try:
            if limits.refusals_per_hour and response.status in _REFUSED:
                _note_refusal(_kind_of(call, key), _most(limits.refusals_per_hour))
            _learn(key, limits, response)
        except DatabaseError:
            # What came of the call matters more than what it says of the next ones.
            _log.warning("budget of %s not kept", call.connector_id, exc_info=True)


def key_of(call: Call, limits: Limits) -> str:
    """Name what shares the limits: the app, the firm or the connection, and the call's scope."""
    owner = {
        LimitScope.APP: "",
        LimitScope.FIRM: str(call.firm),
        LimitScope.CONNECTION: str(call.connection),
    }[limits.scope]
    return "|".join([call.connector_id, call.site, owner, call.scope])[:200]


def _asked(call: Call, key: str, limits: Limits) -> dict[str, str | int]:
    """Give what the statements ask about; a patient call leaves a part of each window to others."""
    minute, day = limits.per_minute or _UNLIMITED, limits.per_day or _UNLIMITED
    most = _most(limits.refusals_per_hour) if limits.refusals_per_hour else _UNLIMITED
    spare = _SPARED if call.is_patient else 0
    return {
        "key": key,
        "kind": _kind_of(call, key),
        "most": max(1, most // 2) if call.is_patient else most,
        "minute": minute,
        "day": day,
        "minute_spare": minute * spare // 100,
        "day_spare": day * spare // 100,
    }


def _take(asked: Mapping[str, str | int]) -> tuple[datetime | None, bool]:
    """Take one call out of both windows: the oldest of too many refusals, and whether it did."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        oldest, is_taken = cursor.fetchone()
    return oldest, is_taken


def _room_at(asked: Mapping[str, str | int]) -> datetime:
    """Give when there is room again."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT, asked)
        (until,) = cursor.fetchone()
    # The window may have ended between the two questions: then there is room at once.
    return until or datetime.now(UTC)


def _oldest(asked: Mapping[str, str | int]) -> datetime | None:
    """Give the oldest of too many refusals of a package that counts nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, asked)
        found = cursor.fetchone()
    return found[0] if found else None


def _limited(code: str, until: datetime, call: Call) -> RateLimited:
    scope = Scope.CLIENT if call.scope else Scope.CONNECTION
    return RateLimited(code, until=until.astimezone(UTC), scope=scope)


def _learn(key: str, limits: Limits, response: Response) -> None:
    windows = (("minute", limits.minute_headers), ("day", limits.day_headers))
    told = [_learn_window(key, name, said, response) for name, said in windows if said]
    if response.status == _TOO_MANY and not any(told):
        _write(key, "minute", 0, _retry_after(response) or _NO_WORD)


def _learn_window(key: str, window: str, headers: BudgetHeaders, response: Response) -> bool:
    """Take over what an answer says of one window; tells whether it said anything."""
    left = _number(response, headers.remaining)
    reset = _number(response, headers.reset)
    if left is None or reset is None:
        return False
    # As a duration by their own clock: ours may be wrong.
    their_now = response.date or datetime.now(UTC)
    wait = timedelta(milliseconds=reset) - (their_now - _EPOCH)
    wait = min(max(wait, timedelta()), _LONGEST_WAIT)
    _write(key, window, 0 if response.status == _TOO_MANY else left, wait)
    return True


def _write(key: str, window: str, left: int, wait: timedelta) -> None:
    with connection.cursor() as cursor:
        asked: dict[str, str | float] = {"key": key, "left": left, "wait": wait.total_seconds()}
        cursor.execute(_LEARN.format(window=window), asked)


def _number(response: Response, name: str) -> int | None:
    said = response.headers.get(name, "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _MAX_DIGITS else None


def _retry_after(response: Response) -> timedelta | None:
    seconds = _number(response, "retry-after")
    return None if seconds is None else timedelta(seconds=min(seconds, _A_DAY_S))


def _kind_of(call: Call, key: str) -> str:
    return f"{key}|{call.method} {_KEY_IN_PATH.sub('()', call.path)}"[:400]


def _most(refusals_per_hour: int) -> int:
    """Stop at half of what blocks us: the rest is for those who look what is wrong."""
    return max(1, refusals_per_hour // 2)


def _note_refusal(kind: str, most: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE, {"key": kind, "most": most})
        cursor.execute(_FORGET)
