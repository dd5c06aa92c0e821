from __future__ import annotations

import pytest

from posthorn.documents import Category, Facts, Format, read, sniff
from posthorn.documents.errors import CamtKindError

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.05"
MT940 = (
    b":20:0001\r\n:25:NL69INGB0123456789\r\n:28C:1\r\n:60F:C260301EUR1,\r\n:62F:C260302EUR1,\r\n"
)
MAIL = b"Received: from a\r\n by b\r\nFrom: a@b.example\r\nSubject: x\r\nDate: now\r\n\r\nbody"

KNOWN = {
    "invoice": (f'<x:Invoice xmlns:x="{UBL}Invoice-2"/>'.encode(), Format.UBL_INVOICE),
    "credit note": (f'<CreditNote xmlns="{UBL}CreditNote-2"/>'.encode(), Format.UBL_CREDIT_NOTE),
    "invoice in UTF-16": (
        f'<I:Invoice xmlns:I="{UBL}Invoice-2"/>'.encode("utf-16"),
        Format.UBL_INVOICE,
    ),
    "CII": (f'<x:CrossIndustryInvoice xmlns:x="{CII}"/>'.encode(), Format.CII),
    "ZUGFeRD 1": (
        b'<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>',
        Format.CII,
    ),
    "CAMT.053": (f'<Document xmlns="{CAMT}3.001.08"/>'.encode(), Format.CAMT053),
    "CAMT.054": (f'<Document xmlns="{CAMT}4.001.08"/>'.encode(), Format.XML),
    "Invoice of nothing": (b"<Invoice/>", Format.XML),
    "order": (f'<Order xmlns="{UBL}Order-2"/>'.encode(), Format.XML),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Format.XML),
    "MT940": (MT940, Format.MT940),
    "MT940 in a block": (b"{1:F01INGBNL2ABXXX}{2:I940}\r\n{4:\r\n" + MT940 + b"-}", Format.MT940),
    "MT940 behind a heading": (b"ABNANL2A\r\n940\r\nABNANL2A\r\n" + MT940, Format.MT940),
    "MT940 with UTF-8 names": (MT940 + ":86:Café €\r\n".encode(), Format.MT940),
    "MT940 in a mail": (MAIL + b"\r\n" + MT940, Format.EML),
    "MT940 in pieces": (MT940.replace(b":25:", b":26:"), Format.UNKNOWN),
    "PDF": (b"%PDF-1.7\n", Format.PDF),
    "PDF behind rubbish": (b"\r\n" * 400 + b"%PDF-1.4\n", Format.PDF),
    "PDF too far behind": (b"\r\n" * 600 + b"%PDF-1.4\n", Format.UNKNOWN),
    "ZIP": (b"PK\x03\x04rest", Format.ZIP),
    "empty ZIP": (b"PK\x05\x06" + bytes(18), Format.ZIP),
    "ZIP with a PDF in front": (b"PK\x03\x04%PDF-1.4", Format.ZIP),
    "PNG": (b"\x89PNG\r\n\x1a\nrest", Format.IMAGE),
    "JPEG": (b"\xff\xd8\xff\xe0rest", Format.IMAGE),
    "GIF": (b"GIF89arest", Format.IMAGE),
    "TIFF": (b"II*\0rest", Format.IMAGE),
    "WebP": (b"RIFF\n\0\0\0WEBPrest", Format.IMAGE),
    "HEIC": (b"\0\0\0\x18ftypheicrest", Format.IMAGE),
    "mail": (MAIL, Format.EML),
    "mail without a body": (b"From: a\nTo: b\nSubject: c", Format.EML),
    "letter": (b"From: me\nto whom it may concern\nSubject: x\nDate: y\n", Format.UNKNOWN),
    "program": (b"MZ\x90\0", Format.UNKNOWN),
    "text": (b"hello", Format.UNKNOWN),
    "one blank": (b" ", Format.UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_format_is_told_by_content(name: str) -> None:
    data, expected = KNOWN[name]

    assert sniff(data).format is expected


@pytest.mark.parametrize("name", sorted(set(KNOWN) - {"CAMT.053", "CAMT.054", "MT940 in pieces"}))
def test_reading_sees_what_sniffing_saw(name: str) -> None:
    data, expected = KNOWN[name]

    assert read(data).format is expected


@pytest.mark.parametrize("data", [b"<", b"<a", b"<<", b"<!DOCTYPE a><a/>", b"<a>\xff</a>"])
def test_broken_xml_is_told_apart_from_other_files(data: bytes) -> None:
    assert sniff(data).format is Format.XML


def test_files_that_are_no_documents_come_without_facts() -> None:
    assert read(KNOWN["PDF"][0]) == Facts(format=Format.PDF, category=Category.OTHER)
    assert read(KNOWN["text"][0]) == Facts(format=Format.UNKNOWN, category=Category.OTHER)


def test_bank_file_without_statements_is_refused() -> None:
    with pytest.raises(CamtKindError):
        read(KNOWN["CAMT.053"][0])
