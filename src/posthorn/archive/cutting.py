"""Cuts a file with statements of several clients into parts that are documents of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from posthorn.archive import duplicates, lifecycle, wakes
from posthorn.archive.accounts import whose
from posthorn.archive.examined import fits
from posthorn.archive.models import Blob, Document
from posthorn.archive.parties import identities_of
from posthorn.archive.storage import storage
from posthorn.kernel.clock import now
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from posthorn.archive.examined import Examined
    from posthorn.documents.statements.model import Span

SOURCE: Final = "cut"
PROBLEM: Final = "statement.cut"
_READER = "reader"
_MAX_NAME = 255
_MAX_TIMES = 4  # so many times the file all its parts together may be: CAMT repeats its header
_MAX_MORE = 10_000_000  # bytes beyond that
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part whose bytes are durable; `sha256` is lower-case hex."""

    sha256: str
    size: int


def is_mixed(firm: UUID, examined: Examined) -> bool:
    """Tell whether a file has several accounts that are not all known as one client's."""
    identities = identities_of(examined.examination.facts, examined.accounts)
    return len(identities.accounts) > 1 and whose(firm, identities) is None


def store(firm: UUID, data: bytes, examined: Examined) -> tuple[Piece, ...]:
    """Keep the bytes of each part so that they outlive a power cut; twice is as once.

    Nothing is kept where the parts do not fit the file. Raises StorageError.
    """
    if not _is_sound(examined.parts, len(data)):
        return ()
    pieces = []
    for spans in examined.parts:
        part = b"".join(data[span.start : span.end] for span in spans)
        pieces.append(Piece(sha256=storage().put_if_absent(firm, part), size=len(part)))
    return tuple(pieces)


def _is_sound(parts: Sequence[tuple[Span, ...]], size: int) -> bool:
    """Look again at what a process said that had hostile bytes before it."""
    together = sum(span.end - span.start for spans in parts for span in spans)
    is_bounded = together <= size * _MAX_TIMES + _MAX_MORE
    return len(parts) > 1 and is_bounded and all(fits(spans, size) for spans in parts)


def cut(row: Document, pieces: Sequence[Piece]) -> None:
    """Put the parts in the place of a file, inside the transaction that keeps its reading.

    The file itself stays as it came: nobody's, and never released.
    """
    row.parts = len(pieces)
    row.client_id, row.assigned_at, row.assigned_basis = None, None, ""
    row.direction = row.direction_basis = row.problem = row.problem_detail = ""
    duplicates.mark(row)
    parts = [_part(row, piece, number) for number, piece in enumerate(pieces, start=1)]
    blobs = [Blob(firm_id=row.firm_id, sha256=each.sha256, size=each.size) for each in pieces]
    Blob.objects.bulk_create(blobs, ignore_conflicts=True)
    Document.objects.bulk_create(parts)
    audit.record([lifecycle.entry(row, "document.cut", _READER, parts=str(len(parts)))])
    audit.record(_arrived(part) for part in parts)
    for part in parts:
        wakes.have_read(part.firm_id, part.pk)


def hold(row: Document, why: str) -> None:
    """Say why a file of several clients waits as it is."""
    row.problem, row.problem_detail = PROBLEM, why


def _part(row: Document, piece: Piece, number: int) -> Document:
    return Document(
        firm_id=row.firm_id,
        parent=row,
        source=SOURCE,
        source_id=f"{row.pk}/{number}",
        file_name=_name(row.file_name, number),
        sha256=piece.sha256,
        size=piece.size,
        # In the order of the file, also where the clock stands still.
        arrived_at=now() + number * _A_MOMENT,
        arrived_by=_READER,
    )


def _name(name: str, number: int) -> str:
    """Write the number of a part before its ending: statements-2.cod."""
    ending = PurePath(name).suffix
    marked = f"-{number}{ending}"
    stem = name[: len(name) - len(ending)]
    return stem[: _MAX_NAME - len(marked)] + marked


def _arrived(part: Document) -> audit.Entry:
    detail = {"source": SOURCE, "sha256": part.sha256, "parent": str(part.parent_id)}
    return lifecycle.entry(part, "document.arrived", _READER, **detail)
