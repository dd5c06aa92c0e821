"""What can be asked of a list of the stand-in for Exact Online, and what cannot."""

from __future__ import annotations

from collections.abc import Iterator

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


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Subject eq 'd''Or 12'", ["d'Or 12"]),
        ("Subject ne 'd''Or 12'", ["Alpha", "Beta"]),
        ("Type eq 10", ["Beta"]),
        ("Type gt 10 and Type le 20", ["Alpha", "d'Or 12"]),
        ("Type lt 20 or Subject eq 'Alpha'", ["Alpha", "Beta"]),
        ("not (Type eq 10)", ["Alpha", "d'Or 12"]),
        ("substringof('Or',Subject) eq true", ["d'Or 12"]),
        ("substringof('Or',Subject) eq false", ["Alpha", "Beta"]),
        ("startswith(Subject,'Al')", ["Alpha"]),
        ("endswith(Subject,'ta') eq true and Type eq 10", ["Beta"]),
        ("trim(Subject) eq 'Beta'", ["Beta"]),
        ("HasEmptyBody eq false", ["Alpha"]),
        ("10 eq Type", ["Beta"]),
        ("DocumentDate ge datetime'2026-11-18T00:00:00' and Type eq 20", ["Alpha", "d'Or 12"]),
        ("(Type eq 10 or Type eq 20) and HID ge 2", ["Beta", "d'Or 12"]),
    ],
)
def test_filter_finds_what_it_says(site: Desk, asked: str, found: list[str]) -> None:
    site.document("Alpha", Body="text")
    site.document("Beta", Type=10)
    site.document("d'Or 12")

    rows = site.results(DOCUMENTS, filter=asked, select="Subject")

    assert sorted(row["Subject"] for row in rows) == found


def test_filter_by_guid_and_by_a_padded_code(site: Desk) -> None:
    rows = site.tell(
        "POST", f"/rows/{ACCOUNTS}?division={DIVISION}", [{"Name": "A"}, {"Name": "B"}]
    )
    key = rows[0]["ID"].upper()

    by_guid = site.results(ACCOUNTS, filter=f"ID eq guid'{key}'", select="Name")
    padded = site.results(ACCOUNTS, filter=f"Code eq '{'2':>18}'", select="Name,Code")
    trimmed = site.results(ACCOUNTS, filter="trim(Code) eq '2'", select="Name")
    bare = site.results(ACCOUNTS, filter="Code eq '2'", select="Name")

    assert [one["Name"] for one in by_guid] == ["A"]
    assert [(one["Name"], one["Code"]) for one in padded] == [("B", " " * 17 + "2")]
    assert [one["Name"] for one in trimmed] == ["B"]
    assert bare == []


@pytest.mark.parametrize(
    ("switch", "plain", "suffixed"),
    [("both", 200, 200), ("plain", 200, 400), ("suffixed", 400, 200)],
)
def test_filter_on_a_large_number_takes_the_literal_of_the_switch(
    site: Desk, switch: str, plain: int, suffixed: int
) -> None:
    site.switch(int64_literal=switch)

    answers = [site.get("system/Divisions", filter=f"Hid eq {one}") for one in ("7", "7L")]

    assert [one.status_code for one in answers] == [plain, suffixed]
    for one in answers:
        if one.status_code == 200:
            assert [row["Code"] for row in one.json()["d"]["results"]] == [DIVISION]


@pytest.mark.parametrize(
    "options",
    [
        {"filter": "Subject"},
        {"filter": "Subject eq"},
        {"filter": "Subject eq 'a"},
        {"filter": "Subject eq Body"},
        {"filter": "'a' eq 'a'"},
        {"filter": "Unknown eq 'a'"},
        {"filter": "Subject eq 20"},
        {"filter": "Type eq '20'"},
        {"filter": "ID eq '9d64'"},
        {"filter": "Created gt datetime'2026-11-20'"},
        {"filter": "Created gt datetime'2026-13-20T00:00:00'"},
        {"filter": "tolower(Subject) eq 'a'"},
        {"filter": "Subject like 'a'"},
        {"filter": "(Type eq 20"},
        {"filter": "Type eq 20)"},
        {"filter": "Type add 1 eq 20"},
        {"filter": "Account/Name eq 'a'"},
        {"select": "Subject,Unknown"},
        {"orderby": "Unknown"},
        {"orderby": "Subject upwards"},
        {"top": "-1"},
        {"top": "ten"},
        {"skip": "1.5"},
        {"expand": "Lines"},
        {"inlinecount": "some"},
        {"skiptoken": "guid'x'"},
        {"skiptoken": "'a',guid'9d64a8f1-0000-4000-8000-000000000000'"},
        {"search": "a"},
    ],
)
def test_anything_else_in_the_query_is_a_400_in_its_envelope(
    site: Desk, options: dict[str, str]
) -> None:
    asked = {f"${name}": value for name, value in options.items()}

    answer = site.call("GET", DOCUMENTS, params=asked)

    assert (answer.status_code, answer.json()) == (400, SYNTAX)
