"""The admin surface of the stand-in for Exact Online."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from posthorn_sandbox.exact import StandInSettings, Switches
from tests.process.exact_desk import DIVISION, DOCUMENTS, NOON, Desk, desk


@pytest.fixture
def site() -> Iterator[Desk]:
    with desk() as lent:
        yield lent


def test_where_tells_what_the_first_line_told(site: Desk) -> None:
    assert site.ask("/where") == site.said
    assert sorted(site.said) == [
        "admin",
        "base",
        "ca",
        "client_id",
        "client_secret",
        "divisions",
        "redirect_uri",
        "users",
    ]


def test_journal_names_every_call_and_never_a_token_or_a_secret(site: Desk) -> None:
    pair = site.sign_in()
    site.document("Secret subject")
    site.get(DOCUMENTS, filter="Type eq 20")

    journal = site.ask("/journal")
    text = site.admin.get("/journal").text

    assert [(one["method"], one["endpoint"], one["status"]) for one in journal] == [
        ("GET", "oauth2/auth", 302),
        ("POST", "oauth2/token", 200),
        ("POST", DOCUMENTS, 201),
        ("GET", DOCUMENTS, 200),
    ]
    assert journal[1]["note"] == "authorization_code"
    assert (journal[3]["user"], journal[3]["division"]) == ("els.peeters", DIVISION)
    hidden = [*pair.values(), site.said["client_secret"], "Secret subject"]
    assert [one for one in hidden if len(one) > 6 and one in text] == []
    assert [one["number"] for one in site.ask("/journal?after=3")] == [4]


def test_journal_is_bounded_and_totals_are_not() -> None:
    with desk(StandInSettings(journal=5, switches=Switches(auto_consent=True))) as site:
        site.sign_in()
        for _ in range(10):
            site.get(DOCUMENTS, top=1)

        assert [one["number"] for one in site.ask("/journal")] == [8, 9, 10, 11, 12]
        assert site.ask("/totals")["calls"] == 12


def test_totals_count_calls_and_documents_that_are_half_there(site: Desk) -> None:
    site.sign_in()
    whole, _half = site.document("1"), site.document("2")
    site.attach(whole["ID"], b"abc")

    totals = site.ask("/totals")

    assert {"method": "POST", "endpoint": DOCUMENTS, "status": 201, "count": 2} in totals["by_call"]
    assert totals["by_division"] == {f"{DIVISION}": 3}
    arrived = [totals[name] for name in ("documents", "attachments")]
    assert (arrived, totals["documents_without_attachment"]) == ([2, 1], 1)


def test_clock_is_set_advanced_and_run_faster(site: Desk) -> None:
    set_to = site.tell("POST", "/clock", {"now": NOON})["now"]
    advanced = site.tell("POST", "/clock", {"advance_s": 86_400})["now"]
    site.tell("POST", "/clock", {"scale": 1000})
    time.sleep(0.05)
    faster = site.ask("/clock")
    site.tell("DELETE", "/clock")

    assert (set_to[:16], advanced[:16]) == ("2026-11-20T12:00", "2026-11-21T12:00")
    assert "2026-11-21T12:01" <= faster["now"][:16] < "2026-11-21T12:30"
    assert faster["scale"] == 1000
    assert site.ask("/clock")["anchor"] == {"real": 0.0, "own": 0.0}


def test_clock_tells_the_same_time_to_who_knows_its_anchor(site: Desk) -> None:
    real = "2026-11-20T00:00:00+00:00"
    site.tell("POST", "/clock", {"scale": 60})

    told = site.tell("POST", "/clock", {"now": NOON, "at": real})

    assert told["anchor"] == {"real": 1795132800.0, "own": 1795176010.0}


@pytest.mark.parametrize(
    ("method", "path", "values", "why"),
    [
        ("POST", "/clock", {"now": "noon"}, "'noon' is no time"),
        ("POST", "/clock", {"now": "2026-11-20T12:00:00"}, "A time carries its zone"),
        ("POST", "/clock", {"scale": 0}, "The clock's scale is above zero."),
        ("POST", "/clock", {"forward": 5}, "There is no forward here."),
        ("POST", "/clock", {"advance_s": "5"}, "'5' is no number."),
        ("PATCH", "/switches", {"speed": 1}, "There is no switch speed."),
        ("PATCH", "/switches", {"minute_limit": "60"}, "minute_limit is a int"),
        ("PATCH", "/switches", {"minute_limit": -1}, "minute_limit is zero or more."),
        ("PATCH", "/switches", {"too_early_status": 500}, "too_early_status is one of 400, 401."),
        ("PATCH", "/switches", {"errors_that_count": ["a"]}, "errors_that_count is a list of int."),
        ("POST", "/users", {"name": "x"}, "One of users lacks a field"),
        ("POST", "/users", {"name": "x", "age": 5}, "Of users, none has a field age."),
        ("PATCH", "/users/els.peeters", {"status": "away"}, "status is one of active"),
        ("PATCH", "/divisions/3400123", {"hid": "7"}, "hid is a int."),
        ("PATCH", "/users/els.peeters", {"divisions": 7}, "divisions is a list."),
        ("PATCH", "/users/els.peeters", {"licence": "1"}, "There is no licence 1."),
        ("POST", "/divisions", [5], "An object is wanted."),
        ("PATCH", "/consents/els.peeters", {"divisions": 5}, "divisions is a list"),
    ],
)
def test_what_cannot_be_is_refused_with_one_line(
    site: Desk, method: str, path: str, values: object, why: str
) -> None:
    answer = site.admin.request(method, path, json=values)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(why)


def test_unknown_addresses_and_methods_are_told_apart(site: Desk) -> None:
    unknown = site.admin.get("/nothing")
    method = site.admin.delete("/totals")
    nobody = site.admin.patch("/users/nobody", json={})

    assert [one.status_code for one in (unknown, method, nobody)] == [404, 405, 404]


def test_page_from_elsewhere_reaches_nothing(site: Desk) -> None:
    rebound = site.admin.get("/totals", headers={"Host": "evil.example"})
    posted = site.admin.post("/reset", headers={"Origin": "https://evil.example"})

    assert (rebound.status_code, posted.status_code) == (421, 403)


def test_user_division_and_licence_are_seeded_and_can_work(site: Desk) -> None:
    site.tell("POST", "/licences", {"code": "2000001", "name": "Nieuw"})
    divisions = [
        {"code": 5000000 + number, "hid": number, "description": f"K{number}", "licence": "2000001"}
        for number in range(1, 201)
    ]
    site.tell("POST", "/divisions", divisions)
    user = {"name": "new", "password": "p", "licence": "2000001", "current_division": 5000001}
    site.tell("POST", "/users", user | {"divisions": [one["code"] for one in divisions]})

    site.sign_in("new")
    first = site.get("system/Divisions", division=5000001, select="Code").json()["d"]

    assert (len(first["results"]), "__next" in first) == (60, True)
    assert site.get(DOCUMENTS, division=5000200).status_code == 200


def test_reset_is_as_new(site: Desk) -> None:
    site.sign_in()
    site.document()
    site.switch(minute_limit=5)
    site.fault(at="*", action="drop")
    site.tell("DELETE", "/divisions/3400201")

    site.tell("POST", "/reset")

    assert (site.ask("/faults"), site.ask("/documents"), site.ask("/consents")) == ([], [], [])
    assert site.ask("/switches")["minute_limit"] == 60
    assert site.ask("/switches")["auto_consent"] is True
    assert len(site.ask("/divisions")) == 6
    assert site.ask("/totals")["calls"] == 0
    assert site.call("GET", "/api/v1/current/Me").status_code == 401


def test_page_shows_what_arrived_and_links_to_the_bytes(site: Desk) -> None:
    site.sign_in()
    made = site.document("Acme & Co <b>")
    attached = site.attach(made["ID"], b"abc", "a&b.xml").json()["d"]

    page = site.admin.get("/")
    content = site.admin.get(f"/attachments/{attached['ID']}")

    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Acme &amp; Co &lt;b&gt;" in page.text
    assert f'<a href="/attachments/{attached["ID"]}">a&amp;b.xml</a> (3 bytes)' in page.text
    assert "<td>document, type 20 (Purchase invoice)</td>" in page.text
    full, empty = page.text.split("<h2>Nothing yet</h2>")
    assert f"<h2>7 · Bakkerij Janssens BV ({DIVISION})</h2>" in full
    assert "<li>8 · Garage De Smet NV (3400124)</li>" in empty
    assert (full.count("<h2>"), empty.count("<li>")) == (1, 5)
    assert (content.content, content.headers["Content-Disposition"]) == (
        b"abc",
        "attachment; filename*=UTF-8''a%26b.xml",
    )
    assert site.admin.get("/attachments/00000000-0000-4000-8000-000000000000").status_code == 404


def test_two_lines_at_once_are_answered_in_order_on_each(site: Desk) -> None:
    site.sign_in()
    head = f"Host: x\r\nAuthorization: Bearer {site.token}\r\nAccept: application/json\r\n\r\n"
    request = f"GET /api/v1/{DIVISION}/{DOCUMENTS}?$top=1 HTTP/1.1\r\n{head}"
    address = httpx.URL(site.said["base"])
    with socket.create_connection((address.host, address.port or 0), timeout=5) as line:
        line.sendall((request * 2).encode())
        found = b""
        while found.count(b'{"d":[]}') < 2:
            found += line.recv(65_536)

    assert found.count(b"HTTP/1.1 200 OK") == 2
