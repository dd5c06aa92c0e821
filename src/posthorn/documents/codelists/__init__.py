"""The code lists of EN 16931 and Peppol, one file each, so that a new release is a change of data.

A file `<list>.tsv` tells in its head what the list is, which version, and where it comes from. Each
line is a code, then the release that brought it and the first that no longer has it, where known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

Release: TypeAlias = tuple[int, ...]
_HERE: Final = Path(__file__).parent
_FIRST: Final[Release] = ()
_NEVER: Final[Release] = (9999,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A code list as it stands from one release until another."""

    since: Release
    until: Release
    codes: frozenset[str]


@cache
def codelist(name: str, release: Release | None = None) -> frozenset[str]:
    """Return the codes of a list in a release, `(1, 3, 16)`; of the newest without one.

    Raises FileNotFoundError for a list that there is not.
    """
    known = editions(name)
    if release is None:
        return known[-1].codes
    return next(edition.codes for edition in known if edition.since <= release < edition.until)


@cache
def editions(name: str) -> tuple[Edition, ...]:
    """Return the editions of a list, oldest first: one for each release that changed it.

    Raises FileNotFoundError for a list that there is not.
    """
    return read(_HERE.joinpath(f"{name}.tsv").read_text("utf-8"))


def read(text: str) -> tuple[Edition, ...]:
    """Return the editions that the text of a list's file holds, oldest first."""
    rows = [_row(line) for line in text.splitlines() if not line.startswith("#")][1:]
    spans = [(since, until) for _, since, until in rows]
    starts = sorted({_FIRST, _NEVER, *(release for span in spans for release in span)})
    return tuple(
        Edition(
            since=start,
            until=end,
            codes=frozenset(code for code, since, until in rows if since <= start < until),
        )
        for start, end in pairwise(starts)
    )


def _row(line: str) -> tuple[str, Release, Release]:
    code, _, releases = line.partition("\t")
    if not releases:
        return code, _FIRST, _NEVER  # as most are
    since, _, until = releases.partition("\t")
    return code, _release(since), _release(until) or _NEVER


def _release(text: str) -> Release:
    # The head of the columns is a row too, before it is dropped.
    return tuple(int(part) for part in text.split(".") if part.isdecimal())
