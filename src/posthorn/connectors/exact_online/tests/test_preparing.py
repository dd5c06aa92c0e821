"""Always Peppol BIS 3.0: as received where it is one, converted where it can be, else refused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest

from posthorn.connectors.exact_online.shipment import Shipment
from posthorn.connectors.exact_online.taking import MAX_BYTES
from posthorn.connectors.exact_online.tests.fake import guid
from posthorn.connectors.exact_online.tests.offices import (
    CODA,
    INVOICE,
    TAG,
    prepare,
    shipment,
    with_content,
)
from posthorn.documents import Verdict, examine
from posthorn.documents.convert import convert
from posthorn.documents.profiles import Profile
from posthorn.sdk import Document, Kind, Misconfigured, Rejected
from posthorn.sdk.testing import sample

CII = sample(Kind.PURCHASE, "cii")
FACTURX = sample(Kind.PURCHASE, "facturx")
BIS_ID = b"urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>"
PDF = b"%PDF-1.4 the picture"


def first(one: Shipment) -> bytes:
    return one.files[0].content


@cache
def beside(document: Document) -> Shipment:
    return shipment(document, pdf_alongside="on")


def refused(document: Document, **changed: str) -> Rejected:
    with pytest.raises(Rejected) as caught:
        prepare(document, **changed)
    return caught.value


def test_valid_bis_goes_byte_for_byte() -> None:
    one = shipment(INVOICE)

    assert first(one) == INVOICE.content
    assert prepare(INVOICE).summary["e_invoice"] == "as_received"


def test_bis_with_findings_goes_as_received_since_a_person_released_it() -> None:
    wrong = with_content(INVOICE, INVOICE.content.replace(b">121.00<", b">122.00<"))
    assert examine(wrong.content).verdict is Verdict.INVALID

    assert first(shipment(wrong)) == wrong.content


@pytest.mark.parametrize("document", [CII, FACTURX], ids=["cii", "facturx"])
def test_other_kinds_are_converted_to_valid_bis(document: Document) -> None:
    found = examine(first(shipment(document)))

    assert (found.profile, found.verdict) == (Profile.BIS, Verdict.VALID)
    assert found.facts.number == "2026/0042"


def test_ubl_of_another_profile_is_converted() -> None:
    plain = INVOICE.content.replace(
        b"urn:cen.eu:en16931:2017#compliant#" + BIS_ID,
        b"urn:cen.eu:en16931:2017</cbc:CustomizationID>",
    )
    assert plain != INVOICE.content

    one = prepare(with_content(INVOICE, plain))

    assert one.summary["e_invoice"] == "converted"


def test_what_cannot_be_converted_is_refused_with_the_reasons_in_the_clients_language() -> None:
    unfinished = CII.content.replace(b"<ram:BuyerReference>0017</ram:BuyerReference>", b"")
    document = replace(with_content(CII, unfinished), language="nl")
    assert convert(CII.content).changes

    outcome = refused(document)

    assert outcome.code == "not_convertible"
    assert "referentie" in outcome.detail.lower()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty_document"), (b"<Invoice", "unreadable_document"), (b"hello", "not_convertible"),
     (b"<!DOCTYPE x []><x/>", "unreadable_document")],
)  # fmt: skip
def test_file_that_is_no_e_invoice_is_refused(content: bytes, code: str) -> None:
    assert refused(with_content(INVOICE, content)).code == code


def test_plain_pdf_is_not_taken() -> None:
    assert refused(sample(Kind.PURCHASE, "pdf")).code == "format_not_taken"


def test_facturx_keeps_its_picture_inside_or_beside_and_never_both() -> None:
    inside, apart = shipment(FACTURX), beside(FACTURX)

    assert len(inside.files) == 1
    assert len(first(inside)) > len(FACTURX.content)
    assert [file.content for file in apart.files[1:]] == [FACTURX.content]
    assert len(first(apart)) < 10_000


def test_picture_inside_the_e_invoice_goes_beside_it_as_it_is() -> None:
    import base64  # noqa: PLC0415  for this one only

    reference = (
        "<cac:AdditionalDocumentReference><cbc:ID>{number}</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{number}.pdf">'
        "{pdf}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
        "</cac:AdditionalDocumentReference>"
    )
    terms = reference.format(number="terms", pdf=base64.b64encode(b"%PDF- terms").decode())
    picture = reference.format(number="2026/0042", pdf=base64.b64encode(PDF).decode())
    before = b"  <cac:AccountingSupplierParty>"
    content = INVOICE.content.replace(before, f"{terms}{picture}".encode() + before)

    one = beside(with_content(INVOICE, content))

    assert one.files[1].content == PDF
    assert first(one) == content


def test_missing_picture_is_drawn_and_is_the_same_every_time() -> None:
    one = beside(INVOICE)

    assert one.files[1].content.startswith(b"%PDF-1.7")
    assert one.files[1].name == "Papeterie-Etoile-SRL-2026-0042-1a0f0ddc.pdf"
    assert prepare(INVOICE, pdf_alongside="on").summary["pdf"] == "drawn"


@pytest.mark.parametrize(
    ("firm", "client", "count"),
    [("off", "inherit", 1), ("on", "inherit", 2), ("off", "on", 2), ("on", "off", 1)],
)
def test_clients_own_wish_goes_before_the_firms(firm: str, client: str, count: int) -> None:
    assert len(shipment(INVOICE, attach_pdfs=firm, pdf_alongside=client).files) == count


def test_too_large_file_is_refused_before_it_is_opened() -> None:
    outcome = refused(with_content(INVOICE, b" " * (MAX_BYTES + 1)))

    assert (outcome.code, outcome.detail) == ("too_large", "10000001 bytes")


def test_statement_goes_as_it_is_whatever_its_bytes() -> None:
    latin = CODA.content.replace(b"KORENBLOEM", b"KORENBLO\xcbM")
    one = shipment(with_content(CODA, latin))

    assert first(one) == latin
    assert (one.type, one.files[0].type) == (55, 70)


def test_client_without_a_company_is_named() -> None:
    with pytest.raises(Misconfigured) as caught:
        prepare(INVOICE, company="")

    assert (caught.value.code, caught.value.field) == ("missing_company", "company")


def test_statement_type_that_is_no_number_is_named() -> None:
    with pytest.raises(Misconfigured) as caught:
        prepare(CODA, statement_type="Diversen")

    assert (caught.value.code, caught.value.field) == ("wrong_statement_type", "statement_type")


def test_archive_holds_every_file_as_it_is_and_reads_back() -> None:
    prepared = prepare(INVOICE, route="mailbox", mailbox=guid(5), pdf_alongside="on")

    with ZipFile(BytesIO(prepared.payload)) as archive:
        names = archive.namelist()
        kept = archive.read(names[1])
    one = shipment(INVOICE, route="mailbox", mailbox=guid(5), pdf_alongside="on")

    assert names == ["about.json", *(file.name for file in one.files)]
    assert kept == INVOICE.content
    assert INVOICE.content in prepared.payload  # stored, so that the archive's copy serves
    assert (one.mailbox, one.vat_number, one.date) == (guid(5), "BE0123456749", "2026-01-14")
    assert (prepared.media_type, prepared.envelope) == (
        "application/zip",
        {"company": "3400123", "route": "mailbox"},
    )


def test_summary_says_what_will_be_there() -> None:
    summary = prepare(INVOICE).summary

    assert summary["subject"] == f"2026/0042 Papeterie Étoile SRL {TAG}"
    assert summary["files"] == "Papeterie-Etoile-SRL-2026-0042-1a0f0ddc.xml (3114 B)"
    assert (summary["company"], summary["route"]) == ("3400123", "documents")


def test_sales_invoice_names_the_customer() -> None:
    one = shipment(replace(INVOICE, kind=Kind.SALES))

    assert one.subject.startswith("2026/0042 Bakkerij De")
    assert (one.type, one.vat_number) == (10, "BE0987654394")


def test_account_is_looked_for_only_where_the_firm_wants_it() -> None:
    assert shipment(INVOICE, link_accounts="off").vat_number == ""
