"""Who may do what in the stand-in for Exact Online."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.process.exact_desk import (
    ATTACHMENTS,
    DIVISION,
    DOCUMENTS,
    DUTCH,
    ENGLISH,
    FRENCH,
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


def test_consent_limits_the_administrations_and_the_reason_is_in_a_header(site: Desk) -> None:
    site.tell("PATCH", f"/consents/{ENGLISH}", {"divisions": [DIVISION]})

    inside = site.get(DOCUMENTS)
    outside = site.get(DOCUMENTS, division=OTHER_DIVISION)

    assert inside.status_code == 200
    assert (outside.status_code, outside.headers["Reason"]) == (403, "NoDivisionAccess")


def test_administration_the_user_does_not_see_is_refused_as_an_unknown_one(site: Desk) -> None:
    answers = [site.get(DOCUMENTS, division=code) for code in (3400125, 9999999)]
    site.switch(unknown_division_status=404)
    hidden = site.get(DOCUMENTS, division=9999999)

    assert [(one.status_code, one.headers["Reason"]) for one in answers] == [
        (403, "NoDivisionAccess"),
        (403, "NoDivisionAccess"),
    ]
    assert (hidden.status_code, "Reason" in hidden.headers) == (404, False)


def test_system_divisions_ignores_the_number_and_lists_what_was_consented_to(site: Desk) -> None:
    site.tell("PATCH", f"/consents/{ENGLISH}", {"divisions": [3400101, DIVISION]})

    listed = site.get("system/Divisions", division=1, select="Code,Hid").json()["d"]["results"]

    assert [(one["Code"], one["Hid"]) for one in listed] == [(3400101, "1"), (DIVISION, "7")]


def test_hrm_divisions_lists_one_licence_and_system_divisions_all(site: Desk) -> None:
    site.sign_in(DUTCH)

    system = site.results("system/Divisions", select="Code,Hid,CustomerName")
    hrm = site.results("hrm/Divisions", select="Code,HID,Main,Status")
    other = site.get("hrm/Divisions", division=3400201, select="Code").json()["d"]["results"]

    assert [one["Hid"] for one in system] == ["1", "7", "8", "9", "10", "1"]
    assert [one["HID"] for one in hrm] == ["1", "7", "8", "9", "10"]
    assert {one["Status"] for one in hrm} == {0}
    assert [one["Code"] for one in other] == [3400201]


def test_later_ticks_on_the_consent_count_at_once(site: Desk) -> None:
    site.tell("PATCH", f"/consents/{ENGLISH}", {"divisions": [3400101]})
    before = site.get(DOCUMENTS).status_code

    site.tell("PATCH", f"/consents/{ENGLISH}", {"divisions": None})

    assert (before, site.get(DOCUMENTS).status_code) == (403, 200)


@pytest.mark.parametrize(
    ("kind", "key", "change", "reason"),
    [
        ("users", ENGLISH, {"status": "blocked"}, "BlockedUser"),
        ("users", ENGLISH, {"status": "inactive"}, "InactiveUser"),
        ("licences", "1009001", {"status": "blocked"}, "BlockedCustomer"),
        ("licences", "1009001", {"status": "expired"}, "LicenseExpired"),
        ("divisions", f"{DIVISION}", {"blocking_status": 1}, "DivisionBlocked"),
    ],
)
def test_403_says_in_a_header_which_right_is_missing(
    site: Desk, kind: str, key: str, change: dict[str, object], reason: str
) -> None:
    site.tell("PATCH", f"/{kind}/{key}", change)

    answer = site.post(DOCUMENTS, {"Subject": "x", "Type": 20})

    assert (answer.status_code, answer.headers["Reason"]) == (403, reason)
    assert site.ask("/documents") == []


def test_archived_administration_can_be_read_and_not_written(site: Desk) -> None:
    site.tell("PATCH", f"/divisions/{DIVISION}", {"status": 2, "archived_on": "2026-11-01"})

    listed = site.results("system/Divisions", select="Code,Status,ArchiveDate")
    written = site.post(DOCUMENTS, {"Subject": "x", "Type": 20})

    archived = [one for one in listed if one["Code"] == DIVISION]
    assert (archived[0]["Status"], archived[0]["ArchiveDate"]) == (2, "/Date(1793491200000)/")
    assert site.get(DOCUMENTS).status_code == 200
    assert (written.status_code, written.headers["Reason"]) == (403, "DivisionBlocked")


def test_right_that_a_user_lacks_is_a_403_in_the_users_language(site: Desk) -> None:
    denial = {"endpoint": "documents/*", "action": "POST", "division": 3400126}
    site.tell("PATCH", f"/users/{FRENCH}", {"denials": [denial]})
    site.sign_in(FRENCH)

    refused = site.post(DOCUMENTS, {"Subject": "x", "Type": 20}, division=3400126)
    elsewhere = site.post(DOCUMENTS, {"Subject": "x", "Type": 20}, division=3400125)

    said = refused.json()["error"]["message"]["value"]
    assert (refused.status_code, said.split(" - ")[0]) == (403, "Interdit")
    assert elsewhere.status_code == 201


def test_user_has_rights_tells_without_doing_anything(site: Desk) -> None:
    denial = {"endpoint": DOCUMENTS, "action": "POST"}
    site.tell("PATCH", f"/users/{ENGLISH}", {"denials": [denial]})

    def may(endpoint: str, action: str) -> object:
        place = f"users/UserHasRights?endpoint='{endpoint}'&action='{action}'"
        return site.call("GET", place).json()["d"]["UserHasRights"]

    assert (may(DOCUMENTS, "POST"), may(DOCUMENTS, "GET"), may(ATTACHMENTS, "PUT")) == (
        False,
        True,
        False,
    )


def test_app_without_the_scope_is_told_so(site: Desk) -> None:
    app = site.said["client_id"]
    site.tell("PATCH", f"/apps/{app}", {"denied_scopes": ["documents/*"]})

    answer = site.get(DOCUMENTS)

    said = "Forbidden - Application Scope Violated. Cannot read"
    assert (answer.status_code, answer.json()["error"]["message"]["value"]) == (403, said)


def test_postbox_needs_its_feature_in_the_licence(site: Desk) -> None:
    before = site.get("mailbox/Mailboxes").status_code
    features = [one["Description"] for one in site.results("system/AvailableFeatures")]

    site.tell("PATCH", "/licences/1009001", {"features": []})

    assert before == 200
    assert features == ["Mailbox", "Documents"]
    assert site.get("mailbox/Mailboxes").status_code == 403
    assert [one["Description"] for one in site.results("system/AvailableFeatures")] == ["Documents"]
