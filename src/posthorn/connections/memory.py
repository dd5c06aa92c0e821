"""What connectors learned of their packages, kept in this process for a while; bounded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from posthorn.kernel.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from uuid import UUID

    from posthorn.sdk.memory import Memory

MAX_FACTS: Final = 20_000
MAX_CHARS: Final = 2_000_000  # of one fact: a list of two thousand companies
MAX_CHARS_OF_ALL: Final = 32_000_000  # of a worker's memory, however many connections it serves


@dataclass(slots=True, kw_only=True)
class Facts:
    """All that is kept, the longest unused first; any thread may ask."""

    clock: Callable[[], datetime] = now
    max_facts: int = MAX_FACTS
    max_chars: int = MAX_CHARS_OF_ALL
    _chars: int = 0
    _kept: OrderedDict[tuple[str, str], tuple[str, datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, owner: str, name: str) -> str | None:
        """Return a fact that is not too old."""
        with self._lock:
            value, until = self._kept.get((owner, name), ("", None))
            if until is None or until <= self.clock():
                self._forget((owner, name))
                return None
            self._kept.move_to_end((owner, name))
            return value

    def put(self, owner: str, name: str, value: str, until: datetime) -> None:
        """Keep a fact; what was unused for longest goes when there are too many."""
        if len(value) > MAX_CHARS:
            return
        with self._lock:
            self._forget((owner, name))
            self._kept[owner, name] = (value, until)
            self._chars += len(value)
            while len(self._kept) > self.max_facts or self._chars > self.max_chars:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: tuple[str, str]) -> None:
        value, _ = self._kept.pop(key, ("", None))
        self._chars -= len(value)


_FACTS: Final = Facts()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMemory:
    """One connection's part of what is kept."""

    owner: str
    facts: Facts = field(default_factory=lambda: _FACTS)

    def recall(self, name: str) -> str | None:
        """Return what is kept under a name, None when it is forgotten."""
        return self.facts.get(self.owner, name)

    def keep(self, name: str, value: str, *, lasts: timedelta) -> None:
        """Keep a fact under a name for at most so long."""
        self.facts.put(self.owner, name, value, self.facts.clock() + lasts)


def memory_of(connection: UUID, version: int) -> Memory:
    """Return what is known of a connection's package with these settings."""
    return OwnMemory(owner=f"{connection}.{version}")
