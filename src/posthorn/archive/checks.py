"""Refuses, before anything is kept, the few files that nobody should open."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from typing import Final

from posthorn.archive.errors import (
    ArchiveBombError,
    DoctypeError,
    EmptyFileError,
    FileTooLargeError,
)
from posthorn.documents import DocumentError, refuse_doctype

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_MAX_FACTOR = 100
_MAX_UNPACKED: Final = 512 * 1024 * 1024
_MAX_ENTRIES = 10_000


def refuse_hostile(data: bytes, *, max_bytes: int) -> None:
    """Look at a file without opening it.

    Raises EmptyFileError, FileTooLargeError, DoctypeError, ArchiveBombError.
    """
    if not data:
        raise EmptyFileError("The file is empty: send it again.")
    if len(data) > max_bytes:
        message = f"The file has {len(data)} bytes; at most {max_bytes} are accepted: send less."
        raise FileTooLargeError(message)
    try:
        refuse_doctype(data)
    except DocumentError as error:
        raise DoctypeError(str(error)) from error
    if data.startswith(_ZIP):
        _refuse_bomb(data)


def _refuse_bomb(data: bytes) -> None:
    """Trust the directory's sizes no further than to refuse: nothing is unpacked here."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError):
        return  # broken, not hostile: it is kept and reading says what is wrong
    unpacked = sum(entry.file_size for entry in entries)
    limit = min(_MAX_UNPACKED, max(len(data), 1024) * _MAX_FACTOR)
    if unpacked > limit or len(entries) > _MAX_ENTRIES:
        message = f"The ZIP file unpacks to {unpacked} bytes: send the files themselves."
        raise ArchiveBombError(message)
