"""A PDF put into an e-invoice changes nothing but the reference that was added."""

from __future__ import annotations

import re

import pytest

from posthorn.connectors.email_delivery.embedded import embedded_pdf
from posthorn.connectors.email_delivery.inside import NotPlacedError, with_pdf_inside
from posthorn.connectors.email_delivery.tests.invoices import INVOICE, PDF_FILE
from posthorn.documents import examine
from posthorn.sdk import Kind
from posthorn.sdk.testing import sample

XML = INVOICE.content.decode()
CREDIT_NOTE = sample(Kind.PURCHASE, "ubl_credit_note").content
ADDED = re.compile(
    r"<cac:AdditionalDocumentReference xmlns:cac=.*?</cac:AdditionalDocumentReference>", re.DOTALL
)
SIGNATURE = (
    '<ext:UBLExtensions xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:'
    'CommonExtensionComponents-2"><ext:UBLExtension><ext:ExtensionContent>'
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    "</ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>"
)


def put(xml: bytes, number: str = "2026/0042") -> bytes:
    return with_pdf_inside(xml, PDF_FILE, number=number, file_name="a-b.pdf")


def encoded(name: str) -> bytes:
    return XML.replace('encoding="UTF-8"', f'encoding="{name}"').encode(name, "xmlcharrefreplace")


@pytest.mark.parametrize("xml", [INVOICE.content, CREDIT_NOTE], ids=["invoice", "credit note"])
def test_every_other_byte_stays_and_the_rules_find_the_same(xml: bytes) -> None:
    changed = put(xml)

    assert len(ADDED.findall(changed.decode())) == 1
    assert ADDED.sub("", changed.decode()).encode() == xml
    assert embedded_pdf(changed) == PDF_FILE
    before, after = examine(xml), examine(changed)
    assert after.verdict == before.verdict
    assert [one.id for one in after.findings] == [one.id for one in before.findings]


def test_the_reference_says_what_packages_look_for() -> None:
    (added,) = ADDED.findall(put(INVOICE.content, number="<é&2026>").decode())

    assert "<cbc:ID>&lt;&#233;&amp;2026&gt;</cbc:ID>" in added
    assert "<cbc:DocumentDescription>CommercialInvoice</cbc:DocumentDescription>" in added
    assert 'mimeCode="application/pdf" filename="a-b.pdf">' in added
    (credited,) = ADDED.findall(put(CREDIT_NOTE, number="").decode())
    assert "<cbc:ID>CreditNote</cbc:ID>" in credited


@pytest.mark.parametrize("number", ["\x00", "\x0b\x1f", "\ud800", "\ufffe", " \u2028 "])
def test_a_number_that_no_xml_can_hold_is_left_out(number: str) -> None:
    changed = put(INVOICE.content, number=number)

    assert embedded_pdf(changed) == PDF_FILE
    assert b"<cbc:ID>CommercialInvoice</cbc:ID>" in changed


def test_the_reference_follows_those_that_are_there() -> None:
    there = "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID></cac:AdditionalDocumentReference>"
    place = "  <cac:AccountingSupplierParty>"
    xml = XML.replace(place, f"{there}{place}").encode()

    assert f"{there}  <cac:AdditionalDocumentReference xmlns:cac=".encode() in put(xml)


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "us-ascii"])
def test_the_file_keeps_its_encoding(name: str) -> None:
    xml = encoded(name) if name != "utf-8-sig" else XML.encode(name)

    changed = put(xml)

    assert ADDED.sub("", changed.decode(name)).encode(name) == xml
    assert embedded_pdf(changed) == PDF_FILE


def test_other_prefixes_in_the_file_do_not_matter() -> None:
    xml = XML.replace("cac:", "a:").replace("xmlns:cac", "xmlns:a").encode()

    changed = put(xml)

    assert embedded_pdf(changed) == PDF_FILE
    assert ADDED.sub("", changed.decode()).encode() == xml


def test_an_invoice_in_an_envelope_is_found_there() -> None:
    space = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    inner = XML.partition("?>")[2]
    xml = f'<StandardBusinessDocument xmlns="{space}">{inner}</StandardBusinessDocument>'.encode()

    changed = put(xml)

    assert ADDED.sub("", changed.decode()).encode() == xml
    assert b"</cac:AdditionalDocumentReference><cac:AccountingSupplierParty>" in changed


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (XML.replace("<cbc:CustomizationID>", f"{SIGNATURE}<cbc:CustomizationID>", 1), "signed"),
        (XML.replace("cac:AccountingSupplierParty", "cac:Nobody"), "nothing says where"),
        ("<Invoice/>", "nothing says where"),
        ("<Invoice>cut off", "xml"),
        ("<!DOCTYPE a><Invoice/>", "xml"),
    ],
    ids=["signed", "no supplier", "no namespace", "cut off", "doctype"],
)
def test_what_would_be_changed_or_cannot_be_read_is_left_alone(xml: str, why: str) -> None:
    with pytest.raises(NotPlacedError, match=why):
        put(xml.encode())
