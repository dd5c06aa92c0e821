"""Moving a cluster from an older major version to the one that runs; the old data is kept."""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.postgres import account, binaries, folders, layout
from posthorn.postgres.configuration import PORT
from posthorn.postgres.creation import SUPERUSER, initialise
from posthorn.postgres.errors import (
    BusyError,
    ClusterMissingError,
    CommandError,
    DiskFullError,
    UpgradeImpossibleError,
    WrongMajorError,
)
from posthorn.postgres.locks import FileLock, start_lock
from posthorn.postgres.server import Server, make_socket_folder

if TYPE_CHECKING:
    from pathlib import Path

    from posthorn.postgres.binaries import Binaries
    from posthorn.postgres.layout import Layout, Passwords

_COPY_TIMEOUT_S = 24 * 3600
_SPARE_BYTES = 200 * 1024 * 1024
_UPGRADED = "data.upgraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What an upgrade did; `kept` is the old data, None when there was nothing to upgrade."""

    from_major: int
    to_major: int
    kept: Path | None


def upgrade(data_folder: Path, *, system_folder: Path = layout.SYSTEM_FOLDER) -> Upgrade:
    """Rewrite the cluster for the PostgreSQL that runs now and put the old data beside it.

    Raises BusyError while others use the database, UpgradeImpossibleError when this Posthorn does
    not carry the old version, WrongMajorError for newer data, DiskFullError.
    """
    control = layout.control_folder(data_folder)
    layout.require_marker(control)
    layout.make_control_folder(data_folder)
    with start_lock(control, "upgrading"), ExitStack() as cleanup:
        users = FileLock(control / "users.lock")
        cleanup.callback(users.release)
        if not users.try_exclusive():
            raise BusyError(control, "upgrading")
        who = account.server_account()
        place = layout.locate(control, who, system_folder)
        finish_swap(place)
        new = _server(place, binaries.current(), system_folder)
        old = _old_server(new, system_folder)
        if old is None:
            return Upgrade(from_major=binaries.MAJOR, to_major=binaries.MAJOR, kept=None)
        return _upgrade(old, new)


def finish_swap(place: Layout) -> None:
    """Put upgraded data in its place when a crash came between the two renames."""
    upgraded = place.home / _UPGRADED
    if upgraded.exists() and not place.data.exists():
        upgraded.rename(place.data)
        folders.sync_folder(place.home)


def _server(place: Layout, programs: Binaries, system_folder: Path) -> Server:
    runnable = binaries.runnable(programs, place.account, system_folder)
    return Server(layout=place, binaries=runnable)


def _old_server(new: Server, system_folder: Path) -> Server | None:
    """Return the server that wrote the data; None when it is the one that runs now."""
    found, data = new.major, new.layout.data
    if found is None:
        raise ClusterMissingError(new.layout.control, f"its data folder {data}")
    if found == new.binaries.major:
        return None
    if found > new.binaries.major:
        raise WrongMajorError(data, found=found, wanted=new.binaries.major)
    carried = binaries.carried()
    if found not in carried:
        reason = f"its programs are needed and Posthorn has none of PostgreSQL {found}"
        raise UpgradeImpossibleError(data, found=found, carried=list(carried), reason=reason)
    return _server(new.layout, carried[found], system_folder)


def _upgrade(old: Server, new: Server) -> Upgrade:
    place, passwords = old.layout, layout.read_passwords(old.layout.control)
    # pg_upgrade wants a server shut down in good order; after a crash this replays its log.
    old.bring_up()
    old.stop()
    old.await_end()
    _check_space(place)
    shutil.rmtree(place.home / _UPGRADED, ignore_errors=True)  # left by a crash; `data` is older
    fresh = place.data.with_name(f"data.new-{secrets.token_hex(4)}")
    has_checksums = "Data page checksum version:           0" not in old.run(
        "pg_controldata", place.data, timeout_s=30
    )
    initialise(new, fresh, passwords, checksums=has_checksums)
    try:
        _transfer(old, new, fresh, passwords)
        if not has_checksums:
            new.run("pg_checksums", "--enable", f"--pgdata={fresh}", timeout_s=_COPY_TIMEOUT_S)
    except CommandError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise _impossible(old, str(error)) from error
    kept = _swap(place, fresh, old.binaries.major)
    _collect_statistics(new, passwords)
    return Upgrade(from_major=old.binaries.major, to_major=new.binaries.major, kept=kept)


def _check_space(place: Layout) -> None:
    size = sum(path.lstat().st_size for path in place.data.rglob("*"))
    free = shutil.disk_usage(place.home).free
    if free < size + _SPARE_BYTES:
        needed, left = (size + _SPARE_BYTES) // 1024**2, free // 1024**2
        raise DiskFullError(place.home, f"the upgrade needs {needed} MB, free are {left} MB")


def _transfer(old: Server, new: Server, fresh: Path, passwords: Passwords) -> None:
    place = old.layout
    work = place.home / "upgrade"
    folders.make_owned(work, 0o700, place.account)
    make_socket_folder(place)
    try:
        new.run(
            "pg_upgrade",
            "--copy",
            f"--old-bindir={old.binaries.program('postgres').parent}",
            f"--new-bindir={new.binaries.program('postgres').parent}",
            f"--old-datadir={place.data}",
            f"--new-datadir={fresh}",
            f"--username={SUPERUSER}",
            f"--socketdir={place.socket}",
            timeout_s=_COPY_TIMEOUT_S,
            env={"PGPASSWORD": passwords.admin},
            cwd=work,
        )
    finally:
        # It holds a script of pg_upgrade's that deletes the old data, which we keep.
        shutil.rmtree(work, ignore_errors=True)


def _swap(place: Layout, fresh: Path, old_major: int) -> Path:
    """Exchange the folders so that a crash at any point leaves either the old or the new data."""
    kept = place.home / f"data.old-{old_major}"
    if kept.exists():
        kept = place.home / f"data.old-{old_major}-{secrets.token_hex(4)}"
    fresh.rename(place.home / _UPGRADED)
    place.data.rename(kept)
    finish_swap(place)
    return kept


def _collect_statistics(new: Server, passwords: Passwords) -> None:
    """Start the new server once: it proves the upgrade and fills what pg_upgrade leaves out."""
    new.bring_up()
    try:
        new.run(
            "vacuumdb",
            "--all",
            "--analyze-only",
            f"--host={new.layout.socket}",
            f"--port={PORT}",
            f"--username={SUPERUSER}",
            timeout_s=_COPY_TIMEOUT_S,
            env={"PGPASSWORD": passwords.admin},
        )
    finally:
        new.stop()


def _impossible(old: Server, reason: str) -> UpgradeImpossibleError:
    carried = list(binaries.carried())
    found = old.binaries.major
    return UpgradeImpossibleError(old.layout.data, found=found, carried=carried, reason=reason)
