"""The wire under a call over HTTP: where it may lead, how long it may last, whether bytes left."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

    from posthorn.connections.guard import Guard


@dataclass(slots=True, kw_only=True)
class Trip:
    """One call on its way: until when (monotonic), and what has crossed the wire."""

    until: float
    has_left: bool = False  # bytes of the request may have left
    has_come: bool = False  # bytes of an answer came

    @property
    def is_over(self) -> bool:
        """Tell whether the call has lasted long enough."""
        return time.monotonic() >= self.until

    def left_s(self, at_most: float | None) -> float:
        """Return the seconds that the next step may take; at least a moment, to fail in."""
        left = max(self.until - time.monotonic(), 0.001)
        return left if at_most is None else min(left, at_most)


_here = threading.local()


@contextmanager
def travelling(trip: Trip) -> Iterator[Trip]:
    """Let what crosses the wires in this thread belong to one call."""
    _here.trip = trip
    try:
        yield trip
    finally:
        del _here.trip


def _trip() -> Trip:
    # A line that is closed by the way belongs to no call.
    trip: Trip = getattr(_here, "trip", None) or Trip(until=time.monotonic())
    return trip


class GuardedBackend(httpcore.NetworkBackend):
    """Connects only to addresses that the guard gave, each resolved once and then kept to."""

    def __init__(self, guard: Guard, connect_s: float) -> None:
        self._guard = guard
        self._connect_s = connect_s
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers.

        Raises PrivateAddressError, UnresolvedError, and what httpcore raises.
        """
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._guard.addresses(host, port):
            if _trip().is_over:  # a resolver takes the time it likes
                raise httpcore.ConnectTimeout(f"{host} was not found in time")
            try:
                stream = self._backend.connect_tcp(
                    address,
                    port,
                    timeout=_trip().left_s(timeout or self._connect_s),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return WatchedStream(stream)
        raise failed

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Refuse: no package is there."""
        del timeout, socket_options
        raise httpcore.UnsupportedProtocol(path)


class WatchedStream(httpcore.NetworkStream):
    """A connection that notes on the running call's trip what crosses it, within its time.

    The library's own limits begin anew with every byte, so that an answer that drips never ends.
    """

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for bytes, no longer than the call may last."""
        trip = _trip()
        found = self._stream.read(max_bytes, timeout=trip.left_s(timeout))
        trip.has_come = trip.has_come or bool(found)
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes; from the first try on they may have left."""
        trip = _trip()
        if trip.is_over and not trip.has_left:
            raise httpcore.WriteTimeout("the time was over before anything left")
        trip.has_left = True
        self._stream.write(buffer, timeout=trip.left_s(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Secure the connection: the handshake carries nothing of the request."""
        limit = _trip().left_s(timeout)
        return WatchedStream(self._stream.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> object:
        """Return what the library asks of a connection."""
        found: object = self._stream.get_extra_info(info)
        return found
