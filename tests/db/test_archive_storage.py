from __future__ import annotations

import os
import resource
import subprocess
import time
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from posthorn.archive.storage import (
    DamagedFileError,
    FolderStorage,
    MissingFileError,
    StorageFullError,
    StorageNotWritableError,
)
from tests.children import in_child
from tests.threads import at_once

FIRM, OTHER = UUID(int=1), UUID(int=2)
DATA = b"an invoice"
NAME = sha256(DATA).hexdigest()


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_file_lies_under_its_firm_and_hash(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)

    assert storage.put_if_absent(FIRM, DATA) == NAME

    assert files(tmp_path) == [f"{FIRM}/{NAME[:2]}/{NAME}"]
    assert storage.open(FIRM, NAME) == DATA
    assert (tmp_path / str(FIRM) / NAME[:2] / NAME).stat().st_mode & 0o777 == 0o600


def test_the_same_bytes_are_kept_once_per_firm(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    for firm in (FIRM, FIRM, OTHER):
        storage.put_if_absent(firm, DATA)
    assert files(tmp_path) == [f"{firm}/{NAME[:2]}/{NAME}" for firm in (FIRM, OTHER)]


def test_a_file_of_another_firm_is_not_there(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.put_if_absent(OTHER, DATA)
    with pytest.raises(MissingFileError, match="restore it from a backup"):
        storage.open(FIRM, NAME)


def test_a_damaged_file_is_never_given_out_and_healed_by_the_same_bytes(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.put_if_absent(FIRM, DATA)
    place = tmp_path / str(FIRM) / NAME[:2] / NAME
    place.write_bytes(DATA[:-1])

    with pytest.raises(DamagedFileError, match="no longer has the bytes that came in"):
        storage.open(FIRM, NAME)
    storage.put_if_absent(FIRM, DATA)

    assert storage.open(FIRM, NAME) == DATA


def test_deleting_twice_is_harmless(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.put_if_absent(FIRM, DATA)
    storage.delete(FIRM, NAME)
    storage.delete(FIRM, NAME)
    assert files(tmp_path) == []


def test_twenty_writers_of_the_same_bytes_leave_one_whole_file(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "files")
    data = os.urandom(500_000)

    names = at_once([partial(storage.put_if_absent, FIRM, data)] * 20)

    assert len(set(names)) == len(files(tmp_path)) == 1
    assert storage.open(FIRM, names[0]) == data


def test_a_folder_that_cannot_be_written_is_named_with_the_fix(tmp_path: Path) -> None:
    blocked = tmp_path / "files"
    blocked.write_text("a file where the folder should be")

    with pytest.raises(StorageNotWritableError, match=r"files cannot be written .*: give"):
        FolderStorage(blocked).put_if_absent(FIRM, DATA)

    assert files(tmp_path) == ["files"]


def test_a_full_disk_is_named_with_the_fix_and_leaves_nothing(tmp_path: Path) -> None:
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("needs the right to mount a small disk")
    try:
        storage = FolderStorage(tmp_path)
        storage.put_if_absent(FIRM, DATA)
        with pytest.raises(StorageFullError, match=r"full .*: make room, then try again"):
            storage.put_if_absent(FIRM, os.urandom(100_000))
        assert files(tmp_path) == [f"{FIRM}/{NAME[:2]}/{NAME}"]
        assert storage.put_if_absent(FIRM, b"a small one") == sha256(b"a small one").hexdigest()
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)  # noqa: S603, S607


def test_a_file_above_the_systems_limit_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    def put() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
        with pytest.raises(StorageFullError):
            FolderStorage(tmp_path).put_if_absent(FIRM, os.urandom(100_000))

    assert in_child(put) == 0
    assert files(tmp_path) == []


def test_parts_of_dead_writers_go_and_those_at_work_stay(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.put_if_absent(FIRM, DATA)
    folder = tmp_path / str(FIRM) / NAME[:2]
    for name, age in (("old", 7_200), ("new", 10)):
        part = folder / f".{name}.part"
        part.write_bytes(b"half")
        os.utime(part, (time.time() - age, time.time() - age))

    assert storage.clear_parts() == 1

    assert sorted(path.name for path in folder.iterdir()) == [".new.part", NAME]
