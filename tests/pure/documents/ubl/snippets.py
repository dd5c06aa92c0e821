"""Small UBL documents around a piece of XML; `a:` is for aggregates, `b:` for basic components."""

from __future__ import annotations

from posthorn.documents import Facts, read, xml
from posthorn.documents.invoice import Invoice
from posthorn.documents.ubl import read_invoice

SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"


def document(body: str, root: str = "Invoice") -> bytes:
    return (
        f'<r:{root} xmlns:r="{SPACE}{root}-2" xmlns:b="{SPACE}CommonBasicComponents-2"'
        f' xmlns:a="{SPACE}CommonAggregateComponents-2">{body}</r:{root}>'
    ).encode()


def facts(body: str, root: str = "Invoice") -> Facts:
    return read(document(body, root))


def invoice(body: str, root: str = "Invoice") -> Invoice:
    return read_invoice(xml.parse(document(body, root)).root)
