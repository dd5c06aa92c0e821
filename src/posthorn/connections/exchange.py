"""Makes calls over HTTP on lines that this process keeps open, one set of lines per connection."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpcore

from posthorn.connections.answers import TooLargeError, UnreadableError, read_answer
from posthorn.connections.guard import Guard, PrivateAddressError, UnresolvedError, resolve
from posthorn.connections.mail import trusted
from posthorn.connections.wire import GuardedBackend, Trip, travelling
from posthorn.sdk.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from posthorn.connections.reach import Address
    from posthorn.sdk.http import Response

MAX_ANSWER_BYTES = 8 * 1024 * 1024
# Servers close a silent line after a while; one that may be closing is better not used for a write.
_KEEP_S = 15.0
_IDLE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTerms:
    """What the operator allows every call over HTTP; times in seconds."""

    connect_s: float
    total_s: float  # of one call, from connecting to the last byte of the answer
    ca: Path | None = None  # empty: the system's certificates
    allow_private: frozenset[str] = frozenset()
    lines: int = 16  # open at the same time for one connection
    max_bytes: int = MAX_ANSWER_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One request, whole."""

    method: str
    address: Address
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


class CallFailedError(Exception):
    """Nothing readable came; `code` says what went wrong, `has_left` whether bytes may have left.

    `is_stale` tells that a line broke before any answer: on a new line it may go.
    """

    def __init__(self, code: str, detail: str, trip: Trip, *, is_broken: bool = False) -> None:
        self.code = code
        self.detail = detail
        self.has_left = trip.has_left
        self.is_stale = is_broken and trip.has_left and not trip.has_come
        super().__init__(f"{code}: {detail}")


@dataclass(slots=True)
class _Lines:
    pool: httpcore.ConnectionPool
    users: int = 0
    used_at: float = 0.0


class Exchange:
    """The lines of this process; each connection has its own, so that firms never share one."""

    def __init__(
        self, terms: HttpTerms, resolver: Callable[[str, int], list[str]] = resolve
    ) -> None:
        self.terms = terms
        self._guard = Guard(allowed=terms.allow_private, resolve=resolver)
        self._lines: dict[object, _Lines] = {}
        self._lock = threading.Lock()

    def send(self, key: object, request: Outgoing) -> Response:
        """Make one call on the lines of `key`. Raises CallFailedError, Misconfigured."""
        trip = Trip(until=time.monotonic() + self.terms.total_s)
        with (
            self._pool(key) as pool,
            travelling(trip),
            _failing(trip),
            pool.stream(
                request.method,
                _url(request.address),
                headers=_header_list(request),
                content=request.body or None,
                extensions={"timeout": self._timeouts()},
            ) as answer,
        ):
            return read_answer(answer, self.terms.max_bytes)

    def close_idle(self, older_than_s: float = _IDLE_S) -> int:
        """Close lines nobody used for that long; return how many sets stay. Call now and then."""
        limit = time.monotonic() - older_than_s
        with self._lock:
            idle = [
                key for key, one in self._lines.items() if not one.users and one.used_at <= limit
            ]
            closed = [self._lines.pop(key) for key in idle]
            left = len(self._lines)
        for one in closed:
            one.pool.close()
        return left

    @contextmanager
    def _pool(self, key: object) -> Iterator[httpcore.ConnectionPool]:
        with self._lock:
            lines = self._lines.get(key)
            if lines is None:
                lines = self._lines[key] = _Lines(self._new_pool())
            lines.users += 1
        try:
            yield lines.pool
        finally:
            with self._lock:
                lines.users -= 1
                lines.used_at = time.monotonic()

    def _new_pool(self) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=trusted(self.terms.ca),
            max_connections=self.terms.lines,
            max_keepalive_connections=self.terms.lines,
            keepalive_expiry=_KEEP_S,
            http1=True,
            http2=False,
            retries=0,
            network_backend=GuardedBackend(self._guard, self.terms.connect_s),
        )

    def _timeouts(self) -> dict[str, float]:
        # The whole call's time bounds each step too: the wire sees to it.
        total = self.terms.total_s
        return {"connect": self.terms.connect_s, "read": total, "write": total, "pool": total}


@contextmanager
def _failing(trip: Trip) -> Iterator[None]:
    try:
        yield
    except PrivateAddressError as error:
        raise Misconfigured("private_address", detail=str(error)) from None
    except UnresolvedError as error:
        raise CallFailedError("package_unreachable", str(error), trip) from None
    except TooLargeError as error:
        raise CallFailedError("answer_too_large", str(error), trip) from None
    except UnreadableError as error:
        raise CallFailedError("answer_unreadable", str(error), trip) from None
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise _failure(error, trip) from None


def _failure(error: Exception, trip: Trip) -> CallFailedError:
    match error:
        case httpcore.LocalProtocolError() if not trip.has_left:
            raise ValueError(f"a header or method that HTTP does not know: {error}") from None
        case httpcore.PoolTimeout():
            return CallFailedError("package_busy", "every line it may have is in use", trip)
        case httpcore.ConnectError() | httpcore.ConnectTimeout():
            return CallFailedError(*_unreachable(error), trip)
        case httpcore.TimeoutException():
            return CallFailedError("answer_lost", "no answer in time", trip)
        case _:
            said = str(error) or type(error).__name__
            return CallFailedError("answer_lost", said, trip, is_broken=True)


def _unreachable(error: Exception) -> tuple[str, str]:
    """Give code and detail of a line that could not be opened."""
    cause = error.args[0] if error.args else None  # its pool cuts the chain of causes
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "certificate_not_trusted", cause.verify_message
    if isinstance(cause, ssl.SSLError):
        return "package_unreachable", f"TLS failed: {cause.reason}"
    return "package_unreachable", str(error) or "no connection in time"


def _url(address: Address) -> httpcore.URL:
    origin = address.origin
    return httpcore.URL(
        scheme=origin.scheme.encode("ascii"),
        host=origin.host.encode("ascii"),
        port=origin.port,
        target=address.target.encode("ascii"),
    )


def _header_list(request: Outgoing) -> list[tuple[bytes, bytes]]:
    origin = request.address.origin
    said = {"Host": origin.text.partition("://")[2], **request.headers}
    if request.body or request.method not in {"GET", "HEAD", "DELETE"}:
        said["Content-Length"] = str(len(request.body))
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said.items()]
