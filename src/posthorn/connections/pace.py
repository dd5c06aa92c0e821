"""Spreads messages in time over all workers of the installation, where the operator set a rate."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from django.db import DatabaseError, InterfaceError, connection

from posthorn.connections.quotas import give_back, take_room
from posthorn.kernel.clock import now
from posthorn.kernel.digest import sha256_hex
from posthorn.sdk.errors import RateLimited, Scope, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from posthorn.sdk.mail import Quota

Answer = TypeVar("Answer")
PATIENCE_S = 10.0
"""Longest wait of a sending thread for its turn; whoever would wait longer comes back then."""
_SLOWEST_DATABASE_S = 30.0

# One row per relay or domain: the moment at which the next message may leave, whoever sends it.
_RESERVE = """
INSERT INTO connections_pace AS p (key, next_at)
VALUES (%(key)s, clock_timestamp() + make_interval(secs => %(interval)s))
ON CONFLICT (key) DO UPDATE
SET next_at = greatest(p.next_at, clock_timestamp()) + make_interval(secs => %(interval)s)
WHERE p.next_at <= clock_timestamp() + make_interval(secs => %(patience)s)
RETURNING extract(
    epoch FROM next_at - make_interval(secs => %(interval)s) - clock_timestamp())::float8
"""
_WAIT = """
SELECT extract(epoch FROM next_at - clock_timestamp())::float8 FROM connections_pace WHERE key = %s
"""


class Pacer(Protocol):
    """Gives each message its turn."""

    def take_turn(self, key: str, interval_s: float) -> None:
        """Wait for the turn of one message. Raises RateLimited, Unavailable."""

    def take_room(self, recipient: str, quotas: Sequence[Quota]) -> datetime:
        """Take room for one message in a mailbox's quotas; gives when it was taken.

        Raises RateLimited with the time at which there is room, Unavailable.
        """
        ...

    def give_back(self, recipient: str, taken_at: datetime) -> None:
        """Give room back for a message that certainly did not arrive. Never raises."""


class SharedPacer:
    """Keeps the turns in the database, read by one thread so that senders need no connection."""

    def __init__(
        self, patience_s: float = PATIENCE_S, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._patience_s = patience_s
        self._sleep = sleep
        self._asker = ThreadPoolExecutor(1, thread_name_prefix="pace")

    def take_turn(self, key: str, interval_s: float) -> None:
        """Wait for the turn of one message; at most the patience, else RateLimited names it."""
        wait, is_ours = self._asked(partial(reserve, key, interval_s, patience_s=self._patience_s))
        if not is_ours:
            raise RateLimited("own_rate_reached", until=now() + timedelta(seconds=wait), detail=key)
        if wait > 0:
            self._sleep(wait)

    def take_room(self, recipient: str, quotas: Sequence[Quota]) -> datetime:
        """Take room in every quota of a mailbox, whoever of its users writes to it."""
        at, is_ours = self._asked(partial(take_room, _mailbox(recipient), quotas))
        if not is_ours:
            raise RateLimited("mailbox_full_for_now", until=at, scope=Scope.CLIENT)
        return at

    def give_back(self, recipient: str, taken_at: datetime) -> None:
        """Give room back; what cannot be given back is there again when its time is over."""
        with suppress(Unavailable):
            self._asked(partial(give_back, _mailbox(recipient), taken_at))

    def _asked(self, question: Callable[[], Answer]) -> Answer:
        try:
            return self._asker.submit(_guarded, question).result(_SLOWEST_DATABASE_S)
        except (DatabaseError, InterfaceError, TimeoutError) as error:
            raise Unavailable("relay_busy", detail=f"no turn: {type(error).__name__}") from None

    def close(self) -> None:
        """Give back the thread and its database connection."""
        self._asker.submit(lambda: connection.close())  # noqa: PLW0108  that of the thread
        self._asker.shutdown()


def reserve(key: str, interval_s: float, *, patience_s: float) -> tuple[float, bool]:
    """Take the next turn when it comes within the patience; gives its seconds and whether it did.

    A turn once taken is used up, also when its message then fails.
    """
    values: dict[str, str | float] = {
        "key": key[:300],
        "interval": interval_s,
        "patience": patience_s,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, values)
        found = cursor.fetchone()
        if found is not None:
            return max(0.0, found[0]), True
        cursor.execute(_WAIT, [key[:300]])
        wait: float = cursor.fetchone()[0]
        return max(0.0, wait), False


def _guarded(question: Callable[[], Answer]) -> Answer:
    """Ask on a connection that is fresh again after a failure."""
    try:
        return question()
    except (DatabaseError, InterfaceError):
        connection.close()
        raise


def _mailbox(address: str) -> str:
    """Name a mailbox without keeping whose it is; capitals make no other one here."""
    return sha256_hex(address.casefold().encode())
