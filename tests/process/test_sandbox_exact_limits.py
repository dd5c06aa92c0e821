"""How often one may call the stand-in for Exact Online, and err."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.process.exact_desk import (
    ATTACHMENTS,
    DOCUMENTS,
    DUTCH,
    OTHER_DIVISION,
    Desk,
    desk,
)

ME = "/api/v1/current/Me"
NEXT_MINUTE = "1795176060000"  # 2026-11-20T12:01:00Z
MIDNIGHT = "1795219200000"  # 2026-11-21T00:00:00Z
UNKNOWN = f"{DOCUMENTS}(guid'00000000-0000-4000-8000-000000000000')"


@pytest.fixture
def site() -> Iterator[Desk]:
    with desk() as lent:
        lent.sign_in()
        yield lent


def families(headers: object) -> dict[str, str]:
    found = {name.lower(): value for name, value in dict(headers).items()}  # type: ignore[call-overload]  # httpx headers
    return {name: value for name, value in found.items() if name.startswith("x-ratelimit")}


def test_both_windows_are_in_the_headers_of_200_201_and_204(site: Desk) -> None:
    read = site.get(DOCUMENTS)
    made = site.post(DOCUMENTS, {"Subject": "x", "Type": 20})
    gone = site.call("DELETE", f"{DOCUMENTS}(guid'{made.json()['d']['ID']}')")

    assert [one.status_code for one in (read, made, gone)] == [200, 201, 204]
    assert [families(one.headers) for one in (read, made, gone)] == [
        {
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": str(4999 - number),
            "x-ratelimit-reset": MIDNIGHT,
            "x-ratelimit-minutely-limit": "60",
            "x-ratelimit-minutely-remaining": str(59 - number),
            "x-ratelimit-minutely-reset": NEXT_MINUTE,
        }
        for number in range(3)
    ]


def test_61st_call_in_a_clock_minute_is_an_empty_429_with_only_that_family(site: Desk) -> None:
    taken = [site.get(DOCUMENTS, top=1).status_code for _ in range(60)]

    refused = site.get(DOCUMENTS, top=1)
    elsewhere = site.get(DOCUMENTS, division=OTHER_DIVISION, top=1)
    site.advance(50)
    next_minute = site.get(DOCUMENTS, top=1)

    assert taken == [200] * 60
    assert (refused.status_code, refused.content) == (429, b"")
    assert families(refused.headers) == {
        "x-ratelimit-minutely-limit": "60",
        "x-ratelimit-minutely-remaining": "0",
        "x-ratelimit-minutely-reset": NEXT_MINUTE,
    }
    assert "Retry-After" not in refused.headers
    assert (elsewhere.status_code, next_minute.status_code) == (200, 200)


def test_refused_call_does_nothing_and_may_say_why(site: Desk) -> None:
    site.switch(minute_limit=1, limit_body="Too many")
    site.get(DOCUMENTS)

    refused = site.post(DOCUMENTS, {"Subject": "x", "Type": 20})

    assert (refused.status_code, refused.text) == (429, "Too many")
    assert site.ask("/documents") == []


def test_used_up_day_sends_only_the_daily_family_until_midnight_in_utc(site: Desk) -> None:
    site.switch(day_limit=2, retry_after=True)
    for _ in range(2):
        site.get(DOCUMENTS, top=1)

    refused = site.get(DOCUMENTS, top=1)
    site.tell("POST", "/clock", {"now": "2026-11-21T00:00:01+00:00"})
    site.sign_in()
    next_day = site.get(DOCUMENTS, top=1)

    assert refused.status_code == 429
    assert families(refused.headers) == {
        "x-ratelimit-limit": "2",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": MIDNIGHT,
    }
    assert 43_180 < int(refused.headers["Retry-After"]) <= 43_200
    assert next_day.status_code == 200


def test_windows_of_users_of_one_app_are_shared(site: Desk) -> None:
    site.switch(minute_limit=2)
    site.get(DOCUMENTS, top=1)
    site.sign_in(DUTCH)

    assert [site.get(DOCUMENTS, top=1).status_code for _ in range(2)] == [200, 429]


def test_me_counts_against_the_current_administration_unless_switched_off(site: Desk) -> None:
    counted = site.call("GET", ME)
    site.switch(me_counts_against="nothing")
    free = site.call("GET", ME)

    assert families(counted.headers)["x-ratelimit-minutely-remaining"] == "59"
    assert families(free.headers) == {}


def test_11th_error_in_an_hour_blocks_that_combination_only(site: Desk) -> None:
    errors = [site.get(UNKNOWN).status_code for _ in range(11)]

    blocked = site.get(DOCUMENTS, top=1)
    endpoint = site.get(ATTACHMENTS, top=1)
    division = site.get(DOCUMENTS, division=OTHER_DIVISION, top=1)
    site.sign_in(DUTCH)
    user = site.get(DOCUMENTS, top=1)

    assert errors == [404] * 11
    assert (blocked.status_code, families(blocked.headers)) == (429, {})
    assert [one.status_code for one in (endpoint, division, user)] == [200, 200, 200]


def test_ten_errors_in_an_hour_block_nothing(site: Desk) -> None:
    for _ in range(10):
        site.get(UNKNOWN)

    assert site.get(DOCUMENTS, top=1).status_code == 200


def test_block_lasts_an_hour_and_the_next_one_two(site: Desk) -> None:
    def until_blocked() -> int:
        for _ in range(11):
            site.get(UNKNOWN)
        blocked = site.get(DOCUMENTS, top=1).status_code
        site.advance(3_600)
        site.sign_in()
        return blocked

    first = until_blocked()
    free = site.get(DOCUMENTS, top=1).status_code
    second = until_blocked()
    still = site.get(DOCUMENTS, top=1).status_code

    assert (first, free, second, still) == (429, 200, 429, 429)


def test_errors_older_than_an_hour_are_forgotten(site: Desk) -> None:
    for _ in range(10):
        site.get(UNKNOWN)
    site.advance(3_601)
    site.sign_in()

    site.get(UNKNOWN)

    assert site.get(DOCUMENTS, top=1).status_code == 200


def test_business_errors_and_429_do_not_count_as_errors(site: Desk) -> None:
    for _ in range(15):
        assert site.post(DOCUMENTS, {"Type": 20}).status_code == 500

    assert site.get(DOCUMENTS, top=1).status_code == 200
