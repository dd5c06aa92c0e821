"""Named points at which a process can be told to die, so that tests can kill it exactly there."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

POINTS: Final = frozenset(
    {
        "after_claim",
        "after_prepare",
        "before_start_commit",
        "after_start_commit",
        "after_connect",
        "after_mail_from",
        "mid_data",
        "before_final_dot",
        "after_final_dot",
        "after_reply",
        "before_finish_commit",
        "after_finish_commit",
        "after_let_go",
        "before_release_commit",
        "after_release_commit",
        "after_store_fsync",
        "after_intake_commit",
        "before_read_commit",
        "after_token_answer",
        "after_revocation",
    }
)


class UnknownPointError(ValueError):
    """Use one of the names in `posthorn.kernel.crash.POINTS`."""


class Trap:
    """Counts the passages of one named point and dies at the chosen one."""

    def __init__(self, die: Callable[[], None]) -> None:
        """Take what ends the process."""
        self._die = die
        self._lock = threading.Lock()
        self._name: str | None = None
        self._left = 0

    def arm(self, name: str, nth: int = 1) -> None:
        """Die at the nth passage of the point from now; replaces what was armed before.

        Raises UnknownPointError for a name that is no point, ValueError when nth is below 1.
        """
        _known(name)
        if nth < 1:
            raise ValueError("Passages are counted from 1.")
        with self._lock:
            self._name, self._left = name, nth

    def disarm(self) -> None:
        """Let every point pass again."""
        with self._lock:
            self._name = None

    def reach(self, name: str) -> None:
        """Pass the point, or die there when it is armed and this is the chosen passage.

        Raises UnknownPointError for a name that is no point.
        """
        _known(name)
        if self._name != name:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0 and self._name == name:
                self._die()


def _known(name: str) -> None:
    if name not in POINTS:
        raise UnknownPointError(f"There is no crash point named {name!r}.")


# SIGKILL and not an exception: no handler, no `finally` and no buffer flush may run.
_TRAP = Trap(partial(signal.raise_signal, signal.SIGKILL))
arm = _TRAP.arm
disarm = _TRAP.disarm
reach = _TRAP.reach
