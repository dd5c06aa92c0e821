"""Where everything lies: the control folder in Posthorn's data folder, and the cluster's home."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.postgres import folders
from posthorn.postgres.account import name_of
from posthorn.postgres.configuration import PORT
from posthorn.postgres.errors import (
    ClusterMissingError,
    CopiedFolderError,
    ForeignFolderError,
    OtherOwnerError,
    folder_error,
)

if TYPE_CHECKING:
    from posthorn.postgres.account import Account

SYSTEM_FOLDER = Path("/var/lib/posthorn")
_MARKER = "cluster.json"
_PASSWORDS = "passwords.json"
_LOCKS = frozenset({"start.lock", "users.lock", "server.lock"})
_OWNER_NOTE = "data-folder"
_MAX_SOCKET_CHARS = 90  # sun_path holds 104 bytes on macOS, 108 on Linux (unix(4), unix(7))
_log = logging.getLogger("posthorn.postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the control folder remembers of its cluster; `major` is None until one was made."""

    home: str
    salt: str
    major: int | None = None
    prepared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """The three logins' passwords."""

    admin: str
    owner: str
    app: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The folders of one cluster and the account that owns the server's part."""

    control: Path
    home: Path
    salt: str
    account: Account

    @property
    def data(self) -> Path:
        """The cluster itself, PGDATA."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The server's log files."""
        return self.home / "log"

    @property
    def socket(self) -> Path:
        """The folder with the server's socket; its name stays the same over restarts."""
        near = self.home / "socket"
        if len(str(near / f".s.PGSQL.{PORT}")) < _MAX_SOCKET_CHARS:
            return near
        digest = hashlib.sha256(f"{self.home}\0{self.salt}".encode()).hexdigest()[:16]
        private = Path("/run")  # only root can make a folder there
        top = private if os.geteuid() == 0 and private.is_dir() else Path("/tmp")  # noqa: S108
        return top / f"posthorn-{digest}"


def control_folder(data_folder: Path) -> Path:
    """Return the folder of our locks, marker and passwords; reads only."""
    return data_folder.resolve() / "postgres"


def make_control_folder(data_folder: Path) -> Path:
    """Make the control folder, or check that the one there is ours.

    Raises FolderNotWritableError, OtherOwnerError, ForeignFolderError.
    """
    control = control_folder(data_folder)
    mode = 0o711 if os.geteuid() == 0 else 0o700  # as root another account passes through
    try:
        data_folder.mkdir(mode=mode, parents=True, exist_ok=True)
        folders.create(control, mode)
        entries = {entry.name for entry in control.iterdir()}
        owner = control.stat().st_uid
    except OSError as error:
        raise folder_error(error, control) from error
    if owner != os.geteuid():
        raise OtherOwnerError(control, owner=name_of(owner), current=name_of(os.geteuid()))
    foreign = sorted(name for name in entries - _LOCKS if not name.startswith(f".{_MARKER}."))
    if foreign and _MARKER not in entries:
        raise ForeignFolderError(control, foreign[0])
    return control


def locate(control: Path, account: Account, system_folder: Path) -> Layout:
    """Return the cluster's layout; the first time decide where its home is and note it down.

    The caller holds the start lock. Raises CopiedFolderError.
    """
    marker = read_marker(control)
    if marker is None:
        home = _choose_home(control, account, system_folder)
        marker = Marker(home="." if home == control else str(home), salt=secrets.token_hex(8))
        if home != control:
            _create_outside(home)
            folders.write_whole(home / _OWNER_NOTE, str(control.parent).encode())
        write_marker(control, marker)
    home = control / marker.home
    _check_owner_note(control, home)
    return Layout(control=control, home=home, salt=marker.salt, account=account)


def known_layout(control: Path, account: Account) -> Layout | None:
    """Return the layout noted down earlier; None when there is none yet. Reads only."""
    if read_marker(control) is None:
        return None
    return require_layout(control, account)


def require_layout(control: Path, account: Account) -> Layout:
    """Return the layout noted down earlier; raises ClusterMissingError. Reads only."""
    marker = require_marker(control)
    return Layout(control=control, home=control / marker.home, salt=marker.salt, account=account)


def rename_socket(layout: Layout) -> Layout:
    """Give the socket folder another name, because somebody else sits on the one it had."""
    salt = secrets.token_hex(8)
    write_marker(layout.control, replace(require_marker(layout.control), salt=salt))
    return replace(layout, salt=salt)


def read_marker(control: Path) -> Marker | None:
    """Return what the control folder remembers, if anything."""
    try:
        return Marker(**json.loads((control / _MARKER).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise ClusterMissingError(control, f"a readable {_MARKER}") from error
    except OSError as error:
        raise folder_error(error, control) from error


def require_marker(control: Path) -> Marker:
    """Return what the control folder remembers; raises ClusterMissingError when it was deleted."""
    marker = read_marker(control)
    if marker is None:
        raise ClusterMissingError(control, _MARKER)
    return marker


def write_marker(control: Path, marker: Marker) -> None:
    """Remember it, durably."""
    folders.write_whole(control / _MARKER, json.dumps(asdict(marker), indent=1).encode())


def read_passwords(control: Path) -> Passwords:
    """Return the logins' passwords; raises ClusterMissingError when their file is gone."""
    try:
        return Passwords(**json.loads((control / _PASSWORDS).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise ClusterMissingError(control, f"a readable {_PASSWORDS}") from error
    except OSError as error:
        raise folder_error(error, control) from error


def make_passwords(control: Path) -> Passwords:
    """Invent the passwords of a new cluster, kept in a file only its owner can read."""
    passwords = Passwords(
        admin=secrets.token_urlsafe(24),
        owner=secrets.token_urlsafe(24),
        app=secrets.token_urlsafe(24),
    )
    folders.write_whole(control / _PASSWORDS, json.dumps(asdict(passwords), indent=1).encode())
    return passwords


def _create_outside(home: Path) -> None:
    try:
        folders.create(home.parent, 0o755)
        folders.create(home, 0o711)
    except OSError as error:
        raise folder_error(error, home) from error


def _choose_home(control: Path, account: Account, system_folder: Path) -> Path:
    check: list[str | Path] = ["/bin/sh", "-c", 'test -x "$1"', "sh", control]
    if account.is_current or account.runner().succeeds(check, timeout_s=10):
        return control
    name = hashlib.sha256(str(control.parent).encode()).hexdigest()[:16]
    home, attempt = system_folder / name, 1
    while home.exists() and any(home.iterdir()):
        _log.warning("An older database of %s stays in %s", control.parent, home)
        attempt += 1
        home = system_folder / f"{name}-{attempt}"
    return home


def _check_owner_note(control: Path, home: Path) -> None:
    """Refuse a copied data folder; follow one that was moved."""
    if home == control:
        return
    note = home / _OWNER_NOTE
    try:
        original = Path(note.read_text("utf-8"))
    except OSError as error:
        raise ClusterMissingError(control, f"its home {home}") from error
    if original == control.parent:
        return
    other = read_marker(control_folder(original)) if original.exists() else None
    if other is not None and control_folder(original) / other.home == home:
        raise CopiedFolderError(control.parent, home=home, original=original)
    folders.write_whole(note, str(control.parent).encode())
