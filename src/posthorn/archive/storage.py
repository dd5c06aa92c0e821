"""Keeps files by the digest of their bytes, durable before anybody is told so."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from posthorn.kernel import crash
from posthorn.kernel.digest import sha256_hex
from posthorn.kernel.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID


class StorageError(Exception):
    """Free space or give write access where the message says; nothing was acknowledged."""


class MissingFileError(StorageError):
    """Restore the named file from the back-up."""


class DamagedFileError(StorageError):
    """Restore the named file from the back-up: its bytes changed on disk."""


class Storage(Protocol):
    """Where the bytes of documents lie, apart for each firm."""

    def put_if_absent(self, firm: UUID, data: bytes) -> str:
        """Store bytes durably and give their digest. Raises StorageError."""
        ...

    def open(self, firm: UUID, sha256: str) -> bytes:
        """Give the bytes, verified against the digest. Raises Missing- or DamagedFileError."""
        ...

    def delete(self, firm: UUID, sha256: str) -> None:
        """Remove a file; one that is not there is fine."""
        ...


class FolderStorage:
    """Files as <root>/<firm>/<aa>/<sha256>, where aa are the digest's first two characters."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put_if_absent(self, firm: UUID, data: bytes) -> str:
        """Write beside, sync, link into place, sync the folder: no reader sees half a file."""
        digest = sha256_hex(data)
        place = self._place(firm, digest)
        if not place.exists():
            try:
                self._write(place, data)
            except OSError as error:
                message = f"{place.parent} does not take files: {error.strerror}."
                raise StorageError(message) from error
        return digest

    def _write(self, place: Path, data: bytes) -> None:
        self._make_folder(place.parent)
        beside = place.with_name(f".{new_id()}")
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, place)
            except FileExistsError:
                pass
        finally:
            beside.unlink(missing_ok=True)
        _sync(place.parent)
        crash.reach("after_store_fsync")

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)

    def open(self, firm: UUID, sha256: str) -> bytes:
        """Read and verify."""
        place = self._place(firm, sha256)
        try:
            data = place.read_bytes()
        except FileNotFoundError:
            message = f"{place} is missing."
            raise MissingFileError(message) from None
        except OSError as error:
            message = f"{place} cannot be read: {error.strerror}."
            raise StorageError(message) from error
        if sha256_hex(data) != sha256:
            message = f"{place} is damaged: its bytes do not match its name."
            raise DamagedFileError(message)
        return data

    def delete(self, firm: UUID, sha256: str) -> None:
        """Remove a file and sync its folder."""
        place = self._place(firm, sha256)
        place.unlink(missing_ok=True)
        if place.parent.is_dir():
            _sync(place.parent)

    def _place(self, firm: UUID, sha256: str) -> Path:
        return self._root / str(firm) / sha256[:2] / sha256


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def storage() -> Storage:
    """Give this installation's storage."""
    return FolderStorage(settings.POSTHORN.data / "files")
