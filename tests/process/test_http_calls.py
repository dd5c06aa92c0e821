"""What a call over HTTP comes to, whatever the other side does with it."""

from __future__ import annotations

import gzip
import socket
import time
from typing import TYPE_CHECKING

import pytest

from posthorn.sdk import Unavailable, Uncertain
from posthorn_sandbox.mail.certificates import CertificateOrder, issue
from tests.process.packages import (
    Package,
    answer,
    closed_calls,  # noqa: F401  used by every test
    drip,
    fall_silent,
    hang_up,
    http_to,
    named,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from posthorn.connections.http import GuardedHttp
    from posthorn.sdk import Response

HTML = b"<html>Sign in</html>"
BOMB = gzip.compress(b"0" * 50_000_000)


def _post(http: GuardedHttp, body: bytes = b'{"a":1}') -> Response:
    return http.write("POST", "/api/documents", body=body, media_type="application/json")


def test_a_call_is_made_as_it_was_asked_for() -> None:
    with Package([answer(201, b'{"id":7}')]) as package:
        http, port = http_to(package), package.port

        written = _post(http)
        read = http.read("/api/me", params={"$select": "UserID,Full Name", "a": "x&y"})

    post, get = (heard.decode() for heard in package.heard)
    assert (written.status, written.json()) == (201, {"id": 7})
    assert read.status == 201
    assert post.startswith(f"POST /api/documents HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n")
    assert "content-type: application/json\r\n" in post.lower()
    assert post.endswith('Content-Length: 7\r\n\r\n{"a":1}')
    assert get.startswith("GET /api/me?$select=UserID,Full%20Name&a=x%26y HTTP/1.1\r\n")
    assert "user-agent: Posthorn/" in get
    assert "content-length" not in get.lower()


def test_one_line_serves_many_calls() -> None:
    with Package([answer()]) as package:
        http = http_to(package)

        for _ in range(5):
            http.read("/a")

    assert (len(package.heard), package.lines) == (5, 1)


def test_lines_nobody_uses_are_closed() -> None:
    with Package([answer()]) as package:
        http = http_to(package)
        http.read("/a")

        assert http.exchange.close_idle(60.0) == 1
        assert http.exchange.close_idle(0.0) == 0
        http.read("/a")

    assert package.lines == 2


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with Package([answer()]) as inside:
        away = answer(302, headers=[f"Location: http://{inside.pair}/"])
        with Package([away]) as package:
            response = http_to(package, allow=[package.pair, inside.pair]).read("/a")

    assert (response.status, inside.heard) == (302, [])


def test_a_cookie_is_kept_by_nobody() -> None:
    with Package([answer(headers=["Set-Cookie: session=1"])]) as package:
        http = http_to(package)

        first = http.read("/a")
        http.read("/a")

    assert "set-cookie" not in first.headers
    assert b"cookie" not in package.heard[1].lower()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (hang_up, "answer_lost"),
        (fall_silent, "answer_lost"),
        (drip, "answer_lost"),
        (say(b"HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\nhalf"), "answer_lost"),
        (say(b"HTTP/1.1 201 Created\r\nContent-"), "answer_lost"),
        (say(b"220 mail.example ESMTP\r\n\r\n"), "answer_lost"),
        (say(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), "answer_lost"),
        (answer(body=b"x" * 100_001), "answer_too_large"),
        (answer(headers=[f"X-{n}: 1" for n in range(101)]), "answer_too_large"),
        (answer(headers=["X: " + "x" * 70_000]), "answer_too_large"),
        (answer(headers=["X: " + "x" * 300_000]), "answer_lost"),
        (answer(body=BOMB, headers=["Content-Encoding: gzip"]), "answer_too_large"),
        (answer(body=BOMB[:90], headers=["Content-Encoding: gzip"]), "answer_unreadable"),
        (answer(body=HTML, headers=["Content-Encoding: gzip"]), "answer_unreadable"),
        (answer(body=HTML, headers=["Content-Encoding: br"]), "answer_unreadable"),
    ],
    ids=[
        "closed",
        "silent",
        "dripping",
        "body cut",
        "head cut",
        "not HTTP",
        "upgrade",
        "large body",
        "many headers",
        "large headers",
        "endless header",
        "bomb",
        "bomb cut",
        "not packed",
        "packed otherwise",
    ],
)
def test_without_a_whole_answer_a_write_is_uncertain_and_a_read_is_not(
    act: Callable[[socket.socket], None], code: str
) -> None:
    # What is lost is waited for in full; what is there and is wrong shows at once.
    total_s = 0.4 if code == "answer_lost" else 10.0
    with Package([act]) as package:
        http = http_to(package, total_s=total_s)
        started = time.monotonic()

        with pytest.raises(Uncertain) as written:
            _post(http)
        with pytest.raises(Unavailable) as read:
            http.read("/a")

    assert (written.value.code, read.value.code) == (code, code)
    assert time.monotonic() - started < (2.8 if code == "answer_lost" else total_s)
    assert sum(heard.startswith(b"POST") for heard in package.heard) == 1


