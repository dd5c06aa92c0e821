"""Postboxes, folders and entries of the stand-in for Exact Online."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import httpx
import pytest

from tests.process.exact_desk import (
    DIVISION,
    DOCUMENTS,
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


def test_line_booked_with_a_read_only_amount_is_booked_as_nothing(site: Desk) -> None:
    account = site.tell("POST", f"/rows/{ACCOUNTS}?division={DIVISION}", {"Name": "Acme"})[0]
    line = {"AmountDC": 100, "GLAccount": GUID}
    values = {"Journal": "60", "Supplier": account["ID"], "PurchaseEntryLines": [line]}

    answer = site.post(ENTRIES, values | {"Description": "Without a document"})
    made = answer.json()["d"]
    document = site.get(f"{DOCUMENTS}(guid'{made['Document']}')").json()["d"]

    assert (answer.status_code, made["AmountFC"], made["Status"]) == (201, 0, 20)
    assert (document["Subject"], document["Type"]) == ("Without a document", 20)


def test_entry_number_that_exists_is_a_500(site: Desk) -> None:
    account = site.tell("POST", f"/rows/{ACCOUNTS}?division={DIVISION}", {"Name": "Acme"})[0]
    line = {"AmountFC": 100, "GLAccount": GUID}
    values = {"Journal": "60", "Supplier": account["ID"], "PurchaseEntryLines": [line]}

    first = site.post(ENTRIES, values | {"EntryNumber": 7})
    second = site.post(ENTRIES, values | {"EntryNumber": 7})

    assert first.status_code == 201
    assert said(second) == (500, "Data already exists")


def test_message_to_the_postbox_is_kept_with_its_file(site: Desk) -> None:
    box = site.results("read/mailbox/DefaultMailbox")[0]
    sides = {"SenderMailboxID": box["ID"], "RecipientMailboxID": box["ID"]}

    message = site.post(MESSAGES, sides | {"Subject": "Invoice", "Type": 1000}).json()["d"]
    site.switch(processed_file_types=[130])
    content = base64.b64encode(UBL).decode()
    values = {"MailMessageID": message["ID"], "AttachmentFileName": "a.xml", "Type": 130}
    attached = site.post(FILES, values | {"Attachment": content})

    assert (message["RecipientStatus"], message["ForDivision"], message["RecipientMailbox"]) == (
        25,
        DIVISION,
        f"{DIVISION}@postbox.exact.example",
    )
    assert (attached.status_code, attached.json()["d"]["Attachment"]) == (201, None)
    assert site.call("GET", attached.json()["d"]["Url"]).content == UBL
    kept = site.ask(f"/messages?division={DIVISION}")
    assert [(one["subject"], one["type"], one["status"]) for one in kept] == [("Invoice", 1000, 50)]
    assert [one["file_name"] for one in kept[0]["files"]] == ["a.xml"]


def test_message_cannot_be_changed_or_deleted(site: Desk) -> None:
    box = site.results("mailbox/Mailboxes", filter=f"ForDivision eq {DIVISION}")[0]
    sides = {"SenderMailboxID": box["ID"], "RecipientMailboxID": box["ID"]}
    made = site.post(MESSAGES, sides | {"Subject": "x"}).json()["d"]
    place = f"{MESSAGES}(guid'{made['ID']}')"

    answers = [site.call("PUT", place, json={}), site.call("DELETE", place)]

    assert [one.status_code for one in answers] == [405, 405]


def test_message_needs_both_postboxes_and_a_file_its_message(site: Desk) -> None:
    box = site.results("read/mailbox/DefaultMailbox")[0]["ID"]
    missing = site.post(MESSAGES, {"SenderMailboxID": box, "Subject": "x"})
    unknown = site.post(
        MESSAGES, {"SenderMailboxID": box, "RecipientMailboxID": GUID, "Subject": "x"}
    )
    orphan = site.post(
        FILES, {"MailMessageID": GUID, "AttachmentFileName": "a.xml", "Attachment": "YWJj"}
    )

    assert said(missing) == (500, "Mandatory: RecipientMailboxID")
    assert said(unknown) == (500, "Unknown: RecipientMailbox")
    assert said(orphan) == (500, "Unknown: MailMessageID")


def test_folder_and_category_are_named_on_the_document(site: Desk) -> None:
    folder = site.post("documents/DocumentFolders", {"Code": "P", "Description": "Purchases"})
    made = site.document(DocumentFolder=folder.json()["d"]["ID"])
    categories = site.results("documents/DocumentCategories", select="Description")

    assert (made["DocumentFolderCode"], made["DocumentFolderDescription"]) == ("P", "Purchases")
    assert sorted(one["Description"] for one in categories) == ["Customers", "Suppliers"]


def test_journals_have_their_types(site: Desk) -> None:
    found = site.results("financial/Journals", select="Code,Type")

    assert sorted((one["Code"], one["Type"]) for one in found) == [
        ("20", 12),
        ("60", 22),
        ("70", 20),
        ("90", 90),
    ]
