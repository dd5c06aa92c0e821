"""Puts a PDF into an e-invoice and changes no other byte of it."""

from __future__ import annotations

import base64
import codecs
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from posthorn.documents.errors import DocumentError
from posthorn.documents.xml import parse

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CAC = f"{_UBL}CommonAggregateComponents-2"
_CBC = f"{_UBL}CommonBasicComponents-2"
_SIGNED = "http://www.w3.org/2000/09/xmldsig# Signature"
_ROOTS = {f"{_UBL}{name}-2 {name}": name for name in ("Invoice", "CreditNote")}
# UBL 2.1, UBL-Invoice-2.1.xsd and UBL-CreditNote-2.1.xsd: what may follow the reference.
_FOLLOWERS = {
    "Invoice": ("ProjectReference", "Signature", "AccountingSupplierParty"),
    "CreditNote": (
        "StatementDocumentReference",
        "OriginatorDocumentReference",
        "Signature",
        "AccountingSupplierParty",
    ),
}
_DESCRIPTIONS = {"Invoice": "CommercialInvoice", "CreditNote": "CreditNote"}


class NotPlacedError(ValueError):
    """Send the e-invoice as it is: nothing can be put into it without changing it."""


@dataclass(slots=True)
class _Place:
    """Where a reference goes: found while the file is read once."""

    parser: expat.XMLParserType
    depth: int = 0
    root_depth: int = 0
    root: str = ""
    offset: int = -1
    is_signed: bool = False
    followers: frozenset[str] = field(default_factory=frozenset)

    def start(self, name: str, _attributes: object) -> None:
        self.depth += 1
        if not self.root and name in _ROOTS:
            self.root, self.root_depth = _ROOTS[name], self.depth
            self.followers = frozenset(f"{_CAC} {each}" for each in _FOLLOWERS[self.root])
        self.is_signed = self.is_signed or name == _SIGNED
        is_child = self.root and self.depth == self.root_depth + 1
        if is_child and self.offset < 0 and name in self.followers:
            self.offset = self.parser.CurrentByteIndex

    def end(self, _name: str) -> None:
        self.depth -= 1


def with_pdf_inside(xml: bytes, pdf: bytes, *, number: str, file_name: str) -> bytes:
    """Return the e-invoice with one more supporting document: all its own bytes stay as they are.

    `file_name` is ASCII. Raises NotPlacedError for what is signed, or is no UBL that can be read.
    """
    place = _place(xml)
    if place.is_signed:
        raise NotPlacedError("it is signed")
    if place.offset < 0:
        raise NotPlacedError("nothing says where the reference goes")
    reference = _reference(place.root, pdf, number=number, file_name=file_name)
    added = reference.encode(_encoding(xml))
    return xml[: place.offset] + added + xml[place.offset :]


def _place(xml: bytes) -> _Place:
    try:
        parse(xml)  # within the limits, without DOCTYPE: expat itself knows no such bounds
    except DocumentError as error:
        raise NotPlacedError(error.code) from error
    parser = expat.ParserCreate(namespace_separator=" ")
    place = _Place(parser=parser)
    parser.StartElementHandler, parser.EndElementHandler = place.start, place.end
    try:
        parser.Parse(xml, True)  # noqa: FBT003  # expat's own signature
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotPlacedError("its encoding is not read") from error
    return place


def _encoding(xml: bytes) -> str:
    """Return the encoding in which ASCII is written there."""
    if xml.startswith(codecs.BOM_UTF16_LE) or xml[1:2] == b"\0":
        return "utf-16-le"
    if xml.startswith(codecs.BOM_UTF16_BE) or xml[:1] == b"\0":
        return "utf-16-be"
    return "ascii"


def _reference(root: str, pdf: bytes, *, number: str, file_name: str) -> str:
    description = _DESCRIPTIONS[root]
    # XML 1.0 takes no control characters, not even as numbers.
    named = "".join(sign for sign in number if sign.isprintable()).strip() or description
    # Other signs than ASCII as numbers: the file may be in an encoding that lacks them.
    identifier = escape(named).encode("ascii", "xmlcharrefreplace").decode("ascii")
    # Peppol BIS Billing 3.0, UBL-DT-06 and UBL-DT-07: media type and file name are needed. The
    # prefixes are declared here, since the file may use any, or none.
    return (
        f'<cac:AdditionalDocumentReference xmlns:cac="{_CAC}" xmlns:cbc="{_CBC}">'
        f"<cbc:ID>{identifier}</cbc:ID>"
        f"<cbc:DocumentDescription>{description}</cbc:DocumentDescription>"
        '<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" '
        f"filename={quoteattr(file_name)}>{base64.b64encode(pdf).decode('ascii')}"
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
