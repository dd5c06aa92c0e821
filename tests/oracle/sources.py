"""The documents that are compared, and from which mutants are made."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from posthorn_sandbox.samples import folder
from tests.oracle.bases import bases

ROOT: Final = Path(__file__).parents[2]
PUBLIC: Final = ROOT.parent / "shared" / "samples" / "ubl"
_UBL: Final = (b":schema:xsd:Invoice-2", b":schema:xsd:CreditNote-2")
_MANY_LINES: Final = 60_000  # bytes; larger ones say no more, only more slowly


def sources() -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of every document: our own, the demo's, and the public ones."""
    yield from bases()
    yield from ((path.name, path.read_bytes()) for path in _demo())
    yield from ((row["path"], (PUBLIC / row["path"]).read_bytes()) for row in manifest())


def seeds() -> list[tuple[str, bytes]]:
    """Give the documents that mutants are made of, valid and not too large."""
    own = list(bases())
    valid = [PUBLIC / row["path"] for row in manifest() if row["expected"] == "valid"]
    # Our own three times: in them nearly every element occurs.
    return own * 3 + [
        (path.name, path.read_bytes())
        for path in (*_demo()[::4], *valid)
        if path.stat().st_size < _MANY_LINES
    ]


def manifest() -> list[dict[str, str]]:
    """Give the rows of the public set; none where it is not here."""
    if not PUBLIC.is_dir():
        return []
    with (PUBLIC / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def read(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of files, and of the XML files in folders."""
    for path in paths:
        inside = sorted(path.rglob("*.[xX][mM][lL]")) if path.is_dir() else [path]
        yield from ((str(each), each.read_bytes()) for each in inside)


def _demo() -> list[Path]:
    files = sorted(folder().glob("*.xml"))
    return [path for path in files if any(name in path.read_bytes() for name in _UBL)]
