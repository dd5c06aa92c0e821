from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from posthorn.documents import Format, Limits, read, refuse_doctype, xml
from posthorn.documents.errors import (
    EmptyError,
    MalformedError,
    TooComplexError,
    TooLargeError,
    XmlDoctypeError,
    XmlIncludeError,
)
from posthorn.documents.heads import head_of

SOURCE = Path(xml.__file__).parents[2]

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
OPENING = (
    f'<i:Invoice xmlns:i="{UBL}Invoice-2" xmlns:c="{UBL}CommonBasicComponents-2"'
    f' xmlns:a="{UBL}CommonAggregateComponents-2">'
)


def invoice(amount: str, *, before: str = "") -> bytes:
    return (
        f"{before}{OPENING}<c:DocumentCurrencyCode>EUR</c:DocumentCurrencyCode>"
        f"<a:LegalMonetaryTotal><c:TaxInclusiveAmount>{amount}</c:TaxInclusiveAmount>"
        "</a:LegalMonetaryTotal></i:Invoice>"
    ).encode()


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
HOSTILE_DOCTYPES = {
    "B01 billion laughs": invoice("&c;", before=LAUGHS),
    "B02 quadratic": invoice(
        "&a;" * 20_000, before=f'<!DOCTYPE l [<!ENTITY a "{"x" * 100_000}">]>'
    ),
    "B03 file": invoice("&e;", before='<!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "B04 http": invoice("&e;", before='<!DOCTYPE l [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>'),
    "B05 parameter": invoice("1", before='<!DOCTYPE l [<!ENTITY % p SYSTEM "file:///x"> %p;]>'),
    "B06 external only": invoice("1", before='<!DOCTYPE l SYSTEM "file:///etc/passwd">'),
    "B07 default attribute": invoice(
        "1", before='<!DOCTYPE l [<!ATTLIST c:TaxInclusiveAmount currencyID CDATA "USD">]>'
    ),
    "B08 entity in amount": invoice("1&e;00", before='<!DOCTYPE l [<!ENTITY e "9">]>'),
    "behind a comment": invoice("1", before='<?xml version="1.0"?> <!-- > --> <?p ?><!DOCTYPE l>'),
    "html": b"<!doctype html><html><body>404</body></html>",
    "UTF-16": invoice("1", before="<!DOCTYPE l>").decode().encode("utf-16"),
    "UTF-8 with mark": b"\xef\xbb\xbf" + invoice("1", before="<!DOCTYPE l>"),
}


@pytest.mark.parametrize("name", HOSTILE_DOCTYPES)
def test_every_doctype_is_refused(name: str) -> None:
    with pytest.raises(XmlDoctypeError) as refused:
        read(HOSTILE_DOCTYPES[name])
    with pytest.raises(XmlDoctypeError):
        refuse_doctype(HOSTILE_DOCTYPES[name])

    assert refused.value.code == "xml.doctype"


def test_parser_refuses_the_doctype_that_the_bytes_hid() -> None:
    # Without their NULs the bytes of U+2D2D U+613E read `-->a`: the first look ends too early.
    hidden = "<!-- \u2d2d\u613e --><!DOCTYPE l><a/>".encode("utf-16")
    refuse_doctype(hidden)

    with pytest.raises(XmlDoctypeError):
        xml.parse(hidden)
    assert head_of(hidden).root is None


def test_word_doctype_inside_the_text_is_no_doctype() -> None:
    assert xml.parse(b"<a><![CDATA[<!DOCTYPE html>]]></a>").root.value == "<!DOCTYPE html>"


@pytest.mark.parametrize(
    "amount",
    ["1000", "10<!-- -->00", "10<?x y?>00", "<![CDATA[10]]>00", "1&#48;00", " 1000\n"],
    ids=["plain", "B09 comment", "B10 instruction", "B11 CDATA", "reference", "blanks"],
)
def test_amount_is_read_whole(amount: str) -> None:
    assert str(read(invoice(amount)).total) == "1000"


def test_amount_with_an_element_inside_is_no_amount() -> None:
    assert read(invoice("10<c:X>0</c:X>00")).total is None


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" * 100_000,
        b'<a x="' + b"A" * 11_000_000 + b'"/>',
        b"<a>" + b"A. " * 4_000_000 + b"</a>",
        b"<a " + b" ".join(b'x%d="1"' % i for i in range(100_000)) + b"/>",
        b"<a " + b" ".join(b'x%d="1"' % i for i in range(129)) + b"/>",
        b"<a " + b" ".join(b'xmlns:x%d="u%d"' % (i, i) for i in range(100_000)) + b"/>",
    ],
    ids=["B12", "B13", "B14", "text of 12 MB", "B15", "B15 just", "B16"],
)
def test_complexity_beyond_any_document_is_refused_at_once(data: bytes) -> None:
    started = time.process_time()
    with pytest.raises(TooComplexError) as refused:
        read(data)

    assert refused.value.code == "too_complex"
    assert time.process_time() - started < 3


