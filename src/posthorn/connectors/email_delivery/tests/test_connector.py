"""Where a document goes, what goes beside it, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from posthorn.connectors.email_delivery import connector as email_delivery
from posthorn.connectors.email_delivery.taking import MAIL_MAX_BYTES, largest_document
from posthorn.connectors.email_delivery.tests.invoices import (
    CODA,
    INVOICE,
    KEY,
    PDF_FILE,
    prepare,
    settings,
    with_attachments,
    with_content,
)
from posthorn.connectors.email_delivery.tests.mailbox import REPLY, SENDER, Mailbox, read
from posthorn.sdk import Document, Kind, Misconfigured, Prepared, Quota, Receipt, Rejected
from posthorn.sdk.testing import sample

MAX_BYTES = largest_document(MAIL_MAX_BYTES)
SALE = replace(INVOICE, kind=Kind.SALES)


def files_of(prepared: Prepared) -> list[tuple[str, bytes]]:
    parts = read(prepared.payload).iter_attachments()
    return [
        (part.get_content_type(), bytes(part.get_payload(decode=True) or b"")) for part in parts
    ]


def misconfigured(document: Document, given: Mapping[str, str]) -> tuple[str, str]:
    """Return code and field of the refusal; nothing may have been sent."""
    mailbox = Mailbox()
    with pytest.raises(Misconfigured) as caught:
        email_delivery().prepare(mailbox.context(given), document, key=KEY)

    assert mailbox.mails == []
    return caught.value.code, caught.value.field


@pytest.mark.parametrize(
    ("document", "address"),
    [(INVOICE, "In@import.example"), (SALE, "Uit@import.example"), (CODA, "Bank@import.example")],
)
def test_each_kind_goes_to_its_own_address(document: Document, address: str) -> None:
    prepared = prepare(document)

    assert prepared.envelope == {"from": SENDER, "to": address}
    assert read(prepared.payload)["To"] == address


def test_sales_follow_purchases_where_one_address_serves_both() -> None:
    assert prepare(SALE, same_address="on").envelope["to"] == "In@import.example"


def test_client_starts_with_the_firms_choice_of_one_address() -> None:
    assert prepare(SALE, same_address_start="on").envelope["to"] == "In@import.example"
    assert prepare(SALE, same_address_start="on", same_address="off").envelope["to"] == (
        "Uit@import.example"
    )


@pytest.mark.parametrize(
    ("document", "changed", "field"),
    [
        (INVOICE, {"purchase_address": ""}, "purchase_address"),
        (SALE, {"sales_address": ""}, "sales_address"),
        (SALE, {"same_address": "on", "purchase_address": ""}, "purchase_address"),
        (CODA, {"statement_address": ""}, "statement_address"),
    ],
)
def test_missing_address_names_the_field(
    document: Document, changed: dict[str, str], field: str
) -> None:
    assert misconfigured(document, settings(**changed)) == ("missing_address", field)


@pytest.mark.parametrize(
    "address",
    ["in@import.example\r\nBcc: x@y.example", "a@b.example, c@d.example", "in@", "<a@b.example>"],
)
def test_stored_address_that_is_none_is_refused_again(address: str) -> None:
    given = {**settings(), "purchase_address": address}

    assert misconfigured(INVOICE, given) == ("invalid_address", "purchase_address")


def test_mail_to_ourselves_is_refused() -> None:
    given = settings(purchase_address=SENDER.upper())

    assert misconfigured(INVOICE, given) == ("own_address", "purchase_address")


def test_an_answer_goes_where_the_firm_says() -> None:
    mail = read(prepare(INVOICE, reply_to="Dossiers@kantoor.example").payload)

    assert mail["Reply-To"] == "Dossiers@kantoor.example"
    assert read(prepare(INVOICE).payload)["Reply-To"] is None
    hostile = {**settings(), "reply_to": "a@b.example\r\nBcc: x@y.example"}
    assert misconfigured(INVOICE, hostile) == ("invalid_address", "reply_to")


@pytest.mark.parametrize("sender", ["", "posthorn", "a b@c.example", "a@b\r\nBcc: x"])
def test_sender_that_is_no_address_is_refused(sender: str) -> None:
    mailbox = Mailbox(sender=sender)

    with pytest.raises(Misconfigured) as caught:
        email_delivery().prepare(mailbox.context(settings()), INVOICE, key=KEY)

    assert (caught.value.code, caught.value.field) == ("no_sender", "relay_from")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (replace(INVOICE, format="coda"), "format_not_taken"),
        (replace(CODA, format="ubl_invoice"), "format_not_taken"),
        (replace(INVOICE, format="zip"), "format_not_taken"),
        (with_content(INVOICE, b""), "empty_document"),
        (with_content(INVOICE, b"x" * (MAX_BYTES + 1)), "too_large_for_mail"),
    ],
)
def test_document_no_mail_may_carry_is_rejected(document: Document, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        prepare(document)

    assert caught.value.code == code


def test_largest_document_is_below_ten_megabytes_as_a_mail() -> None:
    payload = prepare(with_content(INVOICE, b"x" * MAX_BYTES)).payload

    assert len(payload) < 9_600_000


@pytest.mark.parametrize(
    ("firm", "client", "files", "remark"),
    [
        ("off", "inherit", 1, "off"),
        ("on", "inherit", 2, "attached"),
        ("on", "off", 1, "off"),
        ("off", "on", 2, "attached"),
    ],
)
def test_client_may_differ_from_the_firm_on_pdfs(
    firm: str, client: str, files: int, remark: str
) -> None:
    document = with_attachments(("application/pdf", PDF_FILE))

    prepared = prepare(document, attach_pdfs=firm, pdf_alongside=client)

    both = [("application/xml", document.content), ("application/pdf", PDF_FILE)]
    assert files_of(prepared) == both[:files]
    assert prepared.summary["pdf"] == remark


@pytest.mark.parametrize(
    "document",
    [
        INVOICE,
        with_attachments(("image/png", b"%PDF-not by its type")),
        with_attachments(("application/pdf", b"no pdf")),
        with_attachments(("application/pdf", "not base64!")),
        with_attachments(("application/pdf", "é")),
        with_content(INVOICE, b"<Invoice>cut off"),
        with_content(INVOICE, b"<!DOCTYPE a><Invoice/>"),
    ],
    ids=["none", "other type", "other content", "no base64", "no ascii", "cut off", "doctype"],
)
def test_invoice_without_a_pdf_goes_alone_and_says_so(document: Document) -> None:
    prepared = prepare(document, pdf_alongside="on")

    assert files_of(prepared) == [("application/xml", document.content)]
    assert prepared.summary["pdf"] == "none_in_document"


def test_first_pdf_is_taken_and_others_stay_inside() -> None:
    other = PDF_FILE + b"\n"
    document = with_attachments(
        ("text/csv", b"a;b"), ("Application/PDF", PDF_FILE), ("application/pdf", other)
    )

    assert files_of(prepare(document, pdf_alongside="on"))[1:] == [("application/pdf", PDF_FILE)]


def test_pdf_that_makes_the_mail_too_large_stays_inside() -> None:
    pdf = b"%PDF-" + bytes(3_600_000)
    document = with_attachments(("application/pdf", pdf))

    prepared = prepare(document, pdf_alongside="on")

    assert prepared.summary["pdf"] == "too_large"
    assert files_of(prepared) == [("application/xml", document.content)]


@pytest.mark.parametrize("document", [CODA, sample(Kind.PURCHASE, "pdf")])
def test_statements_and_pdfs_have_nothing_beside_them(document: Document) -> None:
    prepared = prepare(document, pdf_alongside="on")

    assert prepared.summary["pdf"] == "not_for_this_format"
    assert len(files_of(prepared)) == 1


def test_summary_shows_what_will_be_sent() -> None:
    assert prepare(INVOICE).summary == {
        "from": "posthorn@kantoor.example",
        "to": "In@import.example",
        "subject": "Aankoopfactuur 2026/0042 Papeterie Etoile SRL",
        "files": f"Papeterie-Etoile-SRL-2026-0042-{INVOICE.sha256[:8]}.xml",
        "pdf": "off",
    }


def test_receipt_holds_the_servers_final_reply() -> None:
    mailbox = Mailbox()
    prepared = prepare(INVOICE)

    receipt = email_delivery().deliver(mailbox.context(settings()), prepared)

    assert receipt == Receipt(
        remote_id=f"<{KEY}@kantoor.example>",
        evidence={
            "server": "relay.example:587",
            "reply": REPLY,
            "tls": "TLSv1.3",
            "queue_id": "4Bx1",
        },
    )
    assert mailbox.mails == [(SENDER, "In@import.example", prepared.payload)]


def test_check_logs_in_and_says_who_we_are() -> None:
    mailbox = Mailbox()

    assert email_delivery().check(mailbox.context(settings())) == SENDER
    assert (mailbox.checks, mailbox.mails) == (1, [])


@pytest.mark.parametrize(
    ("package", "quotas"),
    [("hubdoc", (Quota(most=300, within=timedelta(hours=24)),)), ("generic", ())],
)
def test_a_packages_own_rate_goes_with_each_mail(package: str, quotas: tuple[Quota, ...]) -> None:
    mailbox = Mailbox()
    context = mailbox.context(settings(package=package))
    prepared = prepare(INVOICE)

    email_delivery().deliver(context, prepared)

    assert mailbox.quotas == quotas
    assert len(mailbox.mails) == 1
