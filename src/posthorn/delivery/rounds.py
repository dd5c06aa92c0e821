"""What every worker does now and then, whoever else does it too; no round needs another's."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, connection

from posthorn.archive.storage import storage
from posthorn.archive.wakes import wake_overdue
from posthorn.connections import choices, errands, keeping_alive, quotas, revocations, signing
from posthorn.connections.calling import close_idle_lines
from posthorn.connections.context import switchboard
from posthorn.delivery import holds, instance, sweep
from posthorn.delivery.bounces.clearing import clear
from posthorn.delivery.bounces.settling import settle_due
from posthorn.delivery.readback import keeping
from posthorn.delivery.trial_links import clear_samples
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Round:
    """One chore and its interval in seconds; the first one comes after one interval."""

    every_s: float
    do: Callable[[], object]
    next_at: float = 0.0


def rounds(*, sweep_s: float, lease_s: float) -> list[Round]:
    """List the chores of a worker."""
    chores: list[tuple[float, Callable[[], object]]] = [
        (sweep_s, lambda: sweep.sweep(lease_s)),
        (10.0, sweep.wake_forgotten),
        (10.0, audit.seal),
        (10.0, instance.note_progress),
        (30.0, switchboard().close_idle),
        (30.0, close_idle_lines),
        (30.0, wake_overdue),
        (30.0, holds.free_verified),
        (10.0, settle_due),
        (3_600.0, clear),
        (3_600.0, clear_samples),
        (3_600.0, storage().clear_parts),
        (3_600.0, errands.clear_old),
        (3_600.0, choices.clear_old),
        (3_600.0, quotas.clear_old),
        (3_600.0, signing.clear_old),
        (3_600.0, keeping.clear_old),
        (60.0, keeping_alive.begin_due),
        (60.0, revocations.begin_due),
    ]
    started = time.monotonic()
    return [Round(every_s=every, do=do, next_at=started + every) for every, do in chores]


def go_on(chores: Sequence[Round], is_over: threading.Event, pause_s: float) -> None:
    """Do each chore in its interval until it is over; a failed one waits for its next turn."""
    while not is_over.wait(pause_s):
        for chore in chores:
            if time.monotonic() >= chore.next_at:
                chore.next_at = time.monotonic() + chore.every_s
                _do(chore)
    connection.close()


def _do(chore: Round) -> None:
    try:
        chore.do()
    except (DatabaseError, InterfaceError) as error:
        _log.warning("A round could not be made: %s", error)
        connection.close()
    except OSError as error:
        _log.warning("The data folder cannot be used: %s", error)
