"""The HTTP a connector is given: logged in, kept to its hosts, exact about what has left."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Protocol

from posthorn.connections.exchange import CallFailedError, Outgoing
from posthorn.connections.ports import Call
from posthorn.kernel.redact import redact
from posthorn.sdk.errors import AuthorizationLost, Unavailable, Uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from posthorn.connections.exchange import Exchange
    from posthorn.connections.ports import Meter
    from posthorn.connections.reach import Reach
    from posthorn.sdk.http import Response

_UNAUTHORISED = 401
_AGENT: Final = f"Posthorn/{version('posthorn')}"
# Ours to set: a connector that sets them would speak for somebody else, or break the framing.
_OURS = frozenset(
    {"authorization", "connection", "content-length", "cookie", "host", "te", "transfer-encoding"}
)


class Login(Protocol):
    """Says who is calling; the header's value is a secret."""

    def header(self) -> tuple[str, str]:
        """Return name and value of the header. Raises AuthorizationLost, Unavailable."""

    def renewed(self, refused: str) -> tuple[str, str]:
        """Return a header anew after 401 to that value. Raises AuthorizationLost, Unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLogin:
    """A key that never changes by itself: once refused, somebody must put in another."""

    name: str
    value: str = field(repr=False)
    setting: str

    def header(self) -> tuple[str, str]:
        """Return the key's header."""
        return self.name, self.value

    def renewed(self, refused: str) -> tuple[str, str]:
        """Raise AuthorizationLost."""
        del refused
        raise AuthorizationLost("key_refused", field=self.setting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose calls these are; `revision` is the connection's version as they know it."""

    firm: UUID
    connection: UUID
    connector_id: str
    revision: int
    is_patient: bool = False  # its calls leave room for others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    call: Call
    outgoing: Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedHttp:
    """Implements posthorn.sdk.Http over the lines of this process."""

    exchange: Exchange
    reach: Reach
    caller: Caller
    login: Login | None = None
    meter: Meter | None = None
    secrets: Sequence[str] = field(default=(), repr=False)

    @property
    def base(self) -> str:
        """The chosen site."""
        return self.reach.base

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        """Ask without changing anything there. Raises Unavailable when no answer came."""
        return self._answer(self._request("GET", url, params=params, headers=headers, scope=scope))

    def write(
        self,
        method: str,
        url: str,
        *,
        body: bytes,
        media_type: str,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        """Send something that may change their books.

        Raises Unavailable when nothing left, Uncertain when bytes left and no whole answer came.
        """
        said = {**(headers or {}), "Content-Type": media_type}
        request = self._request(method, url, body=body, headers=said, scope=scope)
        return self._answer(request)

    def _request(
        self,
        method: str,
        url: str,
        *,
        scope: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> _Request:
        address = self.reach.address(url, params)
        given = {name.lower(): value for name, value in (headers or {}).items()}
        forbidden = sorted(_OURS & given.keys())
        if forbidden:
            raise ValueError(f"a connector sets no header {', '.join(forbidden)}")
        usual = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": _AGENT}
        return _Request(
            call=Call(
                firm=self.caller.firm,
                connection=self.caller.connection,
                connector_id=self.caller.connector_id,
                site=address.origin.text,
                method=method,
                path=address.path,
                scope=scope,
                is_write=body is not None,
                is_patient=self.caller.is_patient,
            ),
            outgoing=Outgoing(
                method=method, address=address, headers={**usual, **given}, body=body or b""
            ),
        )

    def _answer(self, request: _Request) -> Response:
        """Call, and once more with a new header when the first one was not accepted.

        A write may be repeated then: whoever answers 401 has not looked at it (RFC 9110, 15.5.2).
        """
        if self.login is None:
            return self._once(request, None)
        header = self.login.header()
        response = self._once(request, header)
        if response.status != _UNAUTHORISED:
            return response
        response = self._once(request, self.login.renewed(header[1]))
        if response.status == _UNAUTHORISED:
            raise AuthorizationLost(detail=self._clean(response.text(), header))
        return response

    def _once(self, request: _Request, header: tuple[str, str] | None) -> Response:
        if self.meter is not None:
            self.meter.before(request.call)
        response: Response | None = None
        try:
            response = self._sent(request, header)
        finally:
            if self.meter is not None:
                self.meter.after(request.call, response)
        return response

    def _sent(self, request: _Request, header: tuple[str, str] | None) -> Response:
        outgoing = request.outgoing
        if header is not None:
            headers = {**outgoing.headers, header[0]: header[1]}
            outgoing = Outgoing(
                method=outgoing.method,
                address=outgoing.address,
                headers=headers,
                body=outgoing.body,
            )
        try:
            return self._over_lines(outgoing, is_write=request.call.is_write)
        except CallFailedError as failed:
            said = self._clean(failed.detail, header)
            detail = f"{request.call.method} {request.call.path}: {said}"
            if request.call.is_write and failed.has_left:
                raise Uncertain(failed.code, detail=detail) from None
            raise Unavailable(failed.code, detail=detail) from None

    def _clean(self, text: str, header: tuple[str, str] | None) -> str:
        """Return the other side's words without secrets; a token stands last in its header."""
        value = header[1] if header else ""
        return redact(text, (*self.secrets, value, value.rpartition(" ")[2]), 300)

    def _over_lines(self, outgoing: Outgoing, *, is_write: bool) -> Response:
        key = self.caller.connection
        try:
            return self.exchange.send(key, outgoing)
        except CallFailedError as failed:
            # The other side had closed a line that was open: what only asks may ask again.
            if is_write or not failed.is_stale:
                raise
        return self.exchange.send(key, outgoing)
