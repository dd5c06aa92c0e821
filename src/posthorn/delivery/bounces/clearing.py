"""Lets go of letters that have done their work; what they said stays on the deliveries."""

from __future__ import annotations

from django.db import connection

from posthorn.tenancy.scope import system

# Longer than a mailbox is looked back into (30 days): an old letter must not come in twice.
_CLEAR = """
DELETE FROM delivery_letter WHERE next_at IS NULL AND (
    (state IN ('matched', 'ignored') AND arrived_at < clock_timestamp() - interval '40 days')
    OR arrived_at < clock_timestamp() - interval '90 days')
"""
# Anybody may write to `bounces@…`: what nobody claims is kept up to a number.
_MOST_UNMATCHED = 5_000
_CROWD = """
DELETE FROM delivery_letter WHERE id IN (
    SELECT id FROM delivery_letter WHERE state IN ('unmatched', 'broken')
    ORDER BY arrived_at DESC OFFSET %s)
"""


def clear() -> int:
    """Remove old letters, and the oldest of too many that nobody could place; gives how many."""
    with system("bounces"), connection.cursor() as cursor:
        cursor.execute(_CLEAR)
        removed: int = cursor.rowcount
        cursor.execute(_CROWD, [_MOST_UNMATCHED])
        return removed + int(cursor.rowcount)
