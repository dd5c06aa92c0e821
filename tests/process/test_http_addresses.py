"""Whom a call over HTTP reaches at all."""

from __future__ import annotations

import pytest

from posthorn.sdk import Misconfigured
from tests.process.packages import (
    Package,
    answer,
    closed_calls,  # noqa: F401  used by every test
    http_to,
    named,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{port}/",  # another scheme
        "http://localhost:{port}/",  # another name for the same place
        "http://good.example@127.0.0.1:{port}/",
        "http://127.0.0.1:{next}/",
        "ftp://127.0.0.1:{port}/",
        "gopher://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://127.0.0.1:{port}/\r\nX: 1",
        "http://127.0.0.1:{port}/a b",
        "http://127.0.0.1:{port}/\\evil",
        "http://127.0.0.1:{port}/#there",
        "http://127.0.0.1:{port}/" + "a" * 8_000,
        "",
    ],
)
def test_an_address_that_is_not_declared_is_not_called(url: str) -> None:
    with Package([answer()]) as package, Package([answer()]) as neighbour:
        place = url.format(port=package.port, next=neighbour.port)
        with pytest.raises((Misconfigured, ValueError)):
            http_to(package, allow=[package.pair, neighbour.pair]).read(place)

    assert (package.lines, neighbour.lines) == (0, 0)


def test_a_private_address_is_called_only_at_the_very_port_that_the_operator_allows() -> None:
    with Package([answer()]) as allowed, Package([answer()]) as neighbour:
        http = http_to(neighbour, allow=[allowed.pair])

        with pytest.raises(Misconfigured) as raised:
            http.read("/a")
        assert http_to(allowed, allow=[allowed.pair]).read("/a").status == 200

    assert (raised.value.code, neighbour.lines) == ("private_address", 0)


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["::1"],
        ["0.0.0.0"],  # noqa: S104  what a name may lead to
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["fc00::1"],
        ["::ffff:127.0.0.1"],
        ["93.184.216.34", "192.168.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_not_called(answers: list[str]) -> None:
    asked: list[str] = []

    def resolver(host: str, _: int) -> list[str]:
        asked.append(host)
        return answers

    with Package([answer()]) as package, pytest.raises(Misconfigured) as raised:
        named(package, resolver).read("/a")

    assert (raised.value.code, asked, package.lines) == ("private_address", ["pkg.example"], 0)


def test_a_name_is_resolved_once_for_a_line_and_the_address_kept_to() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]  # what a server that changes its mind gives
    with Package([answer()]) as package:
        pair = f"pkg.example:{package.port}"
        http = named(package, lambda *_: answers.pop(0), allow=[pair])

        assert [http.read("/a").status for _ in range(3)] == [200] * 3

    assert (answers, package.lines) == ([["10.0.0.1"]], 1)
    assert f"Host: {pair}\r\n".encode() in package.heard[0]


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Host", "Content-Length", "TE"])
def test_a_connector_sets_no_header_of_ours(name: str) -> None:
    with Package([answer()]) as package, pytest.raises(ValueError, match=name.lower()):
        http_to(package).read("/a", headers={name: "x"})

    assert package.lines == 0


def test_a_header_cannot_carry_another_line() -> None:
    with Package([answer()]) as package, pytest.raises(ValueError, match="header"):
        http_to(package).read("/a", headers={"X": "1\r\nY: 2"})

    assert package.heard == []
