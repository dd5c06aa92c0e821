"""What goes to Exact for one document: what is said of it and its files, as one ZIP archive.

A person can open it; the same input gives the same bytes, and every file is in it as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from posthorn.connectors.exact_online.settings import Route
from posthorn.sdk import Prepared, Rejected

MEDIA_TYPE: Final = "application/zip"
FORM: Final = 1  # of `about.json`; older ones are read for ever
_ABOUT: Final = "about.json"
# The earliest a ZIP archive knows; a real time would make two of one document differ.
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file; `type` is the digital postbox's number for its kind."""

    name: str
    content: bytes = field(repr=False)
    type: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One document on its way: to which company, by which route, under which subject."""

    route: Route
    company: str
    subject: str  # with our key
    type: int  # of the document, or of the postbox's message
    files: tuple[File, ...]  # the document first
    date: str = ""  # ISO 8601
    folder: str = ""
    mailbox: str = ""
    vat_number: str = ""  # of the other side, to find its account by
    for_company: bool = False  # whether the postbox's message names the company


def packed(shipment: Shipment) -> bytes:
    """Return the archive: what is said first, then the files in their order."""
    about: dict[str, object] = {
        "form": FORM,
        "route": str(shipment.route),
        "company": shipment.company,
        "subject": shipment.subject,
        "type": shipment.type,
        "date": shipment.date,
        "folder": shipment.folder,
        "mailbox": shipment.mailbox,
        "vat_number": shipment.vat_number,
        "for_company": shipment.for_company,
        "files": [{"name": file.name, "type": file.type} for file in shipment.files],
    }
    said = json.dumps(about, ensure_ascii=False, indent=1).encode()
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name, content in ((_ABOUT, said), *((one.name, one.content) for one in shipment.files)):
            entry = ZipInfo(name, date_time=_WHEN)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def unpacked(prepared: Prepared) -> Shipment:
    """Return what was packed. Raises Rejected where these bytes are of no known form."""
    try:
        with ZipFile(BytesIO(prepared.payload)) as archive:
            about = json.loads(archive.read(_ABOUT))
            return _shipment(about, archive)
    except (BadZipFile, KeyError, TypeError, ValueError) as error:
        raise Rejected("unknown_form", detail=type(error).__name__) from error


def _shipment(about: Mapping[str, object], archive: ZipFile) -> Shipment:
    if about["form"] != FORM:
        raise ValueError(about["form"])
    files = about["files"]
    if not isinstance(files, list) or not files:
        raise ValueError(files)
    return Shipment(
        route=Route(str(about["route"])),
        company=str(about["company"]),
        subject=str(about["subject"]),
        type=_number(about["type"]),
        date=str(about["date"]),
        folder=str(about["folder"]),
        mailbox=str(about["mailbox"]),
        vat_number=str(about["vat_number"]),
        for_company=about["for_company"] is True,
        files=tuple(
            File(name=each["name"], type=_number(each["type"]), content=archive.read(each["name"]))
            for each in files
        ),
    )


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
