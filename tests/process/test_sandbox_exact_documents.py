"""What a document of the stand-in for Exact Online takes, refuses and drops."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.process.exact_desk import (
    ATTACHMENTS,
    DIVISION,
    DOCUMENTS,
    DUTCH,
    FRENCH,
    OTHER_DIVISION,
    Desk,
    desk,
)

ACCOUNTS = "crm/Accounts"
MESSAGES = "mailbox/MailMessagesSent"
FILES = "mailbox/MailMessageAttachments"
ENTRIES = "purchaseentry/PurchaseEntries"
GUID = "9d64a8f1-0000-4000-8000-000000000000"
UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
NOT_BASE64 = (
    "Error processing request stream. Error encountered in converting the value from request "
    "payload for property 'Attachment' to type 'Byte[]'"
)


@pytest.fixture
def site() -> Iterator[Desk]:
    with desk() as lent:
        lent.sign_in()
        yield lent


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["message"]["value"]


def test_post_answers_201_with_the_full_entity(site: Desk) -> None:
    values = {"Subject": "Invoice", "Type": 20, "DocumentDate": "2026-11-18"}

    answer = site.post(DOCUMENTS, values)
    made = answer.json()["d"]

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        201,
        "application/json;charset=utf-8",
    )
    assert len(made) == 55  # every recorded field, the ID, and the metadata
    assert (made["Subject"], made["Type"], made["TypeDescription"]) == (
        "Invoice",
        20,
        "Purchase invoice",
    )
    assert (made["DocumentDate"], made["Division"], made["HID"]) == (
        "/Date(1794960000000)/",
        DIVISION,
        1,
    )
    assert (made["ProposedEntryStatus"], made["HasEmptyBody"], made["Account"]) == (
        None,
        True,
        None,
    )
    assert made["DocumentViewUrl"] == (
        f"{site.said['base']}/docs/DocViewContent.aspx?ID={made['ID']}"
        f"&_Division_={DIVISION}&Stamp=BE001"
    )


def test_numbers_of_documents_count_up_in_each_administration(site: Desk) -> None:
    here = [site.document(f"{number}")["HID"] for number in range(3)]
    there = site.post(DOCUMENTS, {"Subject": "x", "Type": 20}, division=OTHER_DIVISION)

    assert (here, there.json()["d"]["HID"]) == ([1, 2, 3], 1)


def test_put_changes_what_it_names_and_answers_an_empty_204(site: Desk) -> None:
    made = site.document("Before", Body="text")
    place = f"{DOCUMENTS}(guid'{made['ID']}')"

    answer = site.call("PUT", place, json={"Subject": "After"})
    changed = site.get(place).json()["d"]

    assert (answer.status_code, answer.content) == (204, b"")
    assert (changed["Subject"], changed["Body"], changed["HID"]) == ("After", "text", 1)


def test_delete_takes_the_document_and_its_files(site: Desk) -> None:
    made = site.document()
    site.attach(made["ID"], b"abc")
    place = f"{DOCUMENTS}(guid'{made['ID']}')"

    answer = site.call("DELETE", place)

    assert (answer.status_code, answer.content) == (204, b"")
    assert site.get(place).status_code == 404
    assert site.results(ATTACHMENTS) == []


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (DUTCH, "Verplicht: Subject"),
        (FRENCH, "Obligatoire : Subject"),
        ("els.peeters", "Mandatory: Subject"),
    ],
)
def test_missing_mandatory_field_is_a_500_in_the_users_language(
    site: Desk, user: str, words: str
) -> None:
    site.sign_in(user)

    answer = site.post(DOCUMENTS, {"Type": 20}, division=3400101)

    assert said(answer) == (500, words)
    assert site.ask("/documents") == []


def test_read_only_fields_are_ignored_without_a_word(site: Desk) -> None:
    made = site.document(Creator=GUID, TypeDescription="Mine", Division=1, AccountName="Acme")

    assert (made["TypeDescription"], made["Division"], made["AccountName"]) == (
        "Purchase invoice",
        DIVISION,
        None,
    )
    assert made["Creator"] != GUID


def test_reference_to_another_administration_becomes_null(site: Desk) -> None:
    own = site.tell("POST", f"/rows/{ACCOUNTS}?division={DIVISION}", {"Name": "Acme"})[0]
    other = site.tell("POST", f"/rows/{ACCOUNTS}?division={OTHER_DIVISION}", {"Name": "Other"})[0]

    here, there = site.document(Account=own["ID"]), site.document(Account=other["ID"])

    assert (here["Account"], here["AccountName"], here["AccountCode"]) == (
        own["ID"],
        "Acme",
        " " * 17 + "1",
    )
    assert (there["Account"], there["AccountName"]) == (None, None)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"Nothing": 1}, "There is no property 'Nothing'"),
        ({"Account": "x"}, "property 'Account'"),
        ({"DocumentDate": "yesterday"}, "property 'DocumentDate'"),
        ({"Type": "twenty"}, "property 'Type'"),
        ({"Subject": 5}, "property 'Subject'"),
        ({"InheritShare": "yes"}, "property 'InheritShare'"),
    ],
)
def test_value_of_another_type_is_a_400_that_names_the_property(
    site: Desk, values: dict[str, object], name: str
) -> None:
    answer = site.post(DOCUMENTS, {"Subject": "x", "Type": 20} | values)

    status, words = said(answer)
    assert (status, name in words) == (400, True)
    assert site.ask("/documents") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"5"])
def test_body_that_is_no_object_is_a_400(site: Desk, body: bytes) -> None:
    answer = site.call("POST", DOCUMENTS, content=body)

    assert said(answer)[0] == 400


def test_type_that_nobody_may_create_is_refused(site: Desk) -> None:
    answers = [site.post(DOCUMENTS, {"Subject": "x", "Type": kind}) for kind in (60, 999)]

    assert [said(one) for one in answers] == [(500, "Unknown: Type")] * 2


def test_guid_chosen_by_the_client_is_ignored_or_honoured(site: Desk) -> None:
    ignored = site.document(ID=GUID)
    site.switch(client_guid="honoured")
    honoured = site.document(ID=GUID.upper())
    again = site.post(DOCUMENTS, {"Subject": "x", "Type": 20, "ID": GUID})

    assert (ignored["ID"] == GUID, honoured["ID"]) == (False, GUID)
    assert said(again) == (500, "Data already exists")


def test_subject_over_the_limit_is_refused_where_there_is_one(site: Desk) -> None:
    site.switch(max_subject=60)

    assert site.document("x" * 60)["Subject"] == "x" * 60
    assert said(site.post(DOCUMENTS, {"Subject": "x" * 61, "Type": 20})) == (
        500,
        "Too long: Subject",
    )


def test_answer_without_prefer_may_hold_the_key_alone(site: Desk) -> None:
    site.switch(needs_prefer=True)
    values = {"Subject": "x", "Type": 20}

    sparse = site.post(DOCUMENTS, values).json()["d"]
    full = site.post(DOCUMENTS, values, headers={"Prefer": "return=representation"}).json()["d"]

    assert (sparse["Subject"], full["Subject"]) == (None, "x")
    assert len(sparse["ID"]) == 36


def test_statements_have_a_type_of_their_own_where_the_switch_gives_one(site: Desk) -> None:
    refused = site.post(DOCUMENTS, {"Subject": "x", "Type": 85})
    site.switch(statement_type=85)
    made = site.document(Type=85)
    listed = site.results("documents/DocumentTypes", select="ID,Description")

    assert refused.status_code == 500
    assert made["TypeDescription"] == "Bank statement"
    assert [one["ID"] for one in listed] == [10, 20, 55, 60, 85]


def test_missing_field_and_missing_right_answer_the_status_of_their_switches(site: Desk) -> None:
    site.switch(mandatory_status=400, missing_right_status=401)
    missing = site.post(DOCUMENTS, {"Type": 20})
    site.tell("PATCH", "/users/els.peeters", {"denials": [{"endpoint": DOCUMENTS}]})

    assert said(missing) == (400, "Mandatory: Subject")
    assert site.get(DOCUMENTS).status_code == 401
