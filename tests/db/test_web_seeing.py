"""What a document looks like, what is inside it, and that nothing of it acts in our name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from posthorn.archive.drawing import processes
from posthorn.tenancy.roles import Role
from tests.db import web_rows
from tests.db.factories import ClientFactory
from tests.db.web_desk import Desk
from tests.invoices import invoice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.archive.models import Document

pytestmark = pytest.mark.django_db
FULL = (Path(__file__).parent.parent / "samples" / "ubl" / "full-invoice.xml").read_bytes()
PDF = b"%PDF-1.7 of somebody"


@pytest.fixture(autouse=True, scope="module")
def _end_the_child() -> Iterator[None]:
    yield
    processes().close()


def stored(desk: Desk, data: bytes, **values: object) -> Document:
    return web_rows.stored_document(data, firm=desk.firm, client=desk.client, **values)


def test_a_drawing_stands_in_a_frame_without_rights() -> None:
    desk = Desk()
    document = stored(desk, invoice(number="F-77"))

    page = desk.read(f"documents/{document.pk}/")
    drawn = desk.browser.get(f"{desk.base}/documents/{document.pk}/rendering/")

    assert "sandbox" in page
    assert f"/documents/{document.pk}/rendering/" in page
    assert "F-77" in drawn.content.decode()
    assert drawn["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert drawn["X-Frame-Options"] == "SAMEORIGIN"


def test_only_pages_with_a_drawing_may_hold_frames_and_none_may_be_framed() -> None:
    desk = Desk()
    document = desk.document()
    policies = {
        path: desk.browser.get(f"{desk.base}/{path}")["Content-Security-Policy"]
        for path in ("documents/", f"documents/{document.pk}/", "deliveries/")
    }
    assert ["frame-src 'self'" in policy for policy in policies.values()] == [True, True, False]
    assert ["frame-ancestors 'none'" in policy for policy in policies.values()] == [True] * 3


def test_a_drawing_speaks_the_language_of_the_page() -> None:
    desk = Desk()
    document = stored(desk, invoice())
    address = f"{desk.base}/documents/{document.pk}/rendering/"
    desk.person.language = "nl"
    desk.person.save()
    assert b'<html lang="nl">' in desk.browser.get(address).content


@pytest.mark.parametrize("data", [b"<broken", PDF, b"\x00\x01", b"<a/>"])
def test_what_cannot_be_drawn_says_so_and_shows_its_facts(data: bytes) -> None:
    desk = Desk()
    document = stored(desk, data)

    drawn = desk.browser.get(f"{desk.base}/documents/{document.pk}/rendering/")

    assert drawn.status_code == 200
    assert b"This file cannot be shown here." in drawn.content
    assert "What it says" in desk.read(f"documents/{document.pk}/")


def test_files_inside_are_listed_and_handed_out() -> None:
    desk = Desk()
    document = stored(desk, FULL)
    base = f"{desk.base}/documents/{document.pk}"

    page = desk.read(f"documents/{document.pk}/", tab="files")
    got = desk.browser.get(f"{base}/inside/0/")

    assert "times.csv" in page
    assert "https://seller.example/times.csv" in page
    assert 'href="https://seller.example' not in page
    assert got.content == b"day;hours\n"
    assert got["Content-Disposition"] == 'attachment; filename="times.csv"'
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    # It is no PDF, whatever the address asks for.
    assert "attachment" in desk.browser.get(f"{base}/inside/0/?open")["Content-Disposition"]
    assert desk.browser.get(f"{base}/inside/9/").status_code == 404


def test_files_inside_exist_for_nobody_who_may_not_open_the_document() -> None:
    desk, other = Desk(), Desk(Role.ACCOUNTANT)
    document = stored(desk, FULL)
    foreign = ClientFactory.create(firm=other.firm)
    theirs = web_rows.stored_document(FULL, firm=other.firm, client=foreign)
    paths = ("inside/0/", "rendering/", "pdf/", "preview/", "file/")

    got = {
        other.browser.get(f"{other.base}/documents/{row.pk}/{path}").status_code
        for row in (document, theirs)
        for path in paths
    }

    assert got == {404}


def test_a_pdf_opens_in_the_browser_and_nothing_else_does() -> None:
    desk = Desk()
    document = stored(desk, PDF, file_name="scan.pdf", format="pdf")
    other = stored(desk, b"<script>alert(1)</script>", format="pdf")
    base = f"{desk.base}/documents"

    shown = desk.browser.get(f"{base}/{document.pk}/pdf/")

    assert "Open PDF" in desk.read(f"documents/{document.pk}/")
    assert shown.content == PDF
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"] == 'inline; filename="scan.pdf"'
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert desk.browser.get(f"{base}/{other.pk}/pdf/").status_code == 404


def test_the_xml_is_folded() -> None:
    desk = Desk()
    document = stored(desk, invoice(number="F-8", note="plain"))

    page = desk.read(f"documents/{document.pk}/", tab="xml")

    assert "ubl:Invoice" in page
    assert "<summary>cac:LegalMonetaryTotal</summary>" in page
    assert "&lt;cbc:PayableAmount currencyID=&quot;EUR&quot;&gt;121.00" in page


def test_neighbours_are_those_of_the_list_it_was_opened_from() -> None:
    desk = Desk()
    first, second, third = (
        desk.document(number=f"N-{number}", direction=direction)
        for number, direction in enumerate(("purchase", "sales", "purchase"))
    )

    everywhere = desk.read(f"documents/{first.pk}/")
    bought = desk.read(f"documents/{first.pk}/", direction="purchase")

    assert f"{desk.base}/documents/{second.pk}/" in everywhere
    assert f"{desk.base}/documents/{third.pk}/?direction=purchase" in bought
    assert f"{desk.base}/documents/{second.pk}/" not in bought


def test_a_preview_is_a_piece_for_scripts_and_a_page_without() -> None:
    desk = Desk()
    document = desk.document(number="P-1")
    address = f"{desk.base}/documents/{document.pk}/preview/"

    piece = desk.browser.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = desk.browser.get(address).content.decode()

    assert ["<html" in each for each in (piece, whole)] == [False, True]
    assert ["P-1" in each and "Approve" in each for each in (piece, whole)] == [True, True]


def test_the_page_of_a_document_tells_its_tries_with_their_proof() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1, remote_id="<key.1@kantoor.example>")
    web_rows.attempt(delivery)
    web_rows.revision(delivery)

    page = desk.read(f"documents/{delivery.document_id}/")

    shown = [
        "Attempt 1",
        "250 2.0.0 Ok: queued as 4XyZ",
        "TLSv1.3 TLS_AES_256_GCM_SHA384",
        "took 180 ms",
        "&lt;key.1@kantoor.example&gt;",
        "Accepted by mail server",
        'data-key="r"',
    ]
    assert [one for one in shown if one not in page] == []


def test_a_document_that_could_not_be_read_is_read_again() -> None:
    desk = Desk()
    document = stored(desk, invoice(), reading="unreadable", problem="xml.malformed")
    assert "Read again" in desk.read(f"documents/{document.pk}/")
    page = desk.post(f"documents/{document.pk}/read-again/")
    assert "It is being read again." in page
    assert "Being read" in page
