"""The pages of the stand-in for Exact Online on which a person signs in and agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from posthorn_sandbox.exact import StandInSettings
from tests.process.exact_desk import DIVISION, DOCUMENTS, Desk, desk


@pytest.fixture
def site() -> Iterator[Desk]:
    with desk(StandInSettings()) as lent:
        yield lent


def ask(site: Desk, **more: str) -> httpx.Response:
    """Go to the authorisation address, as a browser is sent there."""
    asked = {"client_id": site.said["client_id"], "redirect_uri": site.said["redirect_uri"]}
    asked |= {"response_type": "code", "force_login": "0", "state": "s1"}
    return site.site.get("/api/oauth2/auth", params=asked | more)


def sign_in(site: Desk, page: httpx.Response, password: str = "sandbox") -> httpx.Response:  # noqa: S107  the stand-in's
    """Fill the sign-in form in."""
    found = re.search(r'name="ReturnUrl" value="([^"]*)"', page.text)
    assert found is not None, page.text
    form = {"user": "els.peeters", "password": password, "ReturnUrl": unescape(found[1])}
    return site.site.post("/docs/Login.aspx", data=form, follow_redirects=True)


def decide(site: Desk, page: httpx.Response, form: dict[str, object]) -> httpx.Response:
    """Press a button of the consent page."""
    found = re.search(r'<form method="post" action="(/api/[^"]*)"', page.text)
    assert found is not None, page.text
    return site.site.post(unescape(found[1]), data=form)


def returned(answer: httpx.Response) -> dict[str, list[str]]:
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


def test_person_signs_in_ticks_one_administration_and_allows(site: Desk) -> None:
    consent = sign_in(site, ask(site))
    ticks = re.findall(r'name="division" value="(\d+)" checked', consent.text)
    form: dict[str, object] = {"scope": "chosen", "division": ["3400101"], "decision": "allow"}
    back = returned(decide(site, consent, form))
    site.token = site.exchange(back["code"][0]).json()["access_token"]

    assert ticks == ["3400101", "3400123", "3400124"]
    assert back["state"] == ["s1"]
    listed = site.get("system/Divisions", division=3400101, select="Code").json()
    assert [one["Code"] for one in listed["d"]["results"]] == [3400101]
    assert site.get(DOCUMENTS, division=DIVISION).status_code == 403


def test_current_and_future_administrations_cover_one_made_later(site: Desk) -> None:
    consent = sign_in(site, ask(site))
    back = returned(decide(site, consent, {"scope": "all", "decision": "allow"}))
    site.token = site.exchange(back["code"][0]).json()["access_token"]

    made = {"code": 3400999, "hid": 99, "description": "Nieuw", "licence": "1009001"}
    site.tell("POST", "/divisions", made)
    site.tell("PATCH", "/users/els.peeters", {"divisions": [3400101, 3400999]})

    assert site.get(DOCUMENTS, division=3400999).status_code == 200


def test_ticks_that_the_user_may_not_see_are_dropped(site: Desk) -> None:
    consent = sign_in(site, ask(site))
    form: dict[str, object] = {"scope": "chosen", "division": ["3400101", "3400201", "x"]}
    back = returned(decide(site, consent, form | {"decision": "allow"}))
    site.exchange(back["code"][0])

    assert [one["divisions"] for one in site.ask("/consents")] == [[3400101]]


@pytest.mark.parametrize("decision", ["deny", ""])
def test_denial_goes_back_with_access_denied_and_the_state(site: Desk, decision: str) -> None:
    consent = sign_in(site, ask(site))

    back = returned(decide(site, consent, {"scope": "all", "decision": decision}))

    assert back == {"error": ["access_denied"], "state": ["s1"]}


def test_wrong_password_and_blocked_user_stay_on_the_sign_in_page(site: Desk) -> None:
    wrong = sign_in(site, ask(site), password="other")  # noqa: S106  that is the point
    site.tell("PATCH", "/users/els.peeters", {"status": "blocked"})
    blocked = sign_in(site, ask(site))

    for page in (wrong, blocked):
        assert (page.status_code, 'role="alert"' in page.text) == (401, True)
        assert "set-cookie" not in page.headers


def test_session_skips_the_sign_in_unless_it_is_forced(site: Desk) -> None:
    sign_in(site, ask(site))

    again = ask(site)
    forced = ask(site, force_login="1")

    assert ("Allow access" in again.text, "Sign in" in again.text) == (True, False)
    assert 'name="password"' in forced.text
    assert "Allow access" in sign_in(site, forced).text


def test_consent_without_a_session_is_asked_to_sign_in(site: Desk) -> None:
    asked = {"client_id": site.said["client_id"], "redirect_uri": site.said["redirect_uri"]}

    answer = site.site.post(
        "/api/oauth2/auth",
        params=asked | {"response_type": "code"},
        data={"scope": "all", "decision": "allow"},
    )

    assert (answer.status_code, 'name="password"' in answer.text) == (200, True)
    assert "location" not in answer.headers


def test_sign_in_sends_nobody_to_another_site(site: Desk) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/"):
        form = {"user": "els.peeters", "password": "sandbox", "ReturnUrl": elsewhere}
        answer = site.site.post("/docs/Login.aspx", data=form)
        assert (answer.status_code, answer.headers["location"]) == (302, "/")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"client_id": "nobody"}, "The client_id is not known here."),
        ({"redirect_uri": "https://evil.example/"}, "The redirect_uri is not exactly"),
        ({"response_type": "token"}, "The response_type is not code."),
    ],
)
def test_request_that_is_wrong_ends_on_an_error_page(
    site: Desk, changed: dict[str, str], words: str
) -> None:
    answer = ask(site, **changed)

    assert (answer.status_code, words in answer.text) == (400, True)


def test_document_has_a_page_for_who_is_signed_in(site: Desk) -> None:
    consent = sign_in(site, ask(site))
    back = returned(decide(site, consent, {"scope": "all", "decision": "allow"}))
    site.token = site.exchange(back["code"][0]).json()["access_token"]
    made = site.document("Acme <1>")
    site.attach(made["ID"], b"abc", "a.xml")

    page = site.site.get(made["DocumentViewUrl"])
    site.site.cookies.clear()
    nobody = site.site.get(made["DocumentViewUrl"])

    assert page.status_code == 200
    assert "Acme &lt;1&gt;" in page.text
    assert ">a.xml</a>" in page.text
    assert nobody.headers["location"].startswith("/docs/Login.aspx?ReturnUrl=%2Fdocs%2FDocView")


def test_pages_allow_no_script_and_no_other_site(site: Desk) -> None:
    policy = sign_in(site, ask(site)).headers["Content-Security-Policy"]

    assert policy == (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self' https://posthorn.example"
    )
    assert site.site.get("/style.css").headers["Content-Type"] == "text/css"
    assert site.site.get("/nothing").status_code == 404
