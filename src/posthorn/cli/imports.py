"""Takes files and folders in, and says of each what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from posthorn.archive.directions import Direction
from posthorn.archive.errors import ArchiveError
from posthorn.archive.intake import Incoming, take
from posthorn.archive.storage import StorageError
from posthorn.cli.errors import CommandError, NothingFoundError, PartlyDoneError
from posthorn.cli.lookups import client_of, one_of
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from uuid import UUID

    from posthorn.cli.desk import FirmDesk
    from posthorn.cli.output import Bar

Row = dict[str, object]

_COLUMNS = ("file", "state", "why", "id")
_TAKEN, _REFUSED = "taken in", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What whoever imports says of all the files; empty where the document shall say it."""

    client: str = ""
    direction: str = ""


def import_files(desk: FirmDesk, paths: Iterable[Path], told: Told) -> None:
    """Take everything in and list it.

    Raises NothingFoundError, UsageError before anything is taken in; PartlyDoneError or
    CommandError when some or all were refused.
    """
    direction = one_of(Direction, told.direction, "direction")
    with acting(desk.firm):
        client = client_of(desk.firm, told.client).id if told.client else None
    files = [file for path in paths for file in _files(path)]
    tally: Counter[str] = Counter()
    with desk.output.progress("Files taken in") as bar:
        rows = _counted(_taken(desk, files, (client, direction), bar), tally)
        desk.output.rows(rows, _COLUMNS)
    _demand_all(tally)


def _counted(rows: Iterator[Row], tally: Counter[str]) -> Iterator[Row]:
    """Count what passes, so that each line is written as soon as its file is kept."""
    for row in rows:
        tally[str(row["state"])] += 1
        yield row


def _files(path: Path) -> list[Path]:
    """Give a file, or the visible files below a folder in the order of their names."""
    if path.is_dir():
        below = (file for file in path.rglob("*") if file.is_file())
        return sorted(file for file in below if not _is_hidden(file.relative_to(path)))
    if not path.exists():
        message = f"There is no file or folder {path}."
        raise NothingFoundError(message)
    return [path]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _taken(
    desk: FirmDesk, files: list[Path], told: tuple[UUID | None, Direction], bar: Bar
) -> Iterator[Row]:
    client, direction = told
    for done, file in enumerate(files, start=1):
        try:
            incoming = Incoming(
                data=_read(file),
                file_name=file.name,
                source="cli",
                client=client,
                direction=direction,
                actor=desk.actor,
            )
            taken = take(desk.firm, incoming)
        except (ArchiveError, StorageError) as error:
            yield _refused(file, error.code, str(error))
        except OSError as error:
            yield _refused(file, "cannot_be_opened", f"It cannot be opened: {error.strerror}.")
        else:
            yield {"file": str(file), "state": _TAKEN, "id": taken.document_id}
        bar(done, len(files))


def _read(file: Path) -> bytes:
    """Read no more of a file than intake needs to refuse it."""
    with file.open("rb") as opened:
        return opened.read(settings.POSTHORN.max_upload + 1)


def _refused(file: Path, code: str, why: str) -> Row:
    return {"file": str(file), "state": _REFUSED, "code": code, "why": why}


def _demand_all(tally: Counter[str]) -> None:
    refused, total = tally[_REFUSED], tally.total()
    if not refused:
        return
    message = f"{refused} of {total} files were refused; the list says why."
    raise CommandError(message) if refused == total else PartlyDoneError(message)
