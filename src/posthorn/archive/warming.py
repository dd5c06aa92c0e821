"""Loads all that reading and checking load on first use, while files can still be opened.

What is missing later is no error that anybody sees: a number would just count as invalid.
"""

from __future__ import annotations

import codecs
import contextlib
from importlib import import_module
from importlib.resources import files
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Final

from posthorn.documents import DocumentError, codelists, examine
from posthorn.documents.checks.rulesets import in_force
from posthorn.documents.checks.schema import schema_of
from posthorn.documents.formats import UBL_ROOTS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Numbers of every country, dialects of banks, our own readers and those of PDF they load.
_PACKAGES: Final = ("stdnum", "mt940", "pypdf", "posthorn.documents")
_DRAWS: Final = "posthorn.documents.render"  # nothing is drawn here, and fonts are large
_LIST: Final = ".tsv"
_CODECS: Final = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii", "latin-1"),
    *("iso-8859-1", "iso-8859-15", "cp1252", "cp437", "cp850"),
)
_UBL: Final = b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>"
_CODA: Final = (
    b"0000001102612005        10032689  POSTHORN                  GEBABEBB   00417497106 00000"
)
_MT940: Final = (
    b":20:A\r\n:25:BE68539007547034\r\n:28C:1\r\n:60F:C260101EUR1,00\r\n"
    b":61:2601020102C1,00NMSCNONREF\r\n:86:TEXT\r\n:62F:C260102EUR2,00\r\n-\r\n"
)
SAMPLES: Final = (
    *(_UBL, _CODA, _MT940, b"", b"%PDF-1.7", b"<", b"<!DOCTYPE a>", b"<a>&b;</a>", b"From: a"),
)


def warm_up() -> None:
    """Load modules, codes, rules and schemas, then read something of each kind."""
    for codec in _CODECS:
        codecs.lookup(codec)
    for name in _modules():
        with contextlib.suppress(ImportError):  # some of pypdf's want more than we need
            import_module(name)
    for entry in files(codelists).iterdir():
        if entry.name.endswith(_LIST):
            codelists.codelist(entry.name.removesuffix(_LIST))
    in_force()
    for root in UBL_ROOTS:
        schema_of(root)
    for sample in SAMPLES:
        with contextlib.suppress(DocumentError):
            examine(sample)


def _modules() -> Iterator[str]:
    for package in _PACKAGES:
        paths = import_module(package).__path__
        for module in walk_packages(paths, f"{package}."):
            if not module.name.startswith(_DRAWS):
                yield module.name
