"""Every shared sample through every family: what arrives is what was sent, but for one reference.

The samples lie beside the repository; without them these tests are skipped.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from posthorn.connectors.email_delivery.contents import Contents, contents_of
from posthorn.connectors.email_delivery.embedded import embedded_pdf
from posthorn.connectors.email_delivery.families import Family
from posthorn.connectors.email_delivery.message import Envelope, build
from posthorn.connectors.email_delivery.presets import Preset, presets
from posthorn.connectors.email_delivery.tests.invoices import CODA, INVOICE, KEY
from posthorn.connectors.email_delivery.tests.mailbox import read
from posthorn.documents import DocumentError, Format, sniff
from posthorn.documents.opening import open_inside
from posthorn.documents.reader import content_of
from posthorn.sdk import Document, Rejected

SAMPLES = Path(__file__).parents[7] / "shared" / "samples"
INVOICES = sorted((SAMPLES / "ubl" / "files").glob("*.xml"))
STATEMENTS = sorted(path for path in (SAMPLES / "bank").glob("*.*") if path.name != "manifest.tsv")
ENVELOPE = Envelope(sender="a@b.example", recipient="c@d.example", key=KEY)
ON = {"attach_pdfs": "on"}
PRESETS = {
    Family.GENERIC: "generic",
    Family.EMBEDDED_ONLY: "odoo",
    Family.NONE: "winbooks",
    Family.SEPARATE_SAME_STEM: "trifact365",
    Family.PDF_ONLY: "quickbooks_online",
}
ADDED = re.compile(
    rb"<cac:AdditionalDocumentReference xmlns:cac=.*?</cac:AdditionalDocumentReference>",
    re.DOTALL,
)

pytestmark = pytest.mark.skipif(
    not INVOICES or not STATEMENTS, reason=f"no samples in {SAMPLES}: nothing to send"
)


@cache
def document_of(path: Path) -> Document:
    content = path.read_bytes()
    found = sniff(content).format
    is_statement = found in {Format.CODA, Format.CAMT053, Format.MT940}
    return replace(
        CODA if is_statement else INVOICE,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        format=found,
        file_name=path.name,
        is_credit_note=found == Format.UBL_CREDIT_NOTE,
    )


def received(path: Path, family: Family) -> dict[str, bytes]:
    """Send a sample and read the mail back: extension → bytes; all names have one stem."""
    mail = build(document_of(path), ENVELOPE, _contents(path, family).files)
    parts = list(read(mail).iter_attachments())
    names = [(part.get_filename() or "").rpartition(".") for part in parts]
    assert len({stem for stem, _, _ in names}) == 1
    return {
        ending: bytes(part.get_payload(decode=True) or b"")
        for (_, _, ending), part in zip(names, parts, strict=True)
    }


@cache
def _contents(path: Path, family: Family) -> Contents:
    return contents_of(document_of(path), _preset(family), ON)


def _preset(family: Family) -> Preset:
    found = presets()[PRESETS[family]]
    assert found.family is family
    return found


@pytest.mark.parametrize("path", INVOICES, ids=lambda path: path.name[:3])
def test_an_invoice_arrives_as_it_was_wherever_it_travels(path: Path) -> None:
    own = path.read_bytes()
    pdf = embedded_pdf(own)

    beside = received(path, Family.GENERIC)
    assert beside == {"xml": own} | ({"pdf": pdf} if pdf else {})
    assert received(path, Family.NONE) == {"xml": own}
    inside = received(path, Family.EMBEDDED_ONLY)
    assert list(inside) == ["xml"]
    assert ADDED.sub(b"", inside["xml"]) == own
    assert (inside["xml"] == own) == (pdf is not None or not _takes_pdf(path))


def _takes_pdf(path: Path) -> bool:
    """Tell whether a PDF can be drawn and put into a sample that has none."""
    remark = _contents(path, Family.EMBEDDED_ONLY).remark
    assert remark in {"drawn_inside", "inside_already", "not_placed", "cannot_draw"}
    return remark == "drawn_inside"


@pytest.mark.parametrize("path", INVOICES, ids=lambda path: path.name[:3])
def test_a_demanded_pdf_comes_with_every_invoice_that_can_be_read(path: Path) -> None:
    own = path.read_bytes()
    if not _is_readable(path):
        for family in (Family.SEPARATE_SAME_STEM, Family.PDF_ONLY):
            with pytest.raises(Rejected, match="cannot_draw"):
                received(path, family)
        return
    pair, alone = received(path, Family.SEPARATE_SAME_STEM), received(path, Family.PDF_ONLY)

    assert pair == {"xml": own, "pdf": alone["pdf"]}
    assert list(alone) == ["pdf"]
    assert alone["pdf"].startswith(b"%PDF-")


def _is_readable(path: Path) -> bool:
    try:
        return content_of(open_inside(path.read_bytes())) is not None
    except DocumentError:
        return False


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.name)
def test_a_bank_file_arrives_as_it_was_wherever_it_travels(path: Path) -> None:
    for family in Family:
        found = received(path, family)

        if family is Family.PDF_ONLY:
            assert list(found) == ["pdf"]
        else:
            assert list(found.values()) == [path.read_bytes()]
