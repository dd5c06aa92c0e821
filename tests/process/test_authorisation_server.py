"""What is asked of an authorisation server, and what each of its answers means."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from posthorn.connections.exchange import HttpTerms
from posthorn.connections.oauth import Failure, NoTokens, Pair, Server
from posthorn.connections.sites import Site
from posthorn.sdk import ClientAuth, OAuth2, TokenFault
from tests.process.packages import (
    Package,
    answer,
    closed_calls,  # noqa: F401  used by every test
    exchange,
    fall_silent,
    hang_up,
    say,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from posthorn.connections.exchange import Exchange

AUTH = OAuth2(
    authorize_url="{site}/auth",
    token_url="{site}/token?region={region}",  # noqa: S106  an address
    pkce=False,
    token_faults=(("too early", TokenFault.STILL_VALID), ("used before", TokenFault.SUPERSEDED)),
)
GOOD: Mapping[str, object] = {"access_token": "canary-a", "refresh_token": "canary-r"}


def server(package: Package, auth: OAuth2 = AUTH) -> Server:
    site = Site(client_id="app id", client_secret="canary:secret")  # noqa: S106
    base = f"http://{package.pair}"
    return Server(auth=auth, site=site, base=base, settings={"region": "eu"})


def lines(package: Package, *, allowed: bool = True) -> Exchange:
    pairs = frozenset({package.pair} if allowed else ())
    return exchange(HttpTerms(connect_s=0.5, total_s=0.5, allow_private=pairs))


def said(**changed: object) -> Callable[[socket.socket], None]:
    content = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    return answer(body=json.dumps(content).encode())


def refreshed(act: Callable[[socket.socket], None], auth: OAuth2 = AUTH) -> Pair | NoTokens:
    with Package([act]) as package:
        return server(package, auth).refresh(lines(package), "canary-old")


def test_the_secret_goes_in_the_form_or_in_a_header_as_declared() -> None:
    with Package([said()]) as package:
        server(package).refresh(lines(package), "canary-old")
        basic = replace(AUTH, client_auth=ClientAuth.BASIC)
        server(package, basic).refresh(lines(package), "canary-old")

    form, header = (heard.decode() for heard in package.heard)
    assert form.startswith("POST /token?region=eu HTTP/1.1\r\n")
    assert parse_qs(form.partition("\r\n\r\n")[2]) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["canary-old"],
        "client_id": ["app id"],
        "client_secret": ["canary:secret"],
    }
    assert "authorization" not in form.lower()
    pair = base64.b64encode(b"app+id:canary%3Asecret").decode()
    assert f"Authorization: Basic {pair}\r\n" in header
    assert "client_secret" not in header


def test_scopes_and_what_is_sent_along_stand_in_the_address() -> None:
    auth = replace(AUTH, scopes=("read", "write"), authorize_params={"force_login": "1"})
    with Package([said()]) as package:
        url = server(package, auth).authorize_url(
            redirect_uri="https://x/b", state="s", verifier="v"
        )

    query = parse_qs(url.partition("?")[2])
    assert (query["scope"], query["force_login"]) == (["read write"], ["1"])
    assert "code_challenge" not in query


def test_a_refresh_token_that_does_not_rotate_stays() -> None:
    found = refreshed(said(refresh_token=None, expires_in="90", token_type="Bearer"))  # noqa: S106  a kind

    assert found == Pair(access="canary-a", refresh="canary-old", life=timedelta(seconds=90))


def test_one_that_rotates_and_did_not_come_is_no_answer() -> None:
    found = refreshed(said(refresh_token=None), replace(AUTH, rotating_refresh=True))

    assert isinstance(found, NoTokens)
    assert found.failure is Failure.UNANSWERED


ODD: Mapping[str, Callable[[socket.socket], None]] = {
    "no token": said(access_token=None),
    "a number": said(access_token=7),
    "two lines": said(access_token="a\r\nX: 1"),  # noqa: S106  not one
    "another kind": said(token_type="mac"),  # noqa: S106  a kind
    "a word for a life": said(expires_in="soon"),
    "no life": said(expires_in=0),
    "less than none": said(expires_in=-5),
    "a list": answer(body=b"[]"),
    "nothing": answer(body=b""),
    "a page": answer(body=b"<html>"),
    "broken": answer(500),
    "elsewhere": answer(302, headers=["Location: https://elsewhere.example/"]),
    "closed": hang_up,
    "silent": fall_silent,
    "cut": say(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_pair_of_tokens_leaves_it_open_whether_the_old_one_lives(
    odd: str,
) -> None:
    found = refreshed(ODD[odd])

    assert isinstance(found, NoTokens)
    assert found.failure is Failure.UNANSWERED


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (400, b"Too early!", Failure.STILL_VALID),
        (401, b"used before", Failure.SUPERSEDED),
        (400, b'{"error":"invalid_grant"}', Failure.GONE),
        (400, b'{"error":"invalid_grant", "error_description":"used before"}', Failure.SUPERSEDED),
        (400, b'{"error":"invalid_client"}', Failure.REFUSED),
        (404, b"", Failure.REFUSED),
        (408, b"", Failure.UNREACHED),
        (429, b"", Failure.UNREACHED),
        (503, b"", Failure.UNANSWERED),
    ],
)
def test_a_refusal_means_what_the_declaration_says(
    status: int, body: bytes, failure: Failure
) -> None:
    found = refreshed(answer(status, body))

    assert isinstance(found, NoTokens)
    assert found.failure is failure


def test_the_packages_words_are_kept_without_secrets() -> None:
    found = refreshed(answer(400, b"no: canary-old, canary:secret"))

    assert isinstance(found, NoTokens)
    assert found.said == "400 no: ***, ***"


def test_secrets_go_to_no_server_that_the_operator_did_not_let_us_reach() -> None:
    with Package([said()]) as package:
        found = server(package).refresh(lines(package, allowed=False), "canary-old")

    assert isinstance(found, NoTokens)
    assert (found.failure, package.lines) == (Failure.REFUSED, 0)


def test_a_server_that_is_not_there_was_not_asked() -> None:
    with Package([said()]) as package:
        exchange_lines, gone = lines(package), server(package)

    found = gone.refresh(exchange_lines, "canary-old")

    assert isinstance(found, NoTokens)
    assert found.failure is Failure.UNREACHED


REVOKES = replace(AUTH, revoke_url="{site}/revoke")


def revoked(act: Callable[[socket.socket], None]) -> NoTokens | None:
    with Package([act]) as package:
        return server(package, REVOKES).revoke(lines(package), "canary-old")


def test_a_sign_in_is_ended_by_its_refresh_token_and_our_own_name() -> None:
    with Package([answer(body=b"")]) as package:
        assert server(package, REVOKES).revoke(lines(package), "canary-old") is None

    (heard,) = (one.decode() for one in package.heard)
    assert heard.startswith("POST /revoke HTTP/1.1\r\n")
    assert parse_qs(heard.partition("\r\n\r\n")[2]) == {
        "token": ["canary-old"],
        "token_type_hint": ["refresh_token"],
        "client_id": ["app id"],
        "client_secret": ["canary:secret"],
    }


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (400, b'{"error":"invalid_grant"}', None),
        (401, b"used before", None),
        (401, b'{"error":"invalid_client"}', Failure.REFUSED),
        (503, b"", Failure.UNANSWERED),
        (429, b"", Failure.UNREACHED),
    ],
)
def test_a_token_that_is_over_is_no_failure_and_the_rest_is(
    status: int, body: bytes, failure: Failure | None
) -> None:
    found = revoked(answer(status, body))

    assert (found.failure if found else None) is failure


def test_a_lost_answer_leaves_it_open_whether_it_has_ended() -> None:
    found = revoked(hang_up)

    assert (found is not None and found.failure) is Failure.UNANSWERED
    assert "canary" not in str(found)
