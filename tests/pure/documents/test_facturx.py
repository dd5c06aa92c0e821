from __future__ import annotations

import zlib
from collections.abc import Iterable
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from posthorn.documents.errors import TooLargeError
from posthorn.documents.facturx import (
    Embedded,
    Kind,
    PdfBrokenError,
    PdfEncryptedError,
    PdfTooComplexError,
    embedded_xml,
)
from posthorn.documents.limits import Limits

CII = (
    b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:'
    b'CrossIndustryInvoice:100"/>'
)
ORDER = (
    b'<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:un:unece:uncefact:data:'
    b'SCRDMCCBDACIOMessageStructure:100"/>'
)


def writer(files: Iterable[tuple[str, bytes]] = ()) -> PdfWriter:
    pdf = PdfWriter()
    pdf.add_blank_page(width=100, height=100)
    for name, data in files:
        pdf.add_attachment(name, data)
    return pdf


def bytes_of(pdf: PdfWriter) -> bytes:
    out = BytesIO()
    pdf.write(out)
    return out.getvalue()


def pdf_with(*files: tuple[str, bytes]) -> bytes:
    return bytes_of(writer(files))


def test_plain_pdf_has_none() -> None:
    assert embedded_xml(pdf_with()) is None


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml"]
)
def test_invoice_is_found_by_the_names_of_the_standards(name: str) -> None:
    found = embedded_xml(pdf_with(("terms.txt", b"x"), (name, CII)))

    assert found == Embedded(name=name, data=CII, kind=Kind.INVOICE)


def test_invoice_under_another_name_is_found_by_its_content() -> None:
    found = embedded_xml(pdf_with(("a.xml", b"<a/>"), ("order.xml", ORDER), ("data.XML", CII)))

    assert found == Embedded(name="data.XML", data=CII, kind=Kind.INVOICE)


def test_order_is_no_invoice() -> None:
    found = embedded_xml(pdf_with(("order-x.xml", ORDER)))

    assert found == Embedded(name="order-x.xml", data=ORDER, kind=Kind.ORDER)


def test_order_without_a_readable_content_is_told_by_its_name() -> None:
    found = embedded_xml(pdf_with(("order-x.xml", b"<broken")))

    assert found == Embedded(name="order-x.xml", data=b"<broken", kind=Kind.ORDER)


def test_other_xml_files_are_no_invoice() -> None:
    assert embedded_xml(pdf_with(("a.xml", b"<a/>"), ("b.xml", b"not xml"))) is None


def test_invoice_goes_before_an_order() -> None:
    found = embedded_xml(pdf_with(("order-x.xml", ORDER), ("factur-x.xml", CII)))

    assert found == Embedded(name="factur-x.xml", data=CII, kind=Kind.INVOICE)


def specification(
    pdf: PdfWriter, stream: PdfObject, name: str = "factur-x.xml", key: str = "/UF"
) -> DictionaryObject:
    inside = DictionaryObject({NameObject("/F"): pdf._add_object(stream)})
    return DictionaryObject(
        {NameObject("/EF"): inside, NameObject(key): TextStringObject(name)}
        if name
        else {NameObject("/EF"): inside}
    )


def stream_of(data: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream


def names(kids: Iterable[PdfObject] = (), files: Iterable[PdfObject] = ()) -> DictionaryObject:
    tree = DictionaryObject()
    pairs = [part for file in files for part in (TextStringObject("a"), file)]
    if pairs:
        tree[NameObject("/Names")] = ArrayObject(pairs)
    tree[NameObject("/Kids")] = ArrayObject(kids)
    return tree


def rooted(pdf: PdfWriter, tree: PdfObject) -> bytes:
    pdf.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): tree})
    return bytes_of(pdf)


def test_tree_of_names_is_followed_to_its_leaves() -> None:
    pdf = writer()
    leaf = names(files=[specification(pdf, stream_of(CII), key="/F")])
    tree = names(kids=[names(kids=[NumberObject(7), leaf])])

    assert embedded_xml(rooted(pdf, tree)) == Embedded(
        name="factur-x.xml", data=CII, kind=Kind.INVOICE
    )


