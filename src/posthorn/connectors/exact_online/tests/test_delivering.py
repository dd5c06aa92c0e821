"""One document, two calls, three with a PDF; every finished call is kept before the next."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from posthorn.connectors.exact_online import connector as exact_online
from posthorn.connectors.exact_online.tests.fake import COMPANY, POSTBOX, FakeExact, answer, guid
from posthorn.connectors.exact_online.tests.offices import CODA, INVOICE, TAG, context, prepare
from posthorn.sdk import (
    Context,
    Document,
    Kind,
    Misconfigured,
    Receipt,
    Rejected,
    Response,
)
from posthorn.sdk.testing import MemoryProgress, sample

EXACT = exact_online()
QUIET = {"link_accounts": "off"}


def deliver(fake: FakeExact, document: Document = INVOICE, /, **changed: str) -> Receipt:
    return EXACT.deliver(context(fake, **changed), prepare(document, **changed))


def posts(fake: FakeExact) -> list[str]:
    return [url.split("/", 4)[4] for method, url, _ in fake.calls if method == "POST"]


def test_purchase_invoice_becomes_a_document_with_its_e_invoice() -> None:
    fake = FakeExact()

    receipt = deliver(fake, **QUIET)

    [document] = fake.tables["documents/Documents"]
    assert document["Subject"] == f"2026/0042 Papeterie Étoile SRL {TAG}"
    assert (document["Type"], document["DocumentDate"]) == (20, "2026-01-14")
    assert fake.files_of(document["ID"]) == [
        ("Papeterie-Etoile-SRL-2026-0042-1a0f0ddc.xml", INVOICE.content)
    ]
    assert posts(fake) == ["documents/Documents", "documents/DocumentAttachments"]
    assert len(fake.calls) == 2
    assert receipt == Receipt(
        remote_id=document["ID"],
        url=f"https://start.exactonline.be/docs/DocViewContent.aspx?ID={document['ID']}"
        f"&_Division_={COMPANY}",
        evidence={
            "document": "20",
            "id": document["ID"],
            "company": COMPANY,
            "route": "documents",
            "subject": document["Subject"],
        },
    )


def test_receipt_reads_as_a_document_and_never_as_booked() -> None:
    said = exact_online.spec.arrived["en"].format_map(deliver(FakeExact()).evidence)

    assert said == "In Exact Online as document 20"
    assert all("book" not in words for words in exact_online.spec.arrived.values())


@pytest.mark.parametrize(("kind", "number"), [(Kind.PURCHASE, 20), (Kind.SALES, 10)])
def test_credit_note_travels_as_its_direction(kind: Kind, number: int) -> None:
    fake = FakeExact()

    deliver(fake, sample(kind, "ubl_credit_note"), **QUIET)

    assert [row["Type"] for row in fake.tables["documents/Documents"]] == [number]


def test_statement_becomes_a_document_of_the_chosen_type_in_the_chosen_folder() -> None:
    fake = FakeExact()

    deliver(fake, CODA, statement_type="77", folder=guid(900))

    [document] = fake.tables["documents/Documents"]
    assert (document["Type"], document["DocumentFolder"]) == (77, guid(900))
    assert document["Subject"] == f"BE21001234567803 12 {TAG}"
    [(name, content)] = fake.files_of(document["ID"])
    assert (name, content) == ("12-1cd86c72.cod", CODA.content)


def test_pdf_goes_beside_as_a_third_call() -> None:
    fake = FakeExact()

    deliver(fake, pdf_alongside="on", **QUIET)

    names = [name for name, _ in fake.files_of(fake.tables["documents/Documents"][0]["ID"])]
    stem = "Papeterie-Etoile-SRL-2026-0042-1a0f0ddc"
    assert names == [f"{stem}.xml", f"{stem}.pdf"]
    assert len(fake.calls) == 3


def test_postbox_message_goes_from_the_default_postbox_to_itself() -> None:
    fake = FakeExact()

    receipt = deliver(fake, route="mailbox")

    [message] = fake.tables["mailbox/MailMessagesSent"]
    assert (message["SenderMailboxID"], message["RecipientMailboxID"]) == (POSTBOX, POSTBOX)
    assert message["Type"] == 1000
    assert "ForDivision" not in message
    assert [row["Type"] for row in fake.tables["mailbox/MailMessageAttachments"]] == [130]
    assert (receipt.remote_id, receipt.url) == (message["ID"], "")


def test_bank_file_in_the_postbox_names_its_company() -> None:
    fake = FakeExact()

    deliver(fake, CODA, route="mailbox")

    [message] = fake.tables["mailbox/MailMessagesSent"]
    assert (message["Type"], message["ForDivision"]) == (2000, int(COMPANY))
    assert [row["Type"] for row in fake.tables["mailbox/MailMessageAttachments"]] == [70]


def test_chosen_postbox_and_announcement_are_used_without_asking() -> None:
    fake = FakeExact()

    deliver(fake, route="mailbox", mailbox=guid(7), mailbox_ubl="23")

    assert fake.tables["mailbox/MailMessagesSent"][0]["SenderMailboxID"] == guid(7)
    assert fake.tables["mailbox/MailMessageAttachments"][0]["Type"] == 23
    assert len(fake.calls) == 2


def test_company_without_a_postbox_is_a_wrong_setting_of_the_client() -> None:
    fake = FakeExact()
    fake.tables["read/mailbox/DefaultMailbox"] = []

    with pytest.raises(Misconfigured) as caught:
        deliver(fake, route="mailbox")

    assert (caught.value.code, caught.value.field) == ("no_postbox", "route")
    assert fake.stored() == []


class Remembers:
    """A memory that forgets nothing."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    def recall(self, name: str) -> str | None:
        return self.facts.get(name)

    def keep(self, name: str, value: str, **_: object) -> None:
        self.facts[name] = value


