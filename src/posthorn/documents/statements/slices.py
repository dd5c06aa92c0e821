"""Cuts a file with statements of several accounts, so that no client sees another's.

CODA and MT940 are cut into pieces that together are the file, byte for byte. CAMT needs one root
element: each account gets the file's own beginning and end around its own statements.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from posthorn.documents.errors import StatementCutError
from posthorn.documents.formats import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.model import AccountStatement, Span, StatementFile

_ACCOUNT_MISMATCH: Final = "account.mismatch"
_MAX_ACCOUNTS: Final = 1_000  # each part is read again
_MAX_ENVELOPES: Final = 100_000_000  # bytes of all beginnings and ends together


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of a file, or all of it, that holds the statements of one account only."""

    account: str | None
    data: bytes
    spans: tuple[Span, ...]  # where each piece of the data stands in the file, in order
    statements: tuple[int, ...]  # which of the file's statements it holds, from 0

    @property
    def is_enveloped(self) -> bool:
        """Say whether it holds bytes that do not follow each other in the file."""
        return len(self.spans) > 1


def slices(data: bytes, file: StatementFile) -> list[Slice]:
    """Return the parts of a file of statements, each of one account; `data` is what was read.

    CODA and MT940: in the order of the file, one for each run of statements of one account. A file
    of one account is one slice, the whole file. Raises StatementCutError when the accounts cannot
    be parted, and what `read` raises of a part.
    """
    for each in file.discrepancies:
        if each.code == _ACCOUNT_MISMATCH:
            raise StatementCutError(f"line {each.line}: {each.stated} or {each.found}")
    runs = _runs(file)
    if len(runs) == 1:
        return [_slice(data, file, runs[0], (Span(start=0, end=len(data)),))]
    if file.format is Format.CAMT053:
        return _enveloped(data, file, _groups(file, runs))
    spans = [_bytes_of(file, run) for run in runs]
    for before, after in pairwise(spans):
        if before.end != after.start:
            raise StatementCutError("several accounts between one header and its trailer")
    return [_slice(data, file, run, (span,)) for run, span in zip(runs, spans, strict=True)]


def _runs(file: StatementFile) -> list[list[int]]:
    """Return the statements that follow each other and are of one account.

    Two without an account are of two accounts: nothing says that they are of one.
    """
    runs: list[list[int]] = []
    for at, one in enumerate(file.statements):
        before = file.statements[at - 1].account.number if at else None
        if before is not None and before == one.account.number:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _groups(file: StatementFile, runs: list[list[int]]) -> list[list[int]]:
    """Return the runs of one account as one, in the order of their beginning."""
    groups: dict[object, list[int]] = {}
    for run in runs:
        account = file.statements[run[0]].account.number
        groups.setdefault(account or run[0], []).extend(run)
    return list(groups.values())


def _bytes_of(file: StatementFile, run: list[int]) -> Span:
    first, last = file.statements[run[0]].span, file.statements[run[-1]].span
    if first is None or last is None:
        raise StatementCutError("its statements cannot be told apart by their bytes")
    return Span(start=first.start, end=last.end)


def _enveloped(data: bytes, file: StatementFile, groups: list[list[int]]) -> list[Slice]:
    """Return a file for each account: the beginning and the end are those of the whole file."""
    if len(groups) > _MAX_ACCOUNTS:
        raise StatementCutError(f"{len(groups)} accounts")
    every = [_bytes_of(file, [at]) for at in range(len(file.statements))]
    head = Span(start=0, end=every[0].start)
    tail = Span(start=every[-1].end, end=len(data))
    if (head.end + tail.end - tail.start) * len(groups) > _MAX_ENVELOPES:
        raise StatementCutError(f"{len(groups)} accounts under one large header")
    made = [
        _slice(data, file, group, (head, *(every[at] for at in group), tail)) for group in groups
    ]
    for each in made:
        refuse_another(each, file)
    return made


def refuse_another(made: Slice, file: StatementFile) -> None:
    """Raise StatementCutError unless a cut file reads as the statements it was cut for."""
    expected = [_anywhere(file.statements[at]) for at in made.statements]
    if [_anywhere(one) for one in read(made.data, file.format).statements] != expected:
        raise StatementCutError("a part of it reads differently from the whole")


def _anywhere(one: AccountStatement) -> AccountStatement:
    return replace(one, line=None, span=None)


def _slice(data: bytes, file: StatementFile, run: list[int], spans: tuple[Span, ...]) -> Slice:
    return Slice(
        account=file.statements[run[0]].account.number,
        data=b"".join(data[span.start : span.end] for span in spans),
        spans=spans,
        statements=tuple(run),
    )
