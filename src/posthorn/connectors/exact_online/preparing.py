"""Maps a document to what goes to Exact, without any network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from posthorn.connectors.exact_online.invoices import EInvoice, e_invoice, picture_of
from posthorn.connectors.exact_online.naming import counterparty, stem_of, subject_of
from posthorn.connectors.exact_online.settings import (
    COMPANY,
    FOLDER,
    LINK_ACCOUNTS,
    MAILBOX,
    MAILBOX_UBL,
    MISCELLANEOUS,
    STATEMENT_TYPE,
    UBL_21,
    Route,
    route_of,
    wants_pdf,
)
from posthorn.connectors.exact_online.shipment import MEDIA_TYPE, File, Shipment, packed
from posthorn.connectors.exact_online.taking import MAX_BYTES, refuse
from posthorn.documents import DocumentError
from posthorn.documents.formats import Format
from posthorn.documents.opening import open_inside
from posthorn.documents.reader import read_opened
from posthorn.sdk import OFF, ON, Context, Document, Kind, Misconfigured, Prepared, Rejected

# Document types 20 and 10 (Exact's entry with attachment page; recorded live). Postbox message
# types 1000, 1100, 2000 and attachment types 10 PDF, 70 bank import (Exact's reference, 2025-07).
_DOCUMENT_TYPES: Final = {Kind.PURCHASE: 20, Kind.SALES: 10}
_MESSAGE_TYPES: Final = {Kind.PURCHASE: 1000, Kind.SALES: 1100, Kind.STATEMENT: 2000}
_PDF_FILE: Final = 10
_BANK_FILE: Final = 70
_EXTENSIONS: Final = {Format.CODA: "cod", Format.MT940: "sta", Format.CAMT053: "xml"}
_COMPANY: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """The files of a document, what its subject says, and what a person is told of it."""

    files: tuple[File, ...]
    number: str
    party: str
    vat_number: str
    told: dict[str, str]


def prepare(ctx: Context, document: Document, *, key: str) -> Prepared:
    """Return what will be sent. Raises Rejected, and Misconfigured without a company."""
    refuse(ctx.settings, document)
    company = company_of(ctx)
    load = _statement(ctx, document) if document.kind is Kind.STATEMENT else _invoice(ctx, document)
    shipment = _addressed(ctx, document, company, load, key=key)
    return Prepared(
        key=key,
        payload=packed(shipment),
        media_type=MEDIA_TYPE,
        envelope={"company": company, "route": str(shipment.route)},
        summary={
            "company": company,
            "route": str(shipment.route),
            "subject": shipment.subject,
            "type": str(shipment.type),
            "files": ", ".join(f"{file.name} ({len(file.content)} B)" for file in load.files),
            **load.told,
        },
    )


def company_of(ctx: Context) -> str:
    """Return the number of the company in Exact's addresses. Raises Misconfigured."""
    company = ctx.settings.get(COMPANY, "")
    if not _COMPANY.fullmatch(company):
        raise Misconfigured("missing_company", field=COMPANY)
    return company


def _addressed(
    ctx: Context, document: Document, company: str, load: _Load, *, key: str
) -> Shipment:
    route, settings = route_of(ctx.settings), ctx.settings
    is_mailbox = route is Route.MAILBOX
    subject = subject_of(load.number, load.party, key)
    return Shipment(
        route=route,
        company=company,
        subject=subject,
        type=_MESSAGE_TYPES[document.kind] if is_mailbox else _document_type(ctx, document.kind),
        files=load.files,
        date=document.issue_date.isoformat() if document.issue_date else "",
        folder="" if is_mailbox else settings.get(FOLDER, ""),
        mailbox=settings.get(MAILBOX, "") if is_mailbox else "",
        vat_number=load.vat_number if settings.get(LINK_ACCOUNTS, ON) == ON else "",
        for_company=is_mailbox and document.kind is Kind.STATEMENT,
    )


def _document_type(ctx: Context, kind: Kind) -> int:
    if kind in _DOCUMENT_TYPES:
        return _DOCUMENT_TYPES[kind]
    chosen = ctx.settings.get(STATEMENT_TYPE, MISCELLANEOUS)
    if not (chosen.isascii() and chosen.isdigit()):
        raise Misconfigured("wrong_statement_type", field=STATEMENT_TYPE)
    return int(chosen)


def _invoice(ctx: Context, document: Document) -> _Load:
    beside = wants_pdf(ctx.settings)
    made = e_invoice(document, embed_pdf=not beside)
    if len(made.data) > MAX_BYTES and not beside:
        # With the PDF inside it grew too large.
        made = e_invoice(document, embed_pdf=False)
    _refuse_large(made.data)
    stem = stem_of(document)
    ubl = File(name=f"{stem}.xml", content=made.data, type=_ubl_type(ctx))
    picture, remark = _picture(made, document, ubl.name) if beside else (None, OFF)
    beside_it = (File(name=f"{stem}.pdf", content=picture, type=_PDF_FILE),) if picture else ()
    return _Load(
        files=(ubl, *beside_it),
        number=document.number or made.facts.number or "",
        party=counterparty(document),
        vat_number=made.vat_number(document.kind),
        told={"e_invoice": made.made, "pdf": remark},
    )


def _ubl_type(ctx: Context) -> int:
    return int(ctx.settings.get(MAILBOX_UBL) or UBL_21)


def _picture(made: EInvoice, document: Document, name: str) -> tuple[bytes | None, str]:
    picture, remark = picture_of(made, document, name)
    return (picture, remark) if len(picture) <= MAX_BYTES else (None, "left_out")


def _refuse_large(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise Rejected("too_large", detail=f"{len(data)} bytes")


def _statement(ctx: Context, document: Document) -> _Load:
    del ctx
    try:
        facts = read_opened(open_inside(document.content))
    except DocumentError as error:
        raise Rejected("unreadable_document", detail=str(error)) from error
    name = f"{stem_of(document)}.{_EXTENSIONS[Format(document.format)]}"
    return _Load(
        files=(File(name=name, content=document.content, type=_BANK_FILE),),
        number=" ".join(facts.accounts[:1]),
        party=document.number or facts.statement_number or "",
        vat_number="",
        told={},
    )
