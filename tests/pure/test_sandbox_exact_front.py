"""Whatever is sent to the stand-in for Exact Online, it has an answer; without a socket."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthorn_sandbox.exact.admin import Admin
from posthorn_sandbox.exact.front import Front
from posthorn_sandbox.exact.house import House
from posthorn_sandbox.exact.settings import CLIENT_ID, CLIENT_SECRET, StandInSettings
from posthorn_sandbox.exact.switches import Switches
from posthorn_sandbox.exact.tokens import Consent
from posthorn_sandbox.exact.wire import Call

LIMITLESS = 10**9
FREE = Switches(minute_limit=LIMITLESS, day_limit=LIMITLESS, error_limit=LIMITLESS)
FRONT = Front(House(StandInSettings(switches=FREE)))
ADMIN = Admin(FRONT, dict)
PATHS = sorted(FRONT.resources)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet="aé'\ud800\x00<", max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


def token() -> str:
    tokens = FRONT.house.tokens
    code = tokens.write_code(Consent(client_id=CLIENT_ID, user="an.maes", redirect_uri="r"))
    return tokens.exchange(CLIENT_ID, code, "r")["access_token"]


@pytest.fixture(scope="module")
def headers() -> dict[str, str]:
    FRONT.house.switch({"token_calls_a_day": LIMITLESS})
    return {"authorization": f"Bearer {token()}", "accept": "application/json"}


def call(
    method: str, path: str, headers: dict[str, str], body: bytes = b"", query: str = ""
) -> int:
    made = Call(method=method, path=path, query=query, headers=headers, body=body)
    return FRONT.answer(made).status


@settings(max_examples=40)
@given(
    st.sampled_from(PATHS),
    st.sampled_from(["", "$filter", "$orderby", "$top", "$skip", "$skiptoken", "$select", "x"]),
    st.text(alphabet="ID,Subject eq'()é9-guid$null", max_size=30) | st.just("9" * 5_000),
)
def test_any_query_is_answered_or_refused(
    headers: dict[str, str], path: str, option: str, value: str
) -> None:
    query = f"{option}={quote(value)}"

    status = call("GET", f"/api/v1/3400123/{path}", headers, query=query)

    assert status in {200, 400, 404, 414}


@settings(max_examples=40)
@given(
    st.sampled_from(PATHS),
    st.sampled_from(["POST", "PUT", "DELETE", "PATCH"]),
    st.dictionaries(
        st.sampled_from(
            ["Subject", "Type", "HID", "AmountFC", "Document", "Name", "Journal", "ID"]
        ),
        JSON,
        max_size=4,
    ),
)
def test_any_body_is_taken_or_refused(
    headers: dict[str, str], path: str, method: str, values: dict[str, object]
) -> None:
    key = "" if method == "POST" else "(guid'9d64a8f1-0000-4000-8000-000000000000')"

    status = call(method, f"/api/v1/3400123/{path}{key}", headers, json.dumps(values).encode())

    assert status in {201, 400, 404, 405, 500}


@settings(max_examples=40)
@given(st.text(alphabet="/apiv1(')%27$é3400123documents", max_size=40), st.binary(max_size=20))
def test_any_address_and_bytes_are_answered(path: str, body: bytes) -> None:
    for method in ("GET", "POST"):
        assert 200 <= call(method, f"/{path}", {}, body) < 500


@settings(max_examples=40)
@given(st.binary(max_size=40), st.sampled_from(["", "Basic x", "Basic YTpi", "Bearer"]))
def test_any_form_is_answered_by_the_token_endpoint(body: bytes, authorization: str) -> None:
    headers = {"authorization": authorization}

    assert call("POST", "/api/oauth2/token", headers, body) == 400


@settings(max_examples=40)
@given(
    st.sampled_from(["/clock", "/switches", "/faults", "/users", "/divisions/3400123", "/journal"]),
    st.sampled_from(["GET", "POST", "PATCH"]),
    JSON | st.dictionaries(st.sampled_from(["now", "advance_s", "at", "hid"]), JSON, max_size=2),
)
def test_any_wish_is_fulfilled_or_refused_by_the_admin_surface(
    path: str, method: str, values: object
) -> None:
    body = json.dumps(values).encode()
    made = Call(method=method, path=path, query="", headers={"host": "localhost"}, body=body)

    try:
        status = ADMIN.answer(made).status
    finally:
        FRONT.faults.clear()
        FRONT.house.clock.reset()

    assert status in {200, 201, 400, 404, 405}


def test_numbers_that_no_field_can_hold_are_refused(headers: dict[str, str]) -> None:
    for name, value in (("HID", "99999999999"), ("AmountFC", "NaN"), ("AmountFC", "1e999")):
        body = f'{{"Subject": "x", "Type": 20, "{name}": {value}}}'.encode()
        assert call("POST", "/api/v1/3400123/documents/Documents", headers, body) == 400


def test_secret_in_the_form_and_in_the_header_are_the_same_to_it() -> None:
    form = f"client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}&grant_type=password".encode()

    made = Call(method="POST", path="/api/oauth2/token", query="", headers={}, body=form)

    assert json.loads(FRONT.answer(made).body) == {"error": "unsupported_grant_type"}
