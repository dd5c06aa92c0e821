"""Makes the Peppol BIS 3.0 e-invoice that goes to Exact, and the PDF beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from posthorn.documents import DocumentError
from posthorn.documents.convert import NotConvertibleError, convert_opened
from posthorn.documents.formats import UBL_ROOTS, Format
from posthorn.documents.invoice import Invoice
from posthorn.documents.model import Facts, Party
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.profiles import Profile
from posthorn.documents.reader import content_of, read_opened
from posthorn.documents.render import Original, pdf
from posthorn.sdk import Document, Kind, Rejected

_PDF_START: Final = b"%PDF-"
_TOLD: Final = 5  # findings that a refusal quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoice:
    """The e-invoice to send and what it says; `made` tells how it came to be."""

    data: bytes = field(repr=False)
    facts: Facts
    made: str
    opened: Opened = field(repr=False)
    pdf: bytes | None = field(default=None, repr=False)  # the one that it came inside of

    def vat_number(self, kind: Kind) -> str:
        """Return the VAT number of the other side; empty when it has none."""
        other: Party | None = self.facts.buyer if kind is Kind.SALES else self.facts.seller
        return (other and other.vat_number) or ""


def e_invoice(document: Document, *, embed_pdf: bool) -> EInvoice:
    """Return the document as Peppol BIS 3.0; one that says it is goes as it was received.

    `embed_pdf` puts the PDF into the e-invoice that was taken out of it. Raises Rejected with the
    reason when nothing can be made of it.
    """
    try:
        opened = open_inside(document.content)
        return _as_received(opened) or _converted(opened, embed_pdf=embed_pdf)
    except NotConvertibleError as error:
        raise Rejected("not_convertible", detail=_reasons(error, document.language)) from error
    except DocumentError as error:
        raise Rejected("unreadable_document", detail=str(error)) from error


def _as_received(opened: Opened) -> EInvoice | None:
    """Return a BIS document, whatever findings it has: a person released it as it is."""
    if opened.profile is not Profile.BIS or opened.root not in UBL_ROOTS:
        return None
    data = opened.inside.data if opened.inside else opened.data
    made = "taken_out_of_pdf" if opened.inside else "as_received"
    return EInvoice(
        data=data,
        facts=read_opened(opened),
        made=made,
        opened=opened,
        pdf=opened.data if opened.inside else None,
    )


def _converted(opened: Opened, *, embed_pdf: bool) -> EInvoice:
    conversion = convert_opened(opened, embed_pdf=embed_pdf)
    made = open_inside(conversion.data)
    return EInvoice(
        data=conversion.data,
        facts=read_opened(made),
        made="converted" if conversion.changes else "as_received",
        opened=made,
        pdf=opened.data if opened.format is Format.FACTURX else None,
    )


def _reasons(error: NotConvertibleError, language: str) -> str:
    told = [finding.message(language) for finding in error.findings[:_TOLD]]
    more = len(error.findings) - len(told)
    return " ".join([*told, *([f"(+{more})"] if more > 0 else [])])


def picture_of(made: EInvoice, document: Document, name: str) -> tuple[bytes, str]:
    """Return the PDF to send beside an e-invoice and where it is from.

    The one that came, the one inside, or one drawn from the e-invoice; the same for every try.
    """
    if made.pdf is not None:
        return made.pdf, "attached"
    invoice = _invoice(made.opened)
    inside = next(_pdfs(invoice), None)
    if inside is not None:
        return inside, "attached"
    original = Original(data=made.data, name=name)
    drawn = pdf(invoice, document.language, original=original, made=document.released_at)
    return drawn, "drawn"


def _invoice(opened: Opened) -> Invoice:
    content = content_of(opened)
    if not isinstance(content, Invoice):
        raise Rejected("not_convertible", detail=opened.format)
    return content


def _pdfs(invoice: Invoice) -> Iterator[bytes]:
    """Yield the PDFs inside, first those named like the invoice: terms and reports follow it."""
    found = [each for each in invoice.attachments if (each.content or b"").startswith(_PDF_START)]
    number = (invoice.number or "").casefold()
    found.sort(
        key=lambda each: (
            not number or number not in f"{each.file_name or ''} {each.identifier or ''}".casefold()
        )
    )
    yield from (each.content for each in found if each.content)
