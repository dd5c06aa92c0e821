"""Making folders and files of exactly one owner and mode, so that a crash leaves none half done."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.postgres.errors import folder_error

if TYPE_CHECKING:
    from posthorn.postgres.account import Account


def create(folder: Path, mode: int) -> None:
    """Create a folder of exactly this mode, whatever the umask; leave one that is there alone."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(mode)


def make_owned(folder: Path, mode: int, account: Account | None = None) -> None:
    """Make a folder of exactly this mode and owner, if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if account is not None and not account.is_current:
            os.chown(folder, account.uid, account.gid)
        folder.chmod(mode)
    except OSError as error:
        raise folder_error(error, folder) from error


def write_whole(path: Path, content: bytes, *, account: Account | None = None) -> None:
    """Write a 0600 file so that after a crash it is the old or the new one, never half."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if account is not None and not account.is_current:
                os.fchown(file.fileno(), account.uid, account.gid)
        Path(name).rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise folder_error(error, path.parent) from error


def sync_folder(folder: Path) -> None:
    """Make renames inside the folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Delete a file or a whole folder; what cannot be deleted stays."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
