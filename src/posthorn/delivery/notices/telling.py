"""The thread of a worker that mails notices; a slow relay holds up nothing else."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, InterfaceError, connection

from posthorn.delivery import instance
from posthorn.delivery.notices.daily import tell_daily
from posthorn.delivery.notices.gathering import clear_old, gather
from posthorn.delivery.notices.posting import can_post, close_lines, post_next
from posthorn.kernel.zone import zone

if TYPE_CHECKING:
    import threading

_log = logging.getLogger(__name__)
PAUSE_S: Final = 2.0
_DAILY_EVERY_S = 600.0
_CLEAR_EVERY_S = 3_600.0


def tell_on(is_over: threading.Event, pause_s: float = PAUSE_S) -> None:
    """Tell until it is over; a mail under way ends by itself within its limits."""
    daily_at, clear_at = 0.0, time.monotonic() + _CLEAR_EVERY_S
    while not is_over.wait(pause_s):
        is_daily, is_clearing = time.monotonic() >= daily_at, time.monotonic() >= clear_at
        if _told(is_over, is_daily=is_daily, is_clearing=is_clearing):
            daily_at = time.monotonic() + _DAILY_EVERY_S if is_daily else daily_at
            clear_at = time.monotonic() + _CLEAR_EVERY_S if is_clearing else clear_at
    connection.close()


def tell_once(is_over: threading.Event) -> int:
    """Gather what is due and send it; gives how many mails were tried."""
    # A copy of this installation would tell everybody everything once more.
    if not can_post() or not instance.may_call():
        return 0
    gather()
    tried = 0
    while not is_over.is_set() and post_next():
        tried += 1
    if tried:
        close_lines()
    return tried


def _told(is_over: threading.Event, *, is_daily: bool, is_clearing: bool) -> bool:
    try:
        if is_daily and instance.may_call():
            tell_daily(zone())
        if is_clearing:
            clear_old()
        tell_once(is_over)
    except (DatabaseError, InterfaceError) as error:
        _log.warning("Notices wait: %s", error)
        connection.close()
        return False
    except Exception:  # noqa: BLE001  # one bad notice must not end all telling
        _log.exception("Notices wait: one could not be told.")
        return False
    return True
