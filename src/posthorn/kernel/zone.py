"""The zone in which times are shown."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@cache
def zone() -> tzinfo:
    """Give Belgium's zone, which is also that of the Netherlands."""
    try:
        return ZoneInfo("Europe/Brussels")
    except ZoneInfoNotFoundError:  # a system without time zones shows UTC and says so
        return UTC
