"""Decides what one mail carries of a document: the file, its PDF, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posthorn.connectors.email_delivery.drawn import drawn_pdf
from posthorn.connectors.email_delivery.embedded import embedded_pdf
from posthorn.connectors.email_delivery.families import INHERIT, Carry, Family, carried
from posthorn.connectors.email_delivery.inside import NotPlacedError, with_pdf_inside
from posthorn.connectors.email_delivery.message import (
    Attachment,
    attachment,
    pdf_attachment,
    stem,
)
from posthorn.connectors.email_delivery.presets import Preset
from posthorn.documents.model import Format
from posthorn.sdk import OFF, Document, Kind, Rejected

_PDF_FORMATS = frozenset({Format.PDF, Format.FACTURX})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The files of one mail, one word on the PDF, and what is left when they are too large."""

    files: tuple[Attachment, ...]
    remark: str
    without_pdf: Contents | None = None


def contents_of(document: Document, preset: Preset, settings: Mapping[str, str]) -> Contents:
    """Return what travels. Raises Rejected when the package demands what cannot be had."""
    if document.format in _PDF_FORMATS:
        return _as_received(document, "not_for_this_format")
    if document.kind is Kind.STATEMENT:
        is_drawn = preset.family is Family.PDF_ONLY
        return _filled(Carry.PDF_ALONE if is_drawn else None, document, preset)
    carry = carried(
        preset.family,
        client=settings.get("pdf_alongside", INHERIT),
        firm=settings.get("attach_pdfs", OFF),
        is_pair_demanded=bool(preset.pair_required),
    )
    return _filled(carry, document, preset)


def _filled(carry: Carry | None, document: Document, preset: Preset) -> Contents:
    match carry:
        case Carry.WITH_PDF_INSIDE:
            return _with_pdf_inside(document)
        case Carry.WITH_PDF_BESIDE:
            return _with_pdf_beside(document, preset)
        case Carry.PAIR:
            return _pair(document, preset)
        case Carry.PDF_ALONE:
            return _pdf_alone(document, preset)
        case _:
            return _as_received(document, "off" if carry else "not_for_this_format")


def _as_received(document: Document, remark: str) -> Contents:
    return Contents(files=(attachment(document, document.content),), remark=remark)


def _with_pdf_inside(document: Document) -> Contents:
    if embedded_pdf(document.content) is not None:
        return _as_received(document, "inside_already")
    try:
        content = with_pdf_inside(
            document.content,
            drawn_pdf(document),
            number=document.number,
            file_name=f"{stem(document)}.pdf",
        )
    except NotPlacedError:
        return _as_received(document, "not_placed")
    except Rejected as rejected:  # it goes as it is: the PDF is a help, not a demand
        return _as_received(document, rejected.code)
    files = (attachment(document, content),)
    plain = _as_received(document, "too_large")
    return Contents(files=files, remark="drawn_inside", without_pdf=plain)


def _with_pdf_beside(document: Document, preset: Preset) -> Contents:
    try:
        pair = _pair(document, preset)
    except Rejected as rejected:
        # What was not asked to be drawn is simply not there.
        is_missing = rejected.code == "no_pdf"
        return _as_received(document, "none_in_document" if is_missing else rejected.code)
    plain = _as_received(document, "too_large")
    return Contents(files=pair.files, remark=pair.remark, without_pdf=plain)


def _pair(document: Document, preset: Preset) -> Contents:
    pdf, remark = _pdf(document, preset)
    files = (attachment(document, document.content), pdf_attachment(document, pdf))
    return Contents(files=files, remark=remark)


def _pdf_alone(document: Document, preset: Preset) -> Contents:
    pdf, remark = _pdf(document, preset)
    return Contents(files=(pdf_attachment(document, pdf),), remark=f"{remark}_alone")


def _pdf(document: Document, preset: Preset) -> tuple[bytes, str]:
    own = None if document.kind is Kind.STATEMENT else embedded_pdf(document.content)
    if own is not None:
        return own, "attached"
    if not preset.render_if_missing:
        raise Rejected("no_pdf", detail=preset.name)
    return drawn_pdf(document), "drawn"
