from __future__ import annotations

import pytest

from posthorn.documents import xml
from posthorn.documents.envelopes import unwrap
from posthorn.documents.errors import EnvelopeError, XmlDoctypeError

SBD = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
HEADER = "<s:StandardBusinessDocumentHeader><s:HeaderVersion>1.0</s:HeaderVersion></s:StandardBusinessDocumentHeader>"  # noqa: E501
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def wrapped(inner: str, declarations: str = "") -> bytes:
    return (
        f'<s:StandardBusinessDocument xmlns:s="{SBD}"{declarations}>\n{HEADER}\n{inner}\n'
        "</s:StandardBusinessDocument>"
    ).encode()


def test_inner_document_comes_out_with_its_own_bytes() -> None:
    inner = (
        f'<Invoice  xmlns="{UBL}Invoice-2"\n a=">"><!-- x --><b>1<![CDATA[/>]]></b ></Invoice\n>'
    )

    assert unwrap(wrapped(inner)) == DECLARATION + inner.encode()


def test_inner_document_without_content_comes_out_whole() -> None:
    inner = f'<Invoice xmlns="{UBL}Invoice-2" a="/>" />'

    assert unwrap(wrapped(inner)) == DECLARATION + inner.encode()


def test_prefixes_of_the_envelope_come_along() -> None:
    data = wrapped(
        '<i:Invoice b="1"><c:ID>7</c:ID></i:Invoice>',
        f' xmlns:i="{UBL}Invoice-2" xmlns:c="u&amp;v"',
    )

    root = xml.parse(unwrap(data)).root

    assert root.name == "ubl:Invoice"
    assert root.attributes == {"b": "1"}
    assert root.text("{u&v}ID") == "7"


def test_large_attachment_comes_out_whole() -> None:
    inner = f'<Invoice xmlns="{UBL}Invoice-2"><a>{"QUJD" * 10_000}</a></Invoice>'

    assert unwrap(wrapped(inner)) == DECLARATION + inner.encode()


def test_file_without_an_envelope_stays_as_it_is() -> None:
    data = b"<?xml version='1.0'?>\n<a/>"

    assert unwrap(data) is data


@pytest.mark.parametrize("inner", ["", "<a/><b/>"])
def test_envelope_without_exactly_one_document_is_refused(inner: str) -> None:
    with pytest.raises(EnvelopeError) as refused:
        unwrap(wrapped(inner))

    assert refused.value.code == "envelope"


def test_doctype_before_an_envelope_is_refused() -> None:
    with pytest.raises(XmlDoctypeError):
        unwrap(b"<!DOCTYPE a>" + wrapped("<a/>"))
