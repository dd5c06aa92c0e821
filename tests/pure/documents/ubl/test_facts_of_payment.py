from __future__ import annotations

import pytest

from tests.pure.documents.ubl.snippets import facts as ubl


def attached(attributes: str, content: str = "JVBERi0=") -> str | None:
    return ubl(
        "<a:AdditionalDocumentReference><b:ID>A-1</b:ID><a:Attachment>"
        f"<b:EmbeddedDocumentBinaryObject {attributes}>{content}</b:EmbeddedDocumentBinaryObject>"
        "</a:Attachment></a:AdditionalDocumentReference>"
    ).attached_pdf


@pytest.mark.parametrize(
    ("attributes", "content", "expected"),
    [
        ('mimeCode="application/pdf" filename="a.pdf"', "JVBERi0=", "a.pdf"),
        ('mimeCode="application/pdf"', "JVBERi0=", "A-1"),
        ('filename="Factuur.PDF"', "JVBERi0=", "Factuur.PDF"),
        ('mimeCode="application/pdf" filename="a.pdf"', "no base64!", "a.pdf"),
        ('mimeCode="application/pdf" filename="a.pdf"', " ", None),
        ('mimeCode="text/csv" filename="a.csv"', "YQ==", None),
        ("", "JVBERi0=", None),
    ],
)
def test_pdf_inside_is_named(attributes: str, content: str, expected: str | None) -> None:
    assert attached(attributes, content) == expected


def test_pdf_without_name_and_number_is_named_by_its_type() -> None:
    body = (
        "<a:AdditionalDocumentReference><a:Attachment>"
        '<b:EmbeddedDocumentBinaryObject mimeCode="application/pdf">JVBERi0='
        "</b:EmbeddedDocumentBinaryObject></a:Attachment></a:AdditionalDocumentReference>"
    )

    assert ubl(body).attached_pdf == "application/pdf"


def test_pdf_elsewhere_is_no_pdf_inside() -> None:
    body = (
        "<a:AdditionalDocumentReference><b:ID>A-1</b:ID><a:Attachment><a:ExternalReference>"
        "<b:URI>https://example.com/a.pdf</b:URI>"
        "</a:ExternalReference></a:Attachment></a:AdditionalDocumentReference>"
    )

    assert ubl(body).attached_pdf is None


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("010806817183", "010806817183"),
        ("rf18 5390 0754 7034", "RF18539007547034"),
        ("+++010/8068/17184+++", "+++010/8068/17184+++"),
        ("Invoice 17", "Invoice 17"),
    ],
)
def test_payment_reference_is_written_in_one_way_where_it_holds(sent: str, expected: str) -> None:
    means = f"<a:PaymentMeans><b:PaymentID>{sent}</b:PaymentID></a:PaymentMeans>"

    assert ubl(means).payment_reference == expected


def test_account_that_is_no_iban_is_kept_as_sent() -> None:
    account = "<a:PayeeFinancialAccount><b:ID>12-34 56</b:ID></a:PayeeFinancialAccount>"

    assert ubl(f"<a:PaymentMeans>{account}</a:PaymentMeans>").pay_to == "12-3456"
