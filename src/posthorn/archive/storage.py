"""Keeps files by the hash of their bytes: durable before anybody is told, checked when read."""

from __future__ import annotations

import errno
import os
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import uuid4

from django.conf import settings

from posthorn.kernel import crash
from posthorn.kernel.digest import sha256_hex

if TYPE_CHECKING:
    from uuid import UUID

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT}
_PART = ".part"
_PART_AGE_S = 3_600


class StorageError(Exception):
    """Look at the folder and the system's message in it; nothing was taken in."""

    code: ClassVar[str] = "storage"


class StorageFullError(StorageError):
    """Make room on the disk of the data folder; then send the file again."""

    code = "storage_full"


class StorageNotWritableError(StorageError):
    """Give Posthorn's account write access to the data folder; then send the file again."""

    code = "storage_not_writable"


class MissingFileError(StorageError):
    """Restore the file from a backup: the archive names it and it is not there."""

    code = "file_missing"


class DamagedFileError(StorageError):
    """Restore the file from a backup: its bytes are no longer those that came in."""

    code = "file_damaged"


class Storage(Protocol):
    """Where bytes of firms lie; names are the SHA-256 in lower-case hexadecimal."""

    def put_if_absent(self, firm: UUID, data: bytes) -> str:
        """Keep bytes so that they outlive a power cut, once; give their name."""
        ...

    def open(self, firm: UUID, sha256: str) -> bytes:
        """Give the bytes after comparing their hash; raises MissingFileError, DamagedFileError."""
        ...

    def delete(self, firm: UUID, sha256: str) -> None:
        """Remove a file; doing it twice is harmless."""
        ...

    def clear_parts(self) -> int:
        """Remove what dead writers left half written; gives how many."""
        ...


class FolderStorage:
    """Files at `<root>/<firm>/<first two digits>/<sha256>`; any number of writers at once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put_if_absent(self, firm: UUID, data: bytes) -> str:
        """Keep bytes so that they outlive a power cut, once; give their name.

        Raises StorageFullError, StorageNotWritableError, StorageError.
        """
        sha256 = sha256_hex(data)
        place = self._place(firm, sha256)
        try:
            if not _holds(place, sha256):
                self._make_folder(place.parent)
                _write(place, data)
            _sync_folder(place.parent)
        except OSError as error:
            raise _explained(error, self._root) from error
        return sha256

    def open(self, firm: UUID, sha256: str) -> bytes:
        """Give the bytes after comparing their hash; raises MissingFileError, DamagedFileError."""
        place = self._place(firm, sha256)
        try:
            data = place.read_bytes()
        except FileNotFoundError as error:
            message = f"The file {place} is not there: restore it from a backup."
            raise MissingFileError(message) from error
        except OSError as error:
            raise _explained(error, self._root) from error
        if sha256_hex(data) != sha256:
            message = f"The file {place} no longer has the bytes that came in: restore it."
            raise DamagedFileError(message)
        return data

    def delete(self, firm: UUID, sha256: str) -> None:
        """Remove a file; doing it twice is harmless. Raises StorageNotWritableError."""
        try:
            self._place(firm, sha256).unlink(missing_ok=True)
        except OSError as error:
            raise _explained(error, self._root) from error

    def clear_parts(self) -> int:
        """Remove what writers that died an hour ago or more left half written; gives how many."""
        old = time.time() - _PART_AGE_S
        parts = [part for part in self._root.glob(f"*/*/*{_PART}") if part.stat().st_mtime < old]
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)

    def _place(self, firm: UUID, sha256: str) -> Path:
        return self._root / str(firm) / sha256[:2] / sha256

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, each durable in the one above."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(path.parent)


def _holds(place: Path, sha256: str) -> bool:
    """Tell whether the whole file is there; a damaged one is written again over itself."""
    try:
        return sha256_hex(place.read_bytes()) == sha256
    except FileNotFoundError:
        return False


def _write(place: Path, data: bytes) -> None:
    part = place.with_name(f".{place.name}.{uuid4().hex}{_PART}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        crash.reach("after_store_fsync")
        # The same bytes under the same name: whoever comes last changes nothing.
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explained(error: OSError, root: Path) -> StorageError:
    said = error.strerror or str(error)
    if error.errno in _FULL:
        return StorageFullError(f"The disk of {root} is full ({said}): make room, then try again.")
    if error.errno in _CLOSED:
        return StorageNotWritableError(
            f"{root} cannot be written ({said}): give Posthorn's account write access to it."
        )
    return StorageError(f"{root} gave an error: {said}.")


@cache
def storage() -> Storage:
    """Give the installation's storage: a folder inside the data folder."""
    return FolderStorage(settings.POSTHORN.data / "files")
