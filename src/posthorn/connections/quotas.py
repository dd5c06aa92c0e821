"""Counts the mails to one mailbox over all workers, where its package takes so many in a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posthorn.sdk.mail import Quota

# The very times, not a count per day: at no moment may the last 24 hours hold more. One statement:
# what one worker takes, no other takes as well.
_TAKE = """
INSERT INTO connections_mailboxuse AS u (key, times, last_at)
SELECT %(key)s, ARRAY[t], t FROM clock_timestamp() AS t
ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at, times = excluded.times || ARRAY(
    SELECT t FROM unnest(u.times) AS t WHERE t > clock_timestamp() - %(longest)s::interval
    ORDER BY t DESC LIMIT %(most)s)
WHERE NOT EXISTS (
    SELECT 1 FROM unnest(%(mosts)s::int[], %(withins)s::interval[]) AS q (most, within)
    WHERE (SELECT count(*) FROM unnest(u.times) AS t WHERE t > clock_timestamp() - q.within)
        >= q.most)
RETURNING last_at
"""
_FREE_AT = """
SELECT coalesce(max(freed.at), clock_timestamp()) FROM connections_mailboxuse AS u,
    unnest(%(mosts)s::int[], %(withins)s::interval[]) AS q (most, within),
    LATERAL (SELECT t + q.within AS at FROM unnest(u.times) AS t
             ORDER BY t DESC OFFSET q.most - 1 LIMIT 1) AS freed
WHERE u.key = %(key)s
"""
_GIVE_BACK = """
UPDATE connections_mailboxuse SET times = array_remove(times, %s::timestamptz) WHERE key = %s
"""
_FORGET = """
DELETE FROM connections_mailboxuse WHERE last_at < clock_timestamp() - interval '7 days'
"""


def take_room(key: str, quotas: Sequence[Quota]) -> tuple[datetime, bool]:
    """Take room for one mail in every quota, or in none.

    Gives when it was taken and True, or when there is room again and False.
    """
    mosts, withins = [one.most for one in quotas], [one.within for one in quotas]
    asked: dict[str, Any] = {"key": key, "mosts": mosts, "withins": withins}
    bounds: dict[str, Any] = {"longest": max(withins), "most": max(mosts)}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {**asked, **bounds})
        taken = cursor.fetchone()
        if taken is not None:
            return taken[0], True
        cursor.execute(_FREE_AT, asked)
        (free_at,) = cursor.fetchone()
        return free_at, False


def give_back(key: str, taken_at: datetime) -> None:
    """Give room back for a mail that certainly did not arrive."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [taken_at, key])


def clear_old() -> int:
    """Forget mailboxes that nothing went to for a week; longer than any quota lasts."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        forgotten: int = cursor.rowcount
        return forgotten