def remembering(fake: FakeExact, memory: Remembers, /, **changed: str) -> Context:
    return replace(context(fake, **changed), memory=memory)


def test_postbox_is_looked_up_once_for_all_documents_of_a_company() -> None:
    fake, memory = FakeExact(), Remembers()

    for key in ("one", "two", "three"):
        prepared = prepare(INVOICE, key=key, route="mailbox")
        EXACT.deliver(remembering(fake, memory, route="mailbox"), prepared)

    assert len(fake.calls) == 1 + 3 * 2


def test_document_is_linked_to_the_account_with_its_vat_number() -> None:
    fake, memory = FakeExact(), Remembers()
    fake.tables["crm/Accounts"] = [{"ID": guid(40), "VATNumber": "BE0123456749", "Name": "Étoile"}]

    for key in ("one", "two", "three"):
        EXACT.deliver(remembering(fake, memory), prepare(INVOICE, key=key))

    assert [row["Account"] for row in fake.tables["documents/Documents"]] == [guid(40)] * 3
    assert len(fake.calls) == 1 + 3 * 2


def test_supplier_without_an_account_is_asked_for_once_and_linked_to_none() -> None:
    fake, memory = FakeExact(), Remembers()

    for key in ("one", "two"):
        EXACT.deliver(remembering(fake, memory), prepare(INVOICE, key=key))

    assert ["Account" in row for row in fake.tables["documents/Documents"]] == [False, False]
    assert len(fake.calls) == 1 + 2 * 2


@pytest.mark.parametrize(
    "said", [answer(403, {}, reason="x"), answer(404), answer(200, "text"), answer(500)]
)
def test_accounts_that_cannot_be_read_keep_no_document_back(said: Response) -> None:
    fake, memory = FakeExact(), Remembers()
    fake.on_read = lambda url: said if url.endswith("crm/Accounts") else None

    for key in ("one", "two"):
        EXACT.deliver(remembering(fake, memory), prepare(INVOICE, key=key))

    assert len(fake.stored()) == 2
    assert [url for method, url, _ in fake.calls if method == "GET"] == [
        f"/api/v1/{COMPANY}/crm/Accounts"
    ]


def test_each_finished_call_is_recorded_before_the_next() -> None:
    fake = FakeExact()
    ctx = context(fake, pdf_alongside="on", **QUIET)
    fake.instead = []
    seen: list[list[str]] = []

    class Watching(MemoryProgress):
        def record(self, step: str, remote_id: str) -> None:
            super().record(step, remote_id)
            seen.append([step, str(fake.writes_seen)])

    progress = Watching()
    EXACT.deliver(replace(ctx, progress=progress), prepare(INVOICE, pdf_alongside="on", **QUIET))

    assert seen == [["entity", "1"], ["file.0", "2"], ["file.1", "3"]]


def test_next_try_goes_on_after_the_last_recorded_call() -> None:
    fake = FakeExact()
    ctx = context(fake, **QUIET)
    prepared = prepare(INVOICE, **QUIET)
    EXACT.deliver(ctx, prepared)

    again = EXACT.deliver(ctx, prepared)

    assert fake.writes_seen == 2
    assert again.evidence["document"] == "20"


def test_company_is_the_one_of_the_preparation_even_when_the_setting_changed() -> None:
    fake = FakeExact()
    prepared = prepare(INVOICE, **QUIET)

    receipt = EXACT.deliver(context(fake, company="999", **QUIET), prepared)

    assert receipt.evidence["company"] == COMPANY


@pytest.mark.parametrize(
    "payload",
    [b"", b"no archive", b"PK\x05\x06" + b"\0" * 18],
)
def test_payload_of_no_known_form_is_refused_before_any_call(payload: bytes) -> None:
    fake = FakeExact()

    with pytest.raises(Rejected) as caught:
        EXACT.deliver(context(fake), replace(prepare(INVOICE), payload=payload))

    assert caught.value.code == "unknown_form"
    assert fake.calls == []


def test_body_is_utf_8_json_with_the_file_in_base64() -> None:
    fake = FakeExact()
    deliver(fake, **QUIET)

    assert json.dumps(fake.tables["documents/DocumentAttachments"][0]["FileName"]).isascii()
    assert fake.tables["documents/DocumentAttachments"][0]["FileSize"] == len(INVOICE.content)
