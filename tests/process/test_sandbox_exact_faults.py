"""What the stand-in for Exact Online does wrong on request."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.process.exact_desk import (
    ATTACHMENTS,
    DIVISION,
    DOCUMENTS,
    OTHER_DIVISION,
    TRUST,
    Desk,
    desk,
)

VALUES = {"Subject": "Invoice 1", "Type": 20}
OLD = "Old refresh token used."


@pytest.fixture
def site() -> Iterator[Desk]:
    with desk() as lent:
        lent.sign_in()
        yield lent


def arrived(site: Desk) -> int:
    count: int = site.ask("/totals")["documents"]
    return count


@pytest.mark.parametrize("action", ["drop", "reset"])
@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_line_is_lost_before_or_after_the_document_is_made(
    site: Desk, action: str, when: str, count: int
) -> None:
    site.fault(at=DOCUMENTS, method="POST", action=action, when=when, times=1)

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        site.post(DOCUMENTS, VALUES)

    assert arrived(site) == count
    assert site.post(DOCUMENTS, VALUES).status_code == 201
    assert site.ask("/faults")[0]["hits"] == 1


def test_document_is_made_and_the_answer_is_500(site: Desk) -> None:
    site.fault(at=DOCUMENTS, method="POST", action="reply", when="after", status=500, times=1)

    answer = site.post(DOCUMENTS, VALUES)

    assert (answer.status_code, arrived(site)) == (500, 1)
    assert answer.headers["X-RateLimit-Minutely-Remaining"] == "59"


def test_document_is_made_and_the_answer_comes_too_late(site: Desk) -> None:
    site.fault(at=DOCUMENTS, method="POST", action="stall", when="after", seconds=1.0, times=1)

    with pytest.raises(httpx.ReadTimeout):
        impatient(site)

    assert arrived(site) == 1


def test_stalled_answer_arrives_for_who_waits(site: Desk) -> None:
    site.fault(at=DOCUMENTS, method="POST", action="stall", when="after", seconds=0.2, times=1)

    started = time.monotonic()
    answer = site.post(DOCUMENTS, VALUES)

    assert answer.status_code == 201
    assert time.monotonic() - started >= 0.2


def test_queued_call_is_done_after_the_client_gave_up(site: Desk) -> None:
    site.fault(at=DOCUMENTS, method="POST", action="stall", seconds=0.6, times=1)

    with pytest.raises(httpx.ReadTimeout):
        impatient(site)
    too_early = arrived(site)
    time.sleep(0.7)

    assert (too_early, arrived(site)) == (0, 1)
    assert site.ask("/journal")[-1]["fault"] == "before stall"


def test_silent_call_is_never_answered_and_others_are(site: Desk) -> None:
    site.fault(at=DOCUMENTS, action="silence", when="after", times=1)

    with pytest.raises(httpx.ReadTimeout):
        impatient(site)

    assert (arrived(site), site.get(DOCUMENTS).status_code) == (1, 200)


@pytest.mark.parametrize("status", [408, 429, 503])
def test_status_is_answered_with_calls_left_and_nothing_is_made(site: Desk, status: int) -> None:
    site.fault(at="documents/*", action="reply", status=status, times=1)

    answer = site.post(DOCUMENTS, VALUES)

    assert (answer.status_code, answer.content, arrived(site)) == (status, b"", 0)
    assert answer.headers["X-RateLimit-Minutely-Remaining"] == "59"


def test_reply_carries_the_body_and_headers_it_was_given(site: Desk) -> None:
    site.fault(at="*", action="reply", status=403, body='{"a": 1}', headers={"Reason": "Other"})

    answer = site.get(DOCUMENTS)

    assert (answer.status_code, answer.json(), answer.headers["Reason"]) == (403, {"a": 1}, "Other")
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"


def test_page_of_html_comes_instead_of_json(site: Desk) -> None:
    site.fault(at=DOCUMENTS, action="html", status=200, times=1)

    answer = site.get(DOCUMENTS)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_answer_is_cut_in_the_middle(site: Desk) -> None:
    site.fault(at=DOCUMENTS, action="cut", when="after", times=1)

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        site.post(DOCUMENTS, VALUES)

    assert arrived(site) == 1


def test_answer_of_the_token_endpoint_is_empty(site: Desk) -> None:
    code = site.code()
    site.fault(at="oauth2/token", action="empty", when="after", times=1)

    answer = site.exchange(code)

    assert (answer.status_code, answer.content) == (200, b"")
    assert site.exchange(code).status_code == 400


def test_answer_of_a_refresh_is_lost_after_the_rotation(site: Desk) -> None:
    pair = site.sign_in()
    site.advance(571)
    site.fault(at="oauth2/token", action="drop", when="after", times=1)

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        site.refresh(pair["refresh_token"])

    assert site.refresh(pair["refresh_token"]).json()["error_description"] == OLD


def test_refresh_that_is_dropped_before_burns_nothing(site: Desk) -> None:
    pair = site.sign_in()
    site.advance(571)
    site.fault(at="oauth2/token", action="drop", times=1)

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        site.refresh(pair["refresh_token"])

    assert site.refresh(pair["refresh_token"]).status_code == 200


def test_fault_strikes_one_division_method_and_user_only_and_after_its_skips(site: Desk) -> None:
    site.fault(
        at=DOCUMENTS,
        method="POST",
        division=DIVISION,
        user="els.peeters",
        action="reply",
        status=503,
        skip=1,
        times=1,
    )

    answers = [
        site.get(DOCUMENTS),
        site.post(DOCUMENTS, VALUES, division=OTHER_DIVISION),
        site.post(ATTACHMENTS, VALUES),
        site.post(DOCUMENTS, VALUES),
        site.post(DOCUMENTS, VALUES),
        site.post(DOCUMENTS, VALUES),
    ]

    assert [one.status_code for one in answers] == [200, 201, 400, 201, 503, 201]


def test_skewed_clock_shows_in_every_date_and_moves_no_limit(site: Desk) -> None:
    site.switch(clock_skew_s=-3600)

    me = site.call("GET", "/api/v1/current/Me")
    made = site.document()

    assert me.headers["Date"].startswith("Fri, 20 Nov 2026 11:00:1")
    assert me.json()["d"]["results"][0]["ServerTime"].startswith("2026-11-20T12:00:1")
    assert made["Created"].startswith("/Date(17951760")
    assert me.headers["X-RateLimit-Minutely-Reset"] == "1795176060000"


def test_moved_administration_is_out_of_sight_and_its_date_is_known_to_the_new_owner(
    site: Desk,
) -> None:
    change = {"licence": "1009002", "moved_on": "2026-11-20"}
    site.tell("PATCH", f"/divisions/{DIVISION}", change)
    site.tell("PATCH", "/users/els.peeters", {"divisions": [3400101, OTHER_DIVISION]})

    refused = site.post(DOCUMENTS, VALUES)
    site.sign_in("an.maes")
    moved = site.results("system/Divisions", filter=f"Code eq {DIVISION}")[0]

    assert (refused.status_code, refused.headers["Reason"]) == (403, "NoDivisionAccess")
    assert (moved["CustomerName"], moved["DivisionMoveDate"]) == (
        "Zeevis Oostende",
        "/Date(1795132800000)/",
    )


def test_latency_makes_calls_of_one_division_overlap_and_that_is_counted(site: Desk) -> None:
    site.switch(latency_ms=200)

    with httpx.Client(base_url=site.said["base"], verify=TRUST) as other:
        headers = {"Authorization": f"Bearer {site.token}", "Accept": "application/json"}
        thread = threading.Thread(
            target=lambda: other.get(f"/api/v1/{DIVISION}/{DOCUMENTS}", headers=headers)
        )
        thread.start()
        time.sleep(0.05)
        site.get(DOCUMENTS)
        thread.join()
    site.get(DOCUMENTS, division=OTHER_DIVISION)

    assert site.ask("/totals")["most_at_once"] == {f"{DIVISION}": 2, f"{OTHER_DIVISION}": 1}


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"at": "*"}, "A fault needs at least 'at' and 'action'."),
        ({"at": "*", "action": "explode"}, "action is one of reply,"),
        ({"at": "*", "action": "drop", "often": 1}, "A fault has no field often."),
        ({"at": "*", "action": "stall"}, "A stall says how many seconds."),
        ({"at": "*", "action": "cut"}, "Only an answer can be cut"),
        ({"at": "*", "action": "drop", "times": 0}, "times is at least 1"),
        ({"at": "*", "action": "reply", "status": 99}, "status is an HTTP status"),
        ({"at": 5, "action": "drop"}, "at has the wrong type"),
        ("drop", "A fault is a JSON object."),
    ],
)
def test_fault_without_a_meaning_is_refused_with_a_line(
    site: Desk, fault: object, why: str
) -> None:
    good = {"at": "*", "action": "drop"}

    answer = site.admin.post("/faults", json=[good, fault])

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(why)
    assert site.ask("/faults") == []


def impatient(site: Desk) -> None:
    """Post on a line of its own, and wait for a fifth of a second."""
    headers = {"Authorization": f"Bearer {site.token}", "Accept": "application/json"}
    with httpx.Client(base_url=site.said["base"], timeout=0.2, verify=TRUST) as client:
        client.post(f"/api/v1/{DIVISION}/{DOCUMENTS}", json=VALUES, headers=headers)
