"""Files attached in the stand-in for Exact Online: base64 in, the same bytes out."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

import httpx
import pytest

from tests.process.exact_desk import (
    ATTACHMENTS,
    DIVISION,
    DOCUMENTS,
    FRENCH,
    JSON,
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


@pytest.mark.parametrize("status", [404, 405])
def test_attachment_cannot_be_put_but_deleted(site: Desk, status: int) -> None:
    site.switch(attachment_put_status=status)
    made = site.attach(site.document()["ID"], b"abc").json()["d"]
    place = f"{ATTACHMENTS}(guid'{made['ID']}')"

    put = site.call("PUT", place, json={"FileName": "b.xml"})
    deleted = site.call("DELETE", place)

    assert (put.status_code, deleted.status_code) == (status, 204)


def test_each_mandatory_field_of_a_file_is_demanded(site: Desk) -> None:
    values = {"Document": site.document()["ID"], "FileName": "a.xml", "Attachment": "YWJj"}

    for name in values:
        rest = {key: value for key, value in values.items() if key != name}
        assert said(site.post(ATTACHMENTS, rest)) == (500, f"Mandatory: {name}")


def test_bytes_come_back_identical_from_the_address_in_the_answer(site: Desk) -> None:
    content = random.Random(1).randbytes(70_000)  # noqa: S311  any bytes
    document = site.document()

    answer = site.attach(document["ID"], content, "2026-00417 é.xml")
    made = answer.json()["d"]
    fetched = site.call("GET", made["Url"])
    saved = site.call("GET", made["Url"] + "&Download=1")

    assert answer.status_code == 201
    assert (made["Attachment"], made["FileSize"], made["Document"]) == (
        None,
        70_000,
        document["ID"],
    )
    assert sorted(made) == [
        "Attachment",
        "Document",
        "FileName",
        "FileSize",
        "ID",
        "Url",
        "__metadata",
    ]
    assert (fetched.content == content, saved.content == content) == (True, True)
    assert fetched.headers["Content-Disposition"].startswith("inline;")
    assert saved.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''2026-00417%20%C3%A9.xml"
    )
    listed = site.ask("/documents")[0]["files"]
    assert [(one["file_name"], one["size"], one["sha256"]) for one in listed] == [
        ("2026-00417 é.xml", 70_000, hashlib.sha256(content).hexdigest())
    ]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4])
def test_size_is_that_of_the_bytes_and_not_of_the_base64(site: Desk, size: int) -> None:
    made = site.attach(site.document()["ID"], b"x" * size).json()["d"]

    assert made["FileSize"] == size
    assert site.call("GET", made["Url"]).content == b"x" * size


@pytest.mark.parametrize("text", ["YWJ", "YW=j", "YWJj=", "====", "YWJ€", "YWJj\n", "Y W J j", 7])
def test_file_that_is_not_base64_is_refused_in_exacts_words(site: Desk, text: object) -> None:
    document = site.document()

    answer = site.post(
        ATTACHMENTS, {"Document": document["ID"], "FileName": "a.xml", "Attachment": text}
    )

    assert said(answer) == (400, NOT_BASE64)
    assert site.ask("/documents")[0]["files"] == []


def test_file_is_found_by_its_document_name_and_size(site: Desk) -> None:
    one, other = site.document("1"), site.document("2")
    site.attach(one["ID"], b"abc", "a.xml")
    site.attach(other["ID"], b"abcd", "b.xml")

    found = site.results(
        ATTACHMENTS, filter=f"Document eq guid'{other['ID']}'", select="FileName,FileSize"
    )

    assert [(row["FileName"], row["FileSize"]) for row in found] == [("b.xml", 4)]


def test_file_is_shown_to_nobody_outside_its_administration(site: Desk) -> None:
    made = site.attach(site.document()["ID"], b"secret").json()["d"]
    address = made["Url"].removeprefix(site.said["base"])

    nobody = site.site.get(address)
    wrong = site.site.get(address, headers={"Authorization": "Bearer x"})
    elsewhere = site.call("GET", address.replace(f"{DIVISION}", f"{OTHER_DIVISION}"))
    site.sign_in(FRENCH)
    stranger = site.call("GET", address)

    assert (nobody.status_code, nobody.headers["Location"][:24]) == (
        302,
        "/docs/Login.aspx?ReturnU",
    )
    assert [one.status_code for one in (wrong, elsewhere, stranger)] == [401, 404, 403]


def test_ubl_file_makes_a_proposal_only_where_the_switch_says_so(site: Desk) -> None:
    first = site.document()
    site.attach(first["ID"], UBL)
    site.switch(ubl_makes_proposal=True)
    purchase, sale = site.document(), site.document(Type=10)
    for one in (purchase, sale):
        site.attach(one["ID"], UBL)

    found = {one["ID"]: one["ProposedEntryStatus"] for one in site.results(DOCUMENTS)}

    assert [found[one["ID"]] for one in (first, purchase, sale)] == [None, 20, None]


@pytest.mark.parametrize("status", [400, 413])
def test_file_over_the_limit_is_refused(site: Desk, status: int) -> None:
    site.switch(max_attachment_bytes=10, too_large_status=status)
    document = site.document()["ID"]

    assert site.attach(document, b"x" * 10).status_code == 201
    assert said(site.attach(document, b"x" * 11)) == (status, "The file is too large.")


def test_content_type_without_a_body_is_not_sent(site: Desk) -> None:
    answer = site.call("DELETE", f"{DOCUMENTS}(guid'{site.document()['ID']}')", headers=JSON)

    assert (answer.headers.get("Content-Type"), answer.headers.get("Content-Length")) == (
        None,
        None,
    )


def test_proposal_is_made_on_request_and_for_the_types_of_the_switch(site: Desk) -> None:
    site.switch(regenerate_makes_proposal=True, proposal_types=[10])
    made = [site.document(Type=kind) for kind in (10, 10, 20)]
    for one in (made[0], made[2]):
        site.attach(one["ID"], UBL)
    for one in made:
        place = f"{DOCUMENTS}(guid'{one['ID']}')"
        site.call("PUT", place, json={"ActionRegenerateEntryProposal": True})

    found = {one["ID"]: one["ProposedEntryStatus"] for one in site.results(DOCUMENTS)}

    assert [found[one["ID"]] for one in made] == [20, None, None]