def test_a_packed_answer_is_unpacked() -> None:
    packed = answer(body=gzip.compress(b'{"a":1}'), headers=["Content-Encoding: gzip"])
    with Package([packed]) as package:
        assert http_to(package).read("/a").json() == {"a": 1}


def test_a_write_that_never_left_is_unavailable() -> None:
    with Package([answer()]) as package:
        http = http_to(package)
    # It listens no more.
    with pytest.raises(Unavailable) as raised:
        _post(http)

    assert raised.value.code == "package_unreachable"


def test_a_name_found_too_late_lets_nothing_leave() -> None:
    def slow(_: str, __: int) -> list[str]:
        time.sleep(0.3)
        return ["127.0.0.1"]

    with Package([answer()]) as package:
        http = named(package, slow, allow=[f"pkg.example:{package.port}"], total_s=0.2)
        with pytest.raises(Unavailable) as raised:
            _post(http)

    assert (raised.value.code, package.lines) == ("package_unreachable", 0)


def test_a_reused_line_that_was_closed_costs_a_read_nothing_and_leaves_a_write_uncertain() -> None:
    with Package([answer(), hang_up, answer(), hang_up, answer()]) as package:
        http = http_to(package)
        http.read("/a")

        assert http.read("/b").status == 200  # asked twice
        with pytest.raises(Uncertain):
            _post(http)

    assert [heard.split()[1] for heard in package.heard] == [b"/a", b"/b", b"/b", b"/api/documents"]


def test_an_answer_before_the_whole_write_was_taken_is_an_answer() -> None:
    def refuse_at_once(line: socket.socket) -> None:
        answer(413, b"too large", headers=["Connection: close"])(line)
        line.shutdown(socket.SHUT_WR)

    with Package([refuse_at_once]) as package:
        assert _post(http_to(package), b"x" * 500_000).status == 413


def test_a_secret_that_comes_back_stands_in_no_outcome() -> None:
    bad = say(b"HTTP/1.1 200 OK\r\nBad canary-secret\x00\r\n\r\n")
    with Package([bad]) as package, pytest.raises(Unavailable) as raised:
        http_to(package).read("/a?key=canary-secret")

    assert "canary" not in str(raised.value)


def test_a_certificate_is_verified_against_the_name_that_was_asked_for(tmp_path: Path) -> None:
    good = issue(tmp_path / "good")
    other = issue(tmp_path / "other", CertificateOrder(hosts=("elsewhere.example",)))
    with Package([answer()], tls=good.server_context()) as package:
        assert http_to(package, ca=good.ca_path).read("/a").status == 200
        with pytest.raises(Unavailable) as untrusted:
            _post(http_to(package))
    with (
        Package([answer()], tls=other.server_context()) as wrong,
        pytest.raises(Unavailable) as misnamed,
    ):
        _post(http_to(wrong, ca=other.ca_path))

    assert (untrusted.value.code, misnamed.value.code) == ("certificate_not_trusted",) * 2
    assert (len(package.heard), wrong.heard) == (1, [])
