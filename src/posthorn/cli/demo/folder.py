"""Makes the demonstration's folder anew, and touches none that a demonstration did not make."""

from __future__ import annotations

import shutil
from pathlib import Path

from posthorn.cli.errors import ConflictError

_MARKER = "posthorn-demo"
_TEXT = "This folder belongs to `posthorn demo`, which deletes it on its next run.\n"
_LOCK = "serve.lock"


def demo_folder(wanted: Path | None) -> Path:
    """Give the folder: the wanted one, or .demo in the project that we stand in."""
    if wanted is not None:
        return wanted.expanduser().absolute()
    here = Path.cwd()
    roots = [place for place in (here, *here.parents) if (place / "pyproject.toml").exists()]
    return (roots[0] if roots else here) / ".demo"


def demand_own(folder: Path) -> None:
    """Refuse a folder that holds something else; raises ConflictError."""
    if not folder.exists() or (folder / _MARKER).is_file():
        return
    if folder.is_dir() and not any(folder.iterdir()):
        return
    message = (
        f"{folder} was not made by a demonstration, so it is left alone:"
        " choose another one with --folder."
    )
    raise ConflictError(message)


def make_anew(folder: Path) -> None:
    """Delete what the last demonstration left, its database included; the caller serves it."""
    from posthorn.postgres import Cluster  # noqa: PLC0415  # the help page must not wait for it

    if (folder / "postgres").exists():
        Cluster(folder).discard()
    for entry in folder.iterdir():
        if entry.name in {_LOCK, _MARKER}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def mark(folder: Path) -> None:
    """Make the folder and mark it as a demonstration's."""
    # As root another account, that of the database, passes through.
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    (folder / _MARKER).write_text(_TEXT, "utf-8")
