"""What one mail carries for each family of packages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from posthorn.connectors.email_delivery import connector as email_delivery
from posthorn.connectors.email_delivery.contents import contents_of
from posthorn.connectors.email_delivery.drawn import MAX_LINES
from posthorn.connectors.email_delivery.presets import Preset, presets, read_preset
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
from posthorn.connectors.email_delivery.tests.mailbox import Mailbox, read
from posthorn.sdk import Document, Kind, Misconfigured, Prepared, Rejected
from posthorn.sdk.testing import MemoryLinks, memory_context, sample

WITH_PDF = with_attachments(("application/pdf", PDF_FILE))
UNREADABLE = with_content(INVOICE, b"<Invoice>cut off")
SCAN = sample(Kind.PURCHASE, "pdf")
PAIR = {"package": "trifact365", "attach_pdfs": "on"}
INSIDE = {"package": "odoo", "attach_pdfs": "on"}
ALONE = {"package": "xero"}


def with_lines(count: int) -> Document:
    line = re.search(rb"  <cac:InvoiceLine>.*?</cac:InvoiceLine>\n", INVOICE.content, re.DOTALL)
    assert line is not None
    return with_content(INVOICE, INVOICE.content.replace(line[0], line[0] * count))


def files_of(prepared: Prepared) -> dict[str, bytes]:
    """Return media type and content of each file; all have one stem."""
    parts = list(read(prepared.payload).iter_attachments())
    assert len({(part.get_filename() or "").rpartition(".")[0] for part in parts}) == 1
    return {part.get_content_type(): bytes(part.get_payload(decode=True) or b"") for part in parts}


def refused(document: Document, **changed: str) -> str:
    with pytest.raises(Rejected) as caught:
        prepare(document, **changed)
    return caught.value.code


def test_a_demanded_pair_has_the_invoices_own_pdf() -> None:
    prepared = prepare(WITH_PDF, **PAIR)

    assert files_of(prepared) == {"application/xml": WITH_PDF.content, "application/pdf": PDF_FILE}
    assert prepared.summary["pdf"] == "attached"


def test_a_demanded_pair_has_a_pdf_drawn_from_the_invoice_always_the_same() -> None:
    prepared = prepare(INVOICE, **PAIR)

    files = files_of(prepared)
    assert files["application/xml"] == INVOICE.content
    assert files["application/pdf"].startswith(b"%PDF-")
    assert prepared.summary["pdf"] == "drawn"
    assert prepare(INVOICE, **PAIR) == prepared


def test_a_drawn_pdf_holds_no_second_invoice() -> None:
    pdf = files_of(prepare(INVOICE, **PAIR))["application/pdf"]

    assert b"/EmbeddedFile" not in pdf
    assert b"/AF" not in pdf


def test_the_package_wins_where_the_client_still_says_off() -> None:
    given = {**settings(**PAIR), "attach_pdfs": "off", "pdf_alongside": "off"}

    prepared = email_delivery().prepare(Mailbox().context(given), INVOICE, key=KEY)

    assert sorted(files_of(prepared)) == ["application/pdf", "application/xml"]


@pytest.mark.parametrize(
    ("document", "code"),
    [(UNREADABLE, "cannot_draw"), (with_lines(MAX_LINES + 1), "too_long_to_draw")],
    ids=["unreadable", "too long"],
)
def test_no_xml_leaves_without_the_pdf_that_is_demanded(document: Document, code: str) -> None:
    assert refused(document, **PAIR) == code
    assert refused(document, **ALONE) == code


def test_a_pair_that_is_too_large_is_refused_and_not_cut() -> None:
    pdf = b"%PDF-" + bytes(3_600_000)
    document = with_attachments(("application/pdf", pdf))

    assert refused(document, **PAIR) == "too_large_for_mail"


def test_a_pdf_is_put_inside_where_two_files_would_be_two_invoices() -> None:
    prepared = prepare(INVOICE, **INSIDE)

    (content,) = files_of(prepared).values()
    assert content != INVOICE.content
    assert (
        re.sub(
            rb"<cac:AdditionalDocumentReference xmlns:cac=.*?</cac:AdditionalDocumentReference>",
            b"",
            content,
            flags=re.DOTALL,
        )
        == INVOICE.content
    )
    assert prepared.summary["pdf"] == "drawn_inside"


@pytest.mark.parametrize(
    ("document", "remark"),
    [
        (WITH_PDF, "inside_already"),
        (UNREADABLE, "cannot_draw"),
        (with_lines(MAX_LINES + 1), "too_long_to_draw"),
    ],
    ids=["has one", "unreadable", "too long"],
)
def test_an_invoice_into_which_none_goes_travels_as_received(
    document: Document, remark: str
) -> None:
    prepared = prepare(document, **INSIDE)

    assert files_of(prepared) == {"application/xml": document.content}
    assert prepared.summary["pdf"] == remark


def test_a_signed_invoice_is_not_touched() -> None:
    mark = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    signed = with_content(INVOICE, INVOICE.content.replace(b"  <cac:Acc", mark + b"  <cac:Acc", 1))

    prepared = prepare(signed, **INSIDE)

    assert files_of(prepared) == {"application/xml": signed.content}
    assert prepared.summary["pdf"] == "not_placed"


def test_where_only_pdfs_are_read_the_pdf_goes_alone() -> None:
    own, drawn = prepare(WITH_PDF, **ALONE), prepare(INVOICE, **ALONE)

    assert files_of(own) == {"application/pdf": PDF_FILE}
    assert own.summary["pdf"] == "attached_alone"
    assert list(files_of(drawn)) == ["application/pdf"]
    assert drawn.summary["pdf"] == "drawn_alone"


def test_a_bank_file_is_drawn_where_only_pdfs_are_read() -> None:
    prepared = prepare(CODA, package="quickbooks_online")

    assert list(files_of(prepared)) == ["application/pdf"]
    assert prepared.summary["pdf"] == "drawn_alone"


@pytest.mark.parametrize("package", ["generic", "odoo", "trifact365", "xero"])
def test_a_scan_travels_as_it_is(package: str) -> None:
    assert files_of(prepare(SCAN, package=package)) == {"application/pdf": SCAN.content}


def test_a_kind_the_package_does_not_take_is_refused() -> None:
    assert refused(replace(INVOICE, kind=Kind.SALES), package="xero") == "format_not_taken"
    assert refused(CODA, package="basecone", **BASECONE) == "format_not_taken"


BASECONE = dict.fromkeys(
    ("purchase_address", "sales_address", "statement_address"), "a.b@mailtobasecone.com"
)


def preset(**facts: str) -> Preset:
    head = 'name = "B"\nchecked = "2026-11"\nconfidence = "H"\nnotes = []\n[sources]\n[facts]\n'
    lines = [f'{k} = {{ is = {v}, confidence = "own", why = "x" }}' for k, v in facts.items()]
    return read_preset("books.toml", head + "\n".join(lines))


def test_nothing_is_drawn_where_nobody_says_that_it_may_be() -> None:
    pair = preset(pdf_mode='"separate_same_stem"', pair_required="true")
    alone = preset(pdf_mode='"pdf_only"', render_if_missing="false")

    for one in (pair, alone):
        with pytest.raises(Rejected) as caught:
            contents_of(INVOICE, one, {})
        assert caught.value.code == "no_pdf"


def test_a_pdf_beside_is_drawn_where_a_preset_says_so() -> None:
    merged = preset(pdf_mode='"separate_same_stem"', render_if_missing="true")

    found = contents_of(INVOICE, merged, {"pdf_alongside": "on"})
    failed = contents_of(UNREADABLE, merged, {"pdf_alongside": "on"})

    assert [len(found.files), found.remark] == [2, "drawn"]
    assert [len(failed.files), failed.remark] == [1, "cannot_draw"]


@pytest.mark.parametrize(
    ("package", "document", "start"),
    [
        ("trifact365", INVOICE, "Inkoop Aankoopfactuur 2026/0042 "),
        ("trifact365", replace(INVOICE, kind=Kind.SALES), "Verkoop Verkoopfactuur 2026/0042 "),
        ("trifact365", replace(INVOICE, is_credit_note=True), "Inkoop Aankoopcreditnota "),
        ("basecone", INVOICE, "[INK] Aankoopfactuur 2026/0042 "),
        ("basecone", replace(INVOICE, kind=Kind.SALES), "[VRK] Verkoopfactuur 2026/0042 "),
        ("generic", INVOICE, "Aankoopfactuur 2026/0042 "),
    ],
)
def test_a_subject_begins_as_the_package_wants(
    package: str, document: Document, start: str
) -> None:
    more = BASECONE if package == "basecone" else {}
    prepared = prepare(document, package=package, **more)

    said = read(prepared.payload)["Subject"]
    assert said == prepared.summary["subject"]
    assert said.startswith(start)
    assert len(said) <= 64


def test_credit_notes_go_to_their_own_address_where_there_is_one() -> None:
    note = replace(INVOICE, is_credit_note=True)
    apart = {"credit_addresses": "on", "purchase_credit_address": "Credit@import.example"}

    assert prepare(note, **apart).envelope["to"] == "Credit@import.example"
    assert prepare(INVOICE, **apart).envelope["to"] == "In@import.example"
    assert prepare(note).envelope["to"] == "In@import.example"
    sale = replace(note, kind=Kind.SALES)
    assert prepare(sale, **apart).envelope["to"] == "Uit@import.example"
    assert prepare(sale, **apart, same_address="on").envelope["to"] == "In@import.example"


def test_a_link_travels_in_place_of_the_document() -> None:
    links = MemoryLinks()
    context = replace(memory_context(settings(attached_as="link"), mail=Mailbox()), links=links)

    prepared = email_delivery().prepare(context, INVOICE, key=KEY)

    (address,) = links.given
    mail = read(prepared.payload)
    assert list(mail.iter_attachments()) == []
    assert prepared.payload.count(address.encode()) == 2
    assert address not in str(prepared.summary)
    assert prepared.summary["files"] == ""
    assert email_delivery().prepare(context, INVOICE, key=KEY) == prepared


def test_a_stored_link_setting_is_refused_by_a_package_that_imports_attachments() -> None:
    given = {**settings(**PAIR), "attached_as": "link"}

    with pytest.raises(Misconfigured) as caught:
        email_delivery().prepare(Mailbox().context(given), INVOICE, key=KEY)

    assert (caught.value.code, caught.value.field) == ("link_not_taken", "attached_as")


def test_capitals_count_where_the_package_says_so() -> None:
    apart = {name for name in presets() if email_delivery().tells_case_apart({"package": name})}

    assert apart == {"clearfacts"}
