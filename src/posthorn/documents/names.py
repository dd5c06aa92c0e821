"""Gives every XML element one short name, whatever prefixes its file uses."""

from __future__ import annotations

import re
import sys
from typing import Final

from posthorn.documents.errors import XmlIncludeError

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII: Final = "urn:un:unece:uncefact:data:standard:"
# The customary prefix of each namespace.
PREFIXES: Final = {
    f"{_UBL}Invoice-2": "ubl:",
    f"{_UBL}CreditNote-2": "cn:",
    f"{_UBL}CommonBasicComponents-2": "cbc:",
    f"{_UBL}CommonAggregateComponents-2": "cac:",
    f"{_UBL}CommonExtensionComponents-2": "ext:",
    f"{_CII}CrossIndustryInvoice:100": "rsm:",
    f"{_CII}ReusableAggregateBusinessInformationEntity:100": "ram:",
    f"{_CII}UnqualifiedDataType:100": "udt:",
    f"{_CII}QualifiedDataType:100": "qdt:",
    # ZUGFeRD 1.0, the forerunner of Factur-X (2014).
    "urn:ferd:CrossIndustryDocument:invoice:1p0": "rsm1:",
    f"{_CII}ReusableAggregateBusinessInformationEntity:12": "ram:",
    f"{_CII}UnqualifiedDataType:15": "udt:",
    f"{_CII}QualifiedDataType:12": "qdt:",
    "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader": "sbd:",
}
NAMESPACES: Final = {prefix.rstrip(":"): space for space, prefix in reversed(PREFIXES.items())}
_CAMT = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d")
_INCLUDE: Final = "http://www.w3.org/2001/XInclude"
_MAX_KEPT: Final = 8_192


class _Names(dict[str, str]):
    """Short names by the parser's `{namespace}name`, worked out once each."""

    def __missing__(self, tag: str) -> str:
        space, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        if space == _INCLUDE:
            raise XmlIncludeError
        prefix = "camt:" if _CAMT.fullmatch(space) else PREFIXES.get(space)
        if prefix is None:
            return tag
        short = sys.intern(prefix + local)
        if len(self) < _MAX_KEPT:  # a hostile file may bring any number of names
            self[tag] = short
        return short


NAMES: Final = _Names()
"""`NAMES[tag]` is the short name: `cbc:ID`, `ubl:Invoice`, `camt:Stmt` (any version of camt.053);
a name of no known namespace stays as it is. Raises XmlIncludeError for XInclude."""
