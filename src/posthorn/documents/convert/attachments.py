"""Names attached files, drops what only a national profile wants, adds the invoice's PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Final

from posthorn.documents.convert.draft import Draft
from posthorn.documents.invoice import Attachment

# UBL.BE 1.31, ubl-BE-01: a reference that names the software which made the file.
_SOFTWARE: Final = "UBL.BE"
_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/csv": ".csv",
}
_MAX_NAME: Final = 60  # characters
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def drop_software(draft: Draft) -> None:
    """Drop the reference of UBL.BE to the software."""
    for each in draft.invoice.attachments:
        if _is_software(each):
            draft.note("CONVERT-NATIONAL", "BG-24", each.description or each.identifier)
    kept = (each for each in draft.invoice.attachments if not _is_software(each))
    draft.put(attachments=tuple(kept))


def _is_software(attachment: Attachment) -> bool:
    return attachment.identifier == _SOFTWARE and not attachment.is_embedded


def name_files(draft: Draft) -> None:
    """Give each attached file a name of its own (UBL-DT-07, DE-R-022)."""
    named: list[Attachment] = []
    for each in draft.invoice.attachments:
        name = _name_of(each, named) if each.is_embedded else each.file_name
        if name != each.file_name:
            draft.note("CONVERT-FILE-NAME", "BT-125", each.file_name, name)
        named.append(replace(each, file_name=name))
    draft.put(attachments=tuple(named))


def _name_of(attachment: Attachment, others: Iterable[Attachment]) -> str | None:
    ending = _ENDINGS.get(attachment.media_type or "")
    if attachment.file_name is not None:
        stem, dot, kind = attachment.file_name.rpartition(".")
        return _free(stem or kind, f".{kind}" if stem and dot else "", others)
    return None if ending is None else _free(_safe(attachment.identifier), ending, others)


def embed(draft: Draft, pdf: bytes) -> None:
    """Add the PDF that a person reads, under the descriptions that Belgian packages look for."""
    invoice = draft.invoice
    name = _free(_safe(invoice.number), ".pdf", invoice.attachments)
    draft.note("CONVERT-EMBEDDED", "BG-24", None, name)
    # UBL.BE 1.31, ubl-BE-01, asks for these two descriptions.
    description = "CreditNote" if invoice.is_credit_note else "CommercialInvoice"
    added = Attachment(
        identifier=invoice.number or description,
        description=description,
        is_embedded=True,
        content=pdf,
        media_type="application/pdf",
        file_name=name,
    )
    draft.put(attachments=(*invoice.attachments, added))


def _safe(text: str | None) -> str:
    """Return a text as part of a file name, hostile signs left out."""
    return _UNSAFE.sub("-", text or "")[:_MAX_NAME].strip(".-") or "attachment"


def _free(stem: str, ending: str, others: Iterable[Attachment]) -> str:
    """Return a file name that no other attachment has."""
    taken = {(each.file_name or "").lower() for each in others}
    names = (f"{stem}{ending}" if n == 1 else f"{stem}-{n}{ending}" for n in count(1))
    return next(name for name in names if name.lower() not in taken)
