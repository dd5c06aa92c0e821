"""Codes and chains of tokens of the stand-in for Exact Online."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.process.exact_desk import DUTCH, ENGLISH, Desk, desk

ME = "/api/v1/current/Me"
OLD = {"error": "unauthorized_client", "error_description": "Old refresh token used."}
CHAIN = {
    "error": "invalid_grant",
    "error_description": "Token is not allowed, because of invalid or empty chainId",
}
EARLY = "Rate limit exceeded: access_token not expired"


@pytest.fixture
def site() -> Iterator[Desk]:
    with desk() as lent:
        yield lent


def test_code_is_good_once_and_the_second_use_is_an_invalid_request(site: Desk) -> None:
    code = site.code()

    first, second = site.exchange(code), site.exchange(code)

    assert first.status_code == 200
    assert (second.status_code, second.json()) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize(("seconds", "status"), [(179, 200), (181, 400)])
def test_code_is_good_for_180_seconds(site: Desk, seconds: int, status: int) -> None:
    code = site.code()

    site.advance(seconds)

    assert site.exchange(code).status_code == status


def test_state_comes_back_unchanged_and_the_code_carries_an_escaped_mark(site: Desk) -> None:
    asked = {"client_id": site.said["client_id"], "redirect_uri": site.said["redirect_uri"]}
    asked |= {"response_type": "code", "state": "a b&c=é"}

    answer = site.site.get("/api/oauth2/auth", params=asked)
    location = urlsplit(answer.headers["location"])

    assert answer.headers["location"].startswith(site.said["redirect_uri"] + "?code=")
    assert "%21" in location.query
    assert parse_qs(location.query)["state"] == ["a b&c=é"]


@pytest.mark.parametrize("ending", ["/", "?x=1", "/more"])
def test_redirect_is_compared_exactly_on_both_addresses(site: Desk, ending: str) -> None:
    wrong = site.said["redirect_uri"] + ending
    asked = {"client_id": site.said["client_id"], "redirect_uri": wrong, "response_type": "code"}

    answer = site.site.get("/api/oauth2/auth", params=asked)
    exchanged = site.exchange(site.code(), redirect_uri=wrong)

    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert "not exactly one that is registered" in answer.text
    assert (exchanged.status_code, exchanged.json()) == (400, {"error": "invalid_request"})


def test_loopback_redirect_needs_its_switch_even_when_registered(site: Desk) -> None:
    near = "http://127.0.0.1:8000/signing-in/"
    app = site.ask("/apps")[0] | {"redirect_uris": [near]}
    site.tell("POST", "/apps", app)
    asked = {"client_id": app["client_id"], "redirect_uri": near, "response_type": "code"}

    refused = site.site.get("/api/oauth2/auth", params=asked)
    site.switch(loopback_redirects=True)
    allowed = site.site.get("/api/oauth2/auth", params=asked)

    assert (refused.status_code, allowed.status_code) == (400, 302)
    assert "switch loopback_redirects" in refused.text


def test_both_styles_of_client_authentication_work_and_a_wrong_secret_does_not(site: Desk) -> None:
    pair = f"{site.said['client_id']}:{site.said['client_secret']}"
    form = {"grant_type": "authorization_code", "redirect_uri": site.said["redirect_uri"]}
    basic = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    by_form = site.exchange(site.code())
    by_basic = site.site.post("/api/oauth2/token", data=form | {"code": site.code()}, headers=basic)
    wrong = site.exchange(site.code(), client_secret="another")  # noqa: S106  nobody's

    assert (by_form.status_code, by_basic.status_code) == (200, 200)
    assert sorted(by_basic.json()) == ["access_token", "expires_in", "refresh_token", "token_type"]
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_request"})


def test_programs_cannot_withdraw_a_consent_as_at_exact_only_people_can(site: Desk) -> None:
    pair = site.sign_in()
    form = {"token": pair["refresh_token"], "client_id": site.said["client_id"]}

    answers = [
        site.site.post(f"/api/oauth2/{name}", data=form).status_code
        for name in ("revoke", "revocation", "logout")
    ]
    site.advance(571)

    assert answers == [404, 404, 404]
    assert site.refresh(pair["refresh_token"]).status_code == 200


def test_expires_in_is_a_text_and_the_refresh_token_has_a_mark(site: Desk) -> None:
    pair = site.sign_in()

    assert pair["expires_in"] == "600"
    assert pair["token_type"] == "bearer"  # noqa: S105  a kind, no secret
    assert pair["refresh_token"][4] == "!"


def test_refresh_rotates_both_tokens_and_the_old_one_is_refused(site: Desk) -> None:
    first = site.sign_in()
    site.advance(571)

    second = site.refresh(first["refresh_token"]).json()
    again = site.refresh(first["refresh_token"])

    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert (again.status_code, again.json()) == (401, OLD)


@pytest.mark.parametrize("status", [400, 401])
def test_refresh_before_570_seconds_is_refused_with_its_reason(site: Desk, status: int) -> None:
    site.switch(too_early_status=status)
    pair = site.sign_in()

    site.advance(560)
    early = site.refresh(pair["refresh_token"])
    site.advance(11)
    later = site.refresh(pair["refresh_token"])

    assert early.status_code == status
    assert early.json() == {"error": "access_denied", "error_description": EARLY}
    assert early.headers["Reason"] == f"TooEarlyToRefreshTokens: {EARLY}"
    assert later.status_code == 200


def test_newest_sign_in_of_a_user_ends_the_former_chain_and_nobody_elses(site: Desk) -> None:
    other, former = site.sign_in(DUTCH), site.sign_in(ENGLISH)
    newest = site.sign_in(ENGLISH)
    site.advance(571)

    asked = [former["access_token"], other["access_token"], newest["access_token"]]
    answers = [site.call("GET", ME, headers=bearer(one)).status_code for one in asked]

    assert answers == [401, 200, 200]
    assert site.refresh(former["refresh_token"]).json() == OLD
    assert site.refresh(other["refresh_token"]).status_code == 200
    assert site.refresh(newest["refresh_token"]).status_code == 200


def test_replaced_access_token_lives_its_ten_minutes_where_the_switch_says_so(site: Desk) -> None:
    site.switch(old_access_token_dies=False)
    former = site.sign_in()
    site.sign_in()

    before = site.call("GET", ME, headers=bearer(former["access_token"]))
    site.advance(601)
    after = site.call("GET", ME, headers=bearer(former["access_token"]))

    assert (before.status_code, after.status_code) == (200, 401)


@pytest.mark.parametrize(("days", "status"), [(29.9, 200), (30.1, 400)])
def test_refresh_token_that_nobody_used_dies_after_30_days(
    site: Desk, days: float, status: int
) -> None:
    pair = site.sign_in()

    site.advance(days * 86_400)
    answer = site.refresh(pair["refresh_token"])

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == "invalid_request"
        said = answer.json()["error_description"]
        assert said.startswith("The refresh token expired at 12/20/2026 12:00:1")
        assert " PM and it is now 12/20/2026 2:2" in said


def test_withdrawn_consent_ends_both_tokens_with_the_chains_own_words(site: Desk) -> None:
    pair = site.sign_in()

    assert site.tell("DELETE", f"/consents/{ENGLISH}") == {"ended": 1}
    site.advance(571)

    assert site.call("GET", ME).status_code == 401
    refused = site.refresh(pair["refresh_token"])
    assert (refused.status_code, refused.json()) == (400, CHAIN)


def test_unknown_refresh_token_gets_the_chains_words_too(site: Desk) -> None:
    answer = site.refresh("abcd!nobody")

    assert (answer.status_code, answer.json()) == (400, CHAIN)


def test_new_password_lets_the_access_token_live_and_refuses_the_next_refresh(site: Desk) -> None:
    pair = site.sign_in()

    site.tell("PATCH", f"/users/{ENGLISH}", {"password": "another"})
    site.advance(571)

    assert site.call("GET", ME).status_code == 200
    assert site.refresh(pair["refresh_token"]).json() == CHAIN


def test_201st_token_call_of_an_app_and_user_in_a_day_is_refused(site: Desk) -> None:
    pair = site.sign_in()  # the first of the day
    early = [site.refresh(pair["refresh_token"]).status_code for _ in range(199)]

    refused = site.refresh(pair["refresh_token"])
    other = site.exchange(site.code(DUTCH))
    site.advance(86_400)
    next_day = site.refresh(pair["refresh_token"])

    assert early == [400] * 199
    assert (refused.status_code, refused.json()["error_description"]) == (
        429,
        "Rate limit exceeded",
    )
    assert (other.status_code, next_day.status_code) == (200, 200)


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (601, 401)])
def test_access_token_lives_600_seconds_and_then_gets_an_empty_401(
    site: Desk, seconds: int, status: int
) -> None:
    site.sign_in()

    site.advance(seconds)
    answer = site.call("GET", ME)

    assert answer.status_code == status
    if status == 401:
        assert answer.content == b""


def test_grace_of_a_burnt_refresh_token_is_a_switch(site: Desk) -> None:
    first = site.sign_in()
    site.advance(571)
    site.refresh(first["refresh_token"])

    site.switch(refresh_grace_s=30)
    within = site.refresh(first["refresh_token"])
    site.advance(31)
    after = site.refresh(first["refresh_token"])

    assert (within.status_code, after.status_code) == (200, 401)


def test_refused_and_missing_tokens_get_an_empty_401(site: Desk) -> None:
    none = httpx.get(site.said["base"] + ME)
    wrong = site.call("GET", ME, headers=bearer("nobody"))

    assert [(one.status_code, one.content) for one in (none, wrong)] == [(401, b""), (401, b"")]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
