"""Keeps lines to one relay open between messages, and their number within what it bears."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

from posthorn.connections.handover import StaleLineError
from posthorn.connections.opening import TooManyLinesError
from posthorn.connections.smtp import ClosingError, LineLostError
from posthorn.sdk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from posthorn.connections.smtp import Line

IDLE_MAX_S = 60.0
# Relays close a silent line after a while; one that was used just now needs no question.
IDLE_TRUSTED_S = 20.0
RECOVERY_S = 30.0

Result = TypeVar("Result")


class Gate:
    """Lets a number of threads in; narrows when the relay complains, widens slowly again."""

    def __init__(self, maximum: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._maximum = maximum
        self._clock = clock
        self._limit = maximum
        self._inside = 0
        self._changed_at = clock()
        self._moved = threading.Condition()

    @property
    def limit(self) -> int:
        """How many may be inside now."""
        return self._limit

    def enter(self, patience_s: float) -> bool:
        """Wait for room and take it; tell whether there was any within the time in seconds."""
        with self._moved:
            self._widen()
            if not self._moved.wait_for(lambda: self._inside < self._limit, timeout=patience_s):
                return False
            self._inside += 1
            return True

    def leave(self) -> None:
        """Give the room back."""
        with self._moved:
            self._inside -= 1
            self._moved.notify()

    def narrow(self) -> bool:
        """Halve the limit after a complaint; tell whether others are inside, to wait for."""
        with self._moved:
            self._limit = max(1, min(self._limit, self._inside) // 2)
            self._changed_at = self._clock()
            return self._inside > 1

    def _widen(self) -> None:
        steps = int((self._clock() - self._changed_at) // RECOVERY_S)
        if steps and self._limit < self._maximum:
            self._limit = min(self._maximum, self._limit + steps)
            self._changed_at = self._clock()
            self._moved.notify_all()


class Pool:
    """Lines to one relay, shared by the threads of this process."""

    def __init__(
        self,
        dial: Callable[[], Line],
        gate: Gate,
        *,
        patience_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._dial = dial
        self._gate = gate
        self._patience_s = patience_s
        self._clock = clock
        self._idle: list[tuple[float, Line]] = []  # oldest first
        self._lock = threading.Lock()

    @property
    def limit(self) -> int:
        """How many lines may be in use at once now."""
        return self._gate.limit

    def use(self, work: Callable[[Line], Result]) -> Result:
        """Do one piece of work on a line, one that is open if there is one.

        Raises Unavailable when the relay bears no further line for that long, and what `work`
        raises; StaleLineError of a reused line leads to one more try on a new line.
        """
        deadline = self._clock() + self._patience_s
        while True:
            if not self._gate.enter(max(0.0, deadline - self._clock())):
                raise Unavailable("relay_busy", detail="every connection it allows is in use")
            limit = self._gate.limit
            try:
                return self._once(work)
            except TooManyLinesError as closing:
                # Our turn will come while others are at it, or left an open line behind, or were
                # refused together with us: a relay may count those that it is refusing.
                is_crowd = self._gate.limit < limit
                if not self._gate.narrow() and not self._idle and not is_crowd:
                    raise Unavailable("relay_busy", detail=closing.said) from None
            except Unavailable as busy:
                # 421 in the middle of a conversation: the same complaint.
                if busy.code == "relay_busy":
                    self._gate.narrow()
                raise
            finally:
                self._gate.leave()

    def close_idle(self, older_than_s: float = IDLE_MAX_S) -> int:
        """Close lines that nobody used for that long; return how many are still open."""
        limit = self._clock() - older_than_s
        with self._lock:
            old = [line for since, line in self._idle if since <= limit]
            self._idle = [(since, line) for since, line in self._idle if since > limit]
            left = len(self._idle)
        for line in old:
            line.leave()
        return left

    def _once(self, work: Callable[[Line], Result]) -> Result:
        line = self._take()
        if line is not None:
            try:
                return self._run(line, work)
            except StaleLineError:
                pass
        return self._run(self._dial(), work)

    def _run(self, line: Line, work: Callable[[Line], Result]) -> Result:
        try:
            return work(line)
        except StaleLineError:
            line.is_usable = False
            raise
        finally:
            self._put_back(line)

    def _put_back(self, line: Line) -> None:
        if not line.is_usable:
            line.close()
            return
        with self._lock:
            self._idle.append((self._clock(), line))

    def _take(self) -> Line | None:
        """Return a line that still lives, or None."""
        self.close_idle()
        while True:
            with self._lock:
                if not self._idle:
                    return None
                since, line = self._idle.pop()
            if self._is_alive(line, self._clock() - since):
                line.is_reused = True
                return line
            line.close()

    @staticmethod
    def _is_alive(line: Line, idle_s: float) -> bool:
        try:
            if line.has_spoken():
                return False  # it is closed, or says something we did not ask for
            if not line.needs_reset and idle_s < IDLE_TRUSTED_S:
                return True
            line.put(b"RSET\r\n")
            reply = line.read_reply(line.times.connect_s)
        except (LineLostError, ClosingError, OSError):
            return False
        line.needs_reset = False
        return reply.is_positive
