"""The thread of a worker that asks, when nothing is to be sent, what became of what was."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, InterfaceError, connection

from posthorn.delivery.readback import asking, claims
from posthorn.delivery.turns import Turn

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from uuid import UUID

    from posthorn.delivery.engine import Lease
    from posthorn.delivery.steps import Commits

_log = logging.getLogger(__name__)
# Answers that nobody waits for, hours apart: a few seconds more cost nothing.
PAUSE_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Asks as a worker whose lease stands; `wake` tells its senders that a lane is free again."""

    owner: UUID
    lease: Lease
    commits: Commits
    wake: Callable[[], None]

    def look_on(self, is_over: threading.Event, *, pause_s: float = PAUSE_S) -> None:
        """Ask until it is over; a question under way ends by itself within its limit."""
        while not is_over.is_set():
            if not self._looked():
                is_over.wait(pause_s)
        connection.close()

    def look_once(self) -> int:
        """Give every connection whose turn it is one lane's turn; gives how many had one."""
        done = 0
        for lane in claims.turns():
            if not self.lease.is_fit():
                break
            taken = claims.take(self.owner, lane)
            if taken is None:
                continue
            try:
                asking.ask(taken, self.lease)
            finally:
                # Through the committer, which outlasts a lost database: nobody else frees a lane
                # whose worker lives.
                self.commits.submit(Turn(let_go=taken.held))
                self.wake()
            done += 1
        return done

    def _looked(self) -> bool:
        try:
            return self.lease.is_fit() and self.look_once() > 0
        except (DatabaseError, InterfaceError) as error:
            _log.warning("No package could be asked what became of a delivery: %s", error)
            connection.close()
        except Exception:  # noqa: BLE001  # one bad answer must not end all asking
            _log.exception("A question about a delivery failed.")
        return False
