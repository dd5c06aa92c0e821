"""The thread of a worker that asks packages what people and weekly look-ups want to know."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, InterfaceError, connection

from posthorn.connections import binding, check, choices, errands, keeping_alive, revocations
from posthorn.connections.verification import verify_due
from posthorn.delivery import instance
from posthorn.delivery.trial_desk import ERRAND
from posthorn.delivery.trial_sending import send_trial

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

_log = logging.getLogger(__name__)
# Somebody sits before a page that waits; the look is one index entry.
PAUSE_S: Final = 0.5

HANDLERS: Mapping[str, errands.Handler] = {
    keeping_alive.KIND: keeping_alive.keep_alive,
    revocations.KIND: revocations.revoke,
    check.KIND: check.check_for,
    ERRAND: send_trial,
    binding.LIST: binding.list_places,
    binding.BIND: binding.bind_clients,
    choices.KIND: choices.fetch,
}
"""What is done for each kind of errand."""


def ask_on(is_over: threading.Event, pause_s: float = PAUSE_S) -> None:
    """Ask until it is over; a question under way ends by itself within its limit."""
    while not is_over.is_set():
        if not _asked():
            is_over.wait(pause_s)
    connection.close()


def ask_once() -> bool:
    """Answer one question that is due; False when none is, or this is a copy."""
    # A copy would use up what belongs to the original: its tokens, its calls of the day.
    if instance.standing().reason in {"copied", "restored"}:
        return False
    return errands.run_next(HANDLERS) or verify_due()


def _asked() -> bool:
    try:
        return ask_once()
    except (DatabaseError, InterfaceError) as error:
        _log.warning("No package could be asked: %s", error)
        connection.close()
    except Exception:  # noqa: BLE001  # one bad question must not end all asking
        _log.exception("A question to a package failed.")
    return False
