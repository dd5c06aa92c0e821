"""The wire format of the stand-in for Exact Online: types, languages, Atom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.process.exact_desk import DIVISION, DOCUMENTS, DUTCH, FRENCH, Desk, desk

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


def test_entity_by_key_stands_below_d_with_its_address_and_type(site: Desk) -> None:
    made = site.document("One")

    answer = site.get(f"{DOCUMENTS}(guid'{made['ID']}')").json()

    uri = f"{site.said['base']}/api/v1/{DIVISION}/{DOCUMENTS}(guid'{made['ID']}')"
    assert answer == {"d": made}
    assert made["__metadata"] == {"uri": uri, "type": "Exact.Web.Api.Models.Document"}
    assert next(iter(made)) == "__metadata"


def test_me_is_a_list_of_one_with_local_time_and_its_offset(site: Desk) -> None:
    site.sign_in(DUTCH)

    answer = site.call("GET", "/api/v1/current/Me").json()
    me = answer["d"]["results"][0]

    assert list(answer["d"]) == ["results"]
    assert len(answer["d"]["results"]) == 1
    assert me["__metadata"]["type"] == "Exact.Web.Api.Models.System.Me"
    assert (me["CurrentDivision"], me["UserName"], me["ServerUtcOffset"]) == (
        3400101,
        "an.maes",
        3600,
    )
    assert me["ServerTime"].startswith("2026-11-20T13:00:1")
    assert (me["Legislation"], me["Language"]) == ("128", "nl ")
    assert me["DivisionCustomerCode"] == "           1009001"
    assert me["EmployeeID"] == "00000000-0000-0000-0000-000000000000"


def test_dates_show_the_wall_clock_as_if_it_were_utc_also_in_summer(site: Desk) -> None:
    site.tell("POST", "/clock", {"now": "2026-07-01T14:16:40+00:00"})
    site.sign_in()

    made = site.document("Summer")

    milliseconds = int(made["Created"].removeprefix("/Date(").removesuffix(")/"))
    assert milliseconds // 10_000 == 1_782_922_600_000 // 10_000  # 16:16:40 read as UTC
    assert site.results(DOCUMENTS, filter="Created gt datetime'2026-07-01T16:16:00'") != []
    assert site.results(DOCUMENTS, filter="Created lt datetime'2026-07-01T16:16:00'") == []


def test_large_numbers_are_texts_and_codes_are_padded(site: Desk) -> None:
    division = site.results("system/Divisions")[1]

    assert (division["Code"], division["Hid"], division["Legislation"]) == (DIVISION, "7", "128")
    assert (division["Country"], division["CustomerCode"]) == ("BE ", "           1009001")
    assert division["IsMainDivision"] is False


def test_select_keeps_the_metadata_and_the_named_fields(site: Desk) -> None:
    site.document("One")

    found = site.results(DOCUMENTS, select="Subject,HID")

    assert [sorted(one) for one in found] == [["HID", "Subject", "__metadata"]]


def test_navigation_is_deferred_until_it_is_expanded(site: Desk) -> None:
    entry = book(site)
    path = f"purchaseentry/PurchaseEntries(guid'{entry['EntryID']}')"

    plain = site.get(path).json()["d"]["PurchaseEntryLines"]
    expanded = site.get(path, expand="PurchaseEntryLines").json()["d"]["PurchaseEntryLines"]
    below = site.call("GET", plain["__deferred"]["uri"]).json()["d"]["results"]

    assert plain == {
        "__deferred": {"uri": f"{site.said['base']}/api/v1/{DIVISION}/{path}/PurchaseEntryLines"}
    }
    assert [line["LineNumber"] for line in expanded["results"]] == [1]
    assert below == expanded["results"]


def test_error_speaks_the_users_language(site: Desk) -> None:
    said = {}
    for language, user in (("nl", DUTCH), ("fr", FRENCH)):
        site.sign_in(user)
        answer = site.get(DOCUMENTS, division=3400101, filter="x")
        said[language] = answer.json()["error"]["message"]["value"]

    assert said == {
        "nl": "Ongeldige request - Fout in de syntaxis van de query.",
        "fr": "Requête non valide - Erreur dans la syntaxe de la requête.",
    }


@pytest.mark.parametrize("path", ["purchaseentry/PurchaseEntries", "salesentry/SalesEntries"])
def test_unfiltered_read_of_entries_is_told_to_select(site: Desk, path: str) -> None:
    refused = site.get(path)
    said = "Please add a $select or a $top=1 statement to the query string."

    assert (refused.status_code, refused.json()["error"]["message"]["value"]) == (400, said)
    assert [site.get(path, **one).status_code for one in ({"top": 1}, {"select": "EntryID"})] == [
        200,
        200,
    ]


@pytest.mark.parametrize("accept", [None, "*/*", "application/atom+xml"])
def test_without_json_in_accept_a_list_is_an_atom_feed(site: Desk, accept: str | None) -> None:
    made = site.document("Smits & Zn <1>")
    request = site.site.build_request("GET", f"/api/v1/{DIVISION}/{DOCUMENTS}")
    request.headers["Authorization"] = f"Bearer {site.token}"
    del request.headers["Accept"]
    if accept:
        request.headers["Accept"] = accept

    answer = site.site.send(request)
    feed = ET.fromstring(answer.content)  # noqa: S314  our own stand-in wrote it

    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    properties = feed.find(f"{ATOM}entry/{ATOM}content/{META}properties")
    assert properties is not None
    values = {one.tag.removeprefix(DATA): one for one in properties}
    assert values["Subject"].text == "Smits & Zn <1>"
    assert values["ID"].text == made["ID"]
    assert values["Created"].attrib == {f"{META}type": "Edm.DateTime"}
    assert values["Account"].attrib[f"{META}null"] == "true"
    assert (values["HasEmptyBody"].text, values["Type"].text) == ("true", "20")


def test_atom_error_and_atom_entry_are_xml_too(site: Desk) -> None:
    headers = {"Accept": "application/atom+xml"}
    wrong = site.call("GET", DOCUMENTS, params={"$filter": "x"}, headers=headers)
    made = site.post(DOCUMENTS, {"Subject": "x", "Type": 20}, headers=headers)

    assert (wrong.status_code, wrong.content[:5]) == (400, b"<?xml")
    assert b"Bad Request - Error in query syntax." in wrong.content
    assert (made.status_code, made.content[:5]) == (201, b"<?xml")


@pytest.mark.parametrize("status", [406, 415])
def test_plain_xml_is_refused(site: Desk, status: int) -> None:
    site.switch(xml_accept_status=status)

    answer = site.call("GET", DOCUMENTS, headers={"Accept": "application/xml"})

    assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["documents/documents", "Documents/Documents", "documents/Nothing", "x", "documents"]
)
def test_paths_are_case_sensitive_and_unknown_ones_are_not_found(site: Desk, path: str) -> None:
    assert site.get(path).status_code == 404


def test_wraps_top_is_the_exception_that_was_recorded_once(site: Desk) -> None:
    site.switch(wraps_top=True)

    assert site.get(DOCUMENTS, top=2).json() == {"d": {"results": []}}


def test_document_types_are_named_in_the_users_language(site: Desk) -> None:
    def names(user: str) -> dict[int, str]:
        site.sign_in(user)
        found = site.get("documents/DocumentTypes", division=3400101, select="ID,Description")
        return {one["ID"]: one["Description"] for one in found.json()["d"]["results"]}

    assert names(DUTCH)[20] == "Inkoopfactuur"
    assert names(FRENCH)[20] == "Facture d'achat"


def book(site: Desk) -> dict[str, Any]:
    account = site.tell("POST", f"/rows/{ACCOUNTS}?division={DIVISION}", {"Name": "Acme"})[0]
    line = {"AmountFC": 12.5, "GLAccount": "9d64a8f1-0000-4000-8000-000000000000"}
    values = {"Journal": "60", "Supplier": account["ID"], "PurchaseEntryLines": [line]}
    answer = site.post("purchaseentry/PurchaseEntries", values)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["d"]
    return made
