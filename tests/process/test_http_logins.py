"""Who is calling: keys and tokens, what follows a 401, and what counts against the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.http import KeyLogin
from posthorn.sdk import AuthorizationLost, RateLimited, Response, Unavailable, Uncertain
from tests.process.packages import (
    CALLER,
    Package,
    answer,
    closed_calls,  # noqa: F401  used by every test
    hang_up,
    http_to,
)

if TYPE_CHECKING:
    from posthorn.connections.http import GuardedHttp
    from posthorn.connections.ports import Call

UNTIL = datetime(2026, 11, 21, 9, 1, tzinfo=UTC)
REFUSED = answer(401, b"")


@dataclass(slots=True)
class Tokens:
    """Gives one token after the other; refuses to renew when there is none left."""

    left: list[str]
    renewals: list[str] = field(default_factory=list)  # the values that were refused

    def header(self) -> tuple[str, str]:
        return "Authorization", self.left[0]

    def renewed(self, refused: str) -> tuple[str, str]:
        self.renewals.append(refused)
        self.left.pop(0)
        if not self.left:
            raise AuthorizationLost("sign_in_gone")
        return self.header()


@dataclass(slots=True)
class Meter:
    """Remembers what it counted."""

    until: datetime | None = None
    before_calls: list[Call] = field(default_factory=list)
    after_calls: list[tuple[str, int | None]] = field(default_factory=list)

    def before(self, call: Call) -> None:
        self.before_calls.append(call)
        if self.until:
            raise RateLimited(until=self.until)

    def after(self, call: Call, response: Response | None) -> None:
        self.after_calls.append((call.path, response.status if response else None))


def _post(http: GuardedHttp) -> Response:
    return http.write("POST", "/docs", body=b"{}", media_type="application/json", scope="7")


def _said(package: Package) -> list[str]:
    return [
        line.partition(": ")[2]
        for heard in package.heard
        for line in heard.decode().split("\r\n")
        if line.lower().startswith("authorization:")
    ]


def test_a_key_stands_in_its_header_and_a_refused_one_must_be_put_in_anew() -> None:
    login = KeyLogin(name="X-Key", value="Token k1", setting="api_key")
    with Package([answer(), REFUSED]) as package:
        http = http_to(package, login=login)

        assert http.read("/a").status == 200
        with pytest.raises(AuthorizationLost) as raised:
            http.read("/a")

    assert all(b"X-Key: Token k1\r\n" in heard for heard in package.heard)
    assert (raised.value.code, raised.value.field) == ("key_refused", "api_key")
    assert "k1" not in repr(login)


def test_a_refused_token_is_renewed_once_and_the_call_made_again() -> None:
    with Package([REFUSED, answer(201), answer()]) as package:
        tokens = Tokens(["Bearer a", "Bearer b"])
        http = http_to(package, login=tokens)

        written, read = _post(http), http.read("/a")

    assert (written.status, read.status) == (201, 200)
    assert _said(package) == ["Bearer a", "Bearer b", "Bearer b"]
    assert tokens.renewals == ["Bearer a"]


def test_a_token_that_is_refused_twice_means_signing_in_again() -> None:
    with Package([REFUSED]) as package:
        tokens = Tokens(["Bearer a", "Bearer b", "Bearer c"])
        with pytest.raises(AuthorizationLost) as raised:
            _post(http_to(package, login=tokens))

    assert (raised.value.code, len(package.heard)) == ("authorization_lost", 2)


def test_what_a_renewal_comes_to_is_what_the_call_comes_to() -> None:
    with Package([REFUSED]) as package, pytest.raises(AuthorizationLost) as raised:
        _post(http_to(package, login=Tokens(["Bearer a"])))

    assert (raised.value.code, len(package.heard)) == ("sign_in_gone", 1)


def test_another_refusal_renews_nothing() -> None:
    with Package([answer(403)]) as package:
        tokens = Tokens(["Bearer a"])

        assert _post(http_to(package, login=tokens)).status == 403

    assert (len(package.heard), tokens.renewals) == (1, [])


def test_a_call_without_room_in_the_limits_does_not_leave() -> None:
    with Package([answer()]) as package, pytest.raises(RateLimited) as raised:
        _post(http_to(package, meter=Meter(until=UNTIL)))

    assert (raised.value.until, package.lines) == (UNTIL, 0)


def test_every_call_on_the_wire_is_counted_with_what_it_counts_against() -> None:
    meter = Meter()
    with Package([REFUSED, answer(201), hang_up]) as package:
        http = http_to(package, meter=meter, login=Tokens(["Bearer a", "Bearer b"]))
        _post(http)
        with pytest.raises(Uncertain):
            _post(http)
        with pytest.raises(Unavailable):
            http.read("/a?x=secret")

    first, last = meter.before_calls[0], meter.before_calls[-1]
    assert (first.firm, first.connection, first.connector_id) == (
        CALLER.firm,
        CALLER.connection,
        "ledger",
    )
    assert (first.method, first.path, first.scope, first.is_write) == ("POST", "/docs", "7", True)
    assert (last.method, last.path, last.scope, last.is_write) == ("GET", "/a", "", False)
    assert meter.after_calls == [("/docs", 401), ("/docs", 201), ("/docs", None), ("/a", None)]