def test_tree_of_names_that_leads_into_itself_ends() -> None:
    pdf = writer()
    tree = names()
    at = pdf._add_object(tree)
    tree[NameObject("/Kids")] = ArrayObject([at, at])

    assert embedded_xml(rooted(pdf, at)) is None


def test_associated_file_outside_the_tree_of_names_is_found() -> None:
    pdf = writer()
    pdf.root_object[NameObject("/AF")] = ArrayObject([specification(pdf, stream_of(CII))])

    assert embedded_xml(bytes_of(pdf)) == Embedded(name="factur-x.xml", data=CII, kind=Kind.INVOICE)


def test_files_without_name_or_stream_are_passed_over() -> None:
    pdf = writer()
    files = [
        specification(pdf, NumberObject(7)),
        specification(pdf, stream_of(CII), name=""),
        NumberObject(1),
    ]

    assert embedded_xml(rooted(pdf, names(files=files))) is None


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_pdf_with_a_password_is_refused_as_such(algorithm: str) -> None:
    pdf = writer([("factur-x.xml", CII)])
    pdf.encrypt("secret", algorithm=algorithm)

    with pytest.raises(PdfEncryptedError):
        embedded_xml(bytes_of(pdf))


def test_pdf_that_only_may_not_be_changed_is_read() -> None:
    pdf = writer([("factur-x.xml", CII)])
    pdf.encrypt("", "owner", algorithm="AES-256")

    assert embedded_xml(bytes_of(pdf)) == Embedded(name="factur-x.xml", data=CII, kind=Kind.INVOICE)


def test_pdf_cut_off_anywhere_is_broken_or_plain() -> None:
    whole = pdf_with(("factur-x.xml", CII))

    for length in range(0, len(whole) - 6, 7):
        with pytest.raises(PdfBrokenError):
            embedded_xml(whole[:length])


def test_pdf_without_its_table_is_mended() -> None:
    whole = pdf_with(("factur-x.xml", CII))
    at = whole.rindex(b"startxref")
    moved = whole[:at] + b"startxref\n3\n%%EOF\n"

    assert embedded_xml(moved) == Embedded(name="factur-x.xml", data=CII, kind=Kind.INVOICE)


def test_large_pdf_without_its_table_is_not_mended() -> None:
    with pytest.raises(PdfBrokenError):
        embedded_xml(b"%PDF-1.4\n" + b" " * 2_100_000 + b"startxref\n3\n%%EOF\n")


def test_table_that_leads_into_itself_ends() -> None:
    body = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    at = len(body)
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    trailer = b"trailer\n<</Size 2/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (at, at)

    assert embedded_xml(body + table + trailer) is None


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = EncodedStreamObject()
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    bomb._data = zlib.compress(b"\0" * 3_000_000, 9)
    pdf = writer()

    with pytest.raises(PdfTooComplexError):
        embedded_xml(
            rooted(pdf, names(files=[specification(pdf, bomb)])), Limits(max_bytes=1_000_000)
        )


def test_pdf_larger_than_the_limit_is_refused_unread() -> None:
    with pytest.raises(TooLargeError):
        embedded_xml(b"%PDF-1.4" + b" " * 100, Limits(max_bytes=100))


def test_words_behind_the_end_do_no_harm() -> None:
    found = embedded_xml(pdf_with(("factur-x.xml", CII)) + b"trailing\n" * 1000)

    assert found == Embedded(name="factur-x.xml", data=CII, kind=Kind.INVOICE)


def test_pdf_whose_brackets_are_read_over_and_over_is_refused() -> None:
    numbers = b"0 " * 300_000
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Names [ " + numbers + b"] >>\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    end = b"trailer << /Size 2 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)

    with pytest.raises(PdfTooComplexError):
        embedded_xml(body + table + end)
