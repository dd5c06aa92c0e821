"""Lists and pages of the stand-in for Exact Online."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.process.exact_desk import DIVISION, DOCUMENTS, Desk, desk

ACCOUNTS = "crm/Accounts"
ATOM = "{http://www.w3.org/2005/Atom}"
META = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"
DATA = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
SYNTAX = {
    "error": {
        "code": "",
        "message": {"lang": "", "value": "Bad Request - Error in query syntax."},
    }
}


@pytest.fixture
def site() -> Iterator[Desk]:
    with desk() as lent:
        lent.switch(minute_limit=1_000, error_limit=1_000)
        lent.sign_in()
        yield lent


def fill(site: Desk, count: int) -> list[str]:
    """Make documents, and give their IDs in the order in which a list has them."""
    made = [{"Subject": f"Invoice {number:03}", "Type": 20} for number in range(count)]
    rows = site.tell("POST", f"/rows/{DOCUMENTS}?division={DIVISION}", made)
    return sorted(row["ID"] for row in rows)


def test_list_has_results_and_a_next_page_only_when_there_is_more(site: Desk) -> None:
    keys = fill(site, 61)

    first = site.get(DOCUMENTS, select="ID").json()
    second = site.call("GET", first["d"]["__next"]).json()

    assert (list(first), sorted(first["d"])) == (["d"], ["__next", "results"])
    assert (list(second), list(second["d"])) == (["d"], ["results"])
    found = [one["ID"] for page in (first, second) for one in page["d"]["results"]]
    assert found == keys
    assert len(first["d"]["results"]) == 60


def test_page_of_exactly_sixty_has_no_next(site: Desk) -> None:
    fill(site, 60)

    assert list(site.get(DOCUMENTS).json()["d"]) == ["results"]


@pytest.mark.parametrize("top", [1, 60])
def test_top_up_to_a_page_answers_a_bare_array(site: Desk, top: int) -> None:
    fill(site, 61)

    answer = site.get(DOCUMENTS, top=top).json()

    assert list(answer) == ["d"]
    assert (type(answer["d"]), len(answer["d"])) == (list, top)


def test_nothing_found_is_an_empty_array_or_empty_results(site: Desk) -> None:
    bare = site.get(DOCUMENTS, top=2, filter="Subject eq 'none'")
    wrapped = site.get(DOCUMENTS, filter="Subject eq 'none'")

    assert (bare.status_code, bare.json()) == (200, {"d": []})
    assert (wrapped.status_code, wrapped.json()) == (200, {"d": {"results": []}})


def test_top_above_a_page_answers_sixty_and_the_rest_on_the_next(site: Desk) -> None:
    keys = fill(site, 120)

    first = site.get(DOCUMENTS, top=100, select="ID").json()["d"]
    link = urlsplit(first["__next"])
    rest = site.call("GET", first["__next"]).json()["d"]

    assert len(first["results"]) == 60
    assert "$top=40" in link.query
    assert f"$skiptoken=guid'{keys[59]}'" in link.query
    assert [one["ID"] for one in rest] == keys[60:100]


def test_next_page_is_an_absolute_address_on_the_same_host_with_the_same_options(
    site: Desk,
) -> None:
    fill(site, 61)

    link = site.get(DOCUMENTS, select="ID,Subject", filter="Type eq 20").json()["d"]["__next"]

    assert link.startswith(f"{site.said['base']}/api/v1/{DIVISION}/{DOCUMENTS}?")
    assert "$select=ID,Subject" in link
    assert "$filter=Type%20eq%2020" in link


def test_ordered_pages_carry_the_sort_value_first(site: Desk) -> None:
    fill(site, 61)
    subjects = [f"Invoice {number:03}" for number in range(61)]

    first = site.get(DOCUMENTS, orderby="Subject desc", select="Subject").json()["d"]
    second = site.call("GET", first["__next"]).json()["d"]

    assert "$skiptoken='Invoice%20001',guid'" in first["__next"]
    found = [one["Subject"] for one in first["results"] + second["results"]]
    assert found == subjects[::-1]


def test_ordered_by_a_date_the_mark_is_a_datetime_in_escaped_form(site: Desk) -> None:
    fill(site, 61)

    first = site.get(DOCUMENTS, orderby="Created", select="ID").json()["d"]
    second = site.call("GET", first["__next"]).json()["d"]

    pattern = r"skiptoken=datetime'2026-11-20T13%3A00%3A1\d\.\d{3}',guid'[0-9a-f-]{36}'$"
    assert re.search(pattern, first["__next"])
    found = {one["ID"] for one in first["results"] + second["results"]}
    assert len(found) == 61


def test_skip_leaves_rows_out_and_count_tells_how_many_there_are(site: Desk) -> None:
    keys = fill(site, 5)

    skipped = site.get(DOCUMENTS, skip=3, select="ID").json()["d"]["results"]
    counted = site.get(DOCUMENTS, top=2, inlinecount="allpages").json()["d"]
    number = site.get(f"{DOCUMENTS}/$count")

    assert [one["ID"] for one in skipped] == keys[3:]
    assert (counted["__count"], len(counted["results"])) == ("5", 2)
    assert number.text == "5"


def test_bulk_pages_hold_a_thousand_and_filter_by_the_documented_fields_only(site: Desk) -> None:
    fill(site, 61)

    found = site.results("bulk/Documents/Documents", select="ID")
    refused = site.get("bulk/Documents/Documents", filter="DocumentViewUrl eq 'x'")

    assert len(found) == 61
    assert (refused.status_code, refused.json()) == (400, SYNTAX)