def test_limits_are_inclusive() -> None:
    limits = Limits(
        max_bytes=100, max_depth=3, max_elements=4, max_attributes=3, max_attributes_per_element=2
    )
    most = b'<r a="1" b="2"><b c="3"><c/></b><b/></r>'

    assert [child.name for child in xml.parse(most.ljust(100), limits).root.children()] == [
        "b",
        "b",
    ]
    with pytest.raises(TooLargeError):
        xml.parse(most.ljust(101), limits)
    for beyond in (
        b"<r><b><c><d/></c></b></r>",
        b"<r><b/><b/><b/><b/></r>",
        b'<r a="1" b="2"><b a="1" b="2"/></r>',
        b'<r a="1" b="2" c="3"/>',
        b'<r xmlns="a"><b xmlns="b"/><b xmlns="c"/><b xmlns="d"/></r>',
    ):
        with pytest.raises(TooComplexError):
            xml.parse(beyond, limits)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the memory there")
def test_twenty_megabytes_of_elements_end_early_in_little_memory() -> None:
    program = (
        "import re\nfrom pathlib import Path\n"
        "from posthorn.documents import read, DocumentError\n"
        "try:\n    read(b'<r>' + b'<b/>' * 5_000_000 + b'</r>')\n"
        "except DocumentError as error:\n"
        # Not resource.getrusage: its figure is at least what the parent had at the fork.
        "    status = Path('/proc/self/status').read_text()\n"
        "    print(error.code, int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)\n"
    )
    started = time.monotonic()
    ended = subprocess.run(  # noqa: S603 (our own interpreter, our own program)
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(SOURCE)},
    )
    code, megabytes = ended.stdout.split()

    assert code == b"too_complex"
    assert int(megabytes) < 512
    assert time.monotonic() - started < 20


def test_attachment_larger_than_the_parsers_own_text_limit_is_read() -> None:
    root = xml.parse(b"<a>" + b"QUJD" * 3_000_000 + b"</a>").root

    assert len(root.value or "") == 12_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"<" + b"a" * 60_000 + b"/>",
        b"<a>\0</a>",
        "<a>\ufffe</a>".encode(),
        b"<a/><b/>",
        b"<",
        b"<a:b/>",
        b'<a xmlns:x="u" xmlns:y="u" x:a="1" y:a="2"/>',
        b"<a>1&e;00</a>",
        b'<?xml version="2.0"?><a/>',
    ],
    ids=[
        "B18 name of 60 kB",
        "B23 NUL",
        "B23 U+FFFE",
        "B24 two roots",
        "B24 one byte",
        "prefix of nothing",
        "attribute twice",
        "entity of nothing",
        "version of nothing",
    ],
)
def test_broken_xml_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError) as refused:
        read(data)

    assert refused.value.code == "xml.malformed"


def test_inclusion_is_refused() -> None:
    with pytest.raises(XmlIncludeError) as refused:
        read(b'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="file:///x"/></a>')

    assert refused.value.code == "xml.include"


def test_stylesheet_is_neither_fetched_nor_a_reason_to_refuse() -> None:
    # Real invoices name one (B20); the tests' sockets are closed, so a look would fail.
    facts = read(invoice("5", before='<?xml-stylesheet href="http://127.0.0.1:1/a.xsl"?>'))

    assert str(facts.total) == "5"


def test_truncated_invoice_is_refused_at_every_length() -> None:
    whole = invoice("1000", before='<?xml version="1.0" encoding="UTF-8"?>')
    assert read(whole).format is Format.UBL_INVOICE

    for length in range(1, len(whole)):
        with pytest.raises(MalformedError):
            read(whole[:length])


def test_empty_file_is_refused() -> None:
    with pytest.raises(EmptyError) as refused:
        read(b"")

    assert refused.value.code == "empty"


def test_file_over_the_cap_is_refused_before_anything_looks_at_it() -> None:
    with pytest.raises(TooLargeError) as refused:
        read(b"%PDF-" + b"0" * 10, Limits(max_bytes=14))

    assert (refused.value.code, refused.value.detail) == ("too_large", "15 bytes, at most 14")
    assert read(b"%PDF-" + b"0" * 9, Limits(max_bytes=14)).format is Format.PDF
