"""Spoils files byte by byte, and with the words that parsers stumble over."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Final

from pypdf import PdfWriter

from posthorn_sandbox.samples import folder
from tests.oracle.bases import COUNTRIES, document
from tests.oracle.mutants import mutant
from tests.oracle.sources import ROOT

_OWN: Final = ROOT / "tests" / "samples"
_PUBLIC: Final = ROOT.parent / "shared" / "samples"
_MANY: Final = (1, 1, 1, 2, 3, 5, 8, 20)
_STAYS_XML: Final = 0.7  # of the invoices; what is no XML is refused at the door
_CUT_OFF: Final = 0.3
_LONGEST: Final = 400  # bytes taken out or repeated at once
_BIG: Final = 60_000  # bytes of a seed; larger ones only take longer
_ANY: Final = (
    *(b"", b"\0", b"\r", b"\n", b"\r\n", b"\x85", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28"),
    *(b"9" * 40, b"-1", b"0", b"1e999", b"NaN", b" " * 200, b"A" * 5_000, b"\xd9\xa1"),
)
WORDS: Final = {
    "XML": (
        *(b"<", b">", b"&", b'"', b"'", b"<!--", b"-->", b"<?x", b"?>", b"<![CDATA[", b"]]>"),
        *(b"<!DOCTYPE x>", b"&#0;", b"&#x10FFFF;", b"&lt;", b"&nbsp;", b'xmlns=""', b"xmlns:a='b'"),
        *(b"<a>" * 70, b"</a>", b"<a/>" * 300, b' a="1"' * 140, b'encoding="UTF-16"', b"<a:b/>"),
        *(b'encoding="UTF-7"', b"<cbc:ID>", b"</cbc:ID>", b"2026-02-30", b"--12-31", b"EUR"),
        *(b'xsi:schemaLocation="a b"', b"xi:include", b"cG9zdGhvcm4t00000000", b"Z" * 9_000),
    ),
    "CODA": (
        *(b"0", b"1", b"2", b"21", b"22", b"23", b"31", b"32", b"4", b"8", b"9", b" " * 128),
        *(b"\n8", b"\n9", b"\n0", b"320226", b"999999", b"EUR", b"USD", b"1001101", b"\x1a"),
    ),
    "MT940": (
        *(b":20:", b":25:", b":28C:", b":60F:", b":60M:", b":61:", b":62F:", b":64:", b":86:"),
        *(b"{1:F01", b"-}", b"C", b"D", b"RC", b",", b"C260230EUR1,0", b":NS:", b"?20", b"/"),
        *(b"991399", b":61:2602300302C", b":34F:", b":13D:"),
    ),
    "PDF": (
        *(b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"%%EOF"),
        *(b"<<", b">>", b"[", b"]", b"R", b"0 0 R", b"1 0 R", b"/Kids", b"/Names", b"/EF", b"/F"),
        *(b"/Filter /FlateDecode", b"/Length 999999999", b"/Length -1", b"/Encrypt 1 0 R"),
        *(b"/Filter [/FlateDecode /FlateDecode]", b"/Root 1 0 R", b"/Prev 0", b"[" * 500),
        *(b"/DecodeParms << /Predictor 15 /Columns 99999999 >>", b"/Type /ObjStm", b"/N 99999"),
        *(b"(" * 500, b"<<" * 500, b"/LZWDecode", b"/ASCII85Decode", b"/RunLengthDecode"),
    ),
}


def seeds(kind: str) -> list[bytes]:
    """Give the good files of a kind; those of the public sets where they are here."""
    found = {"XML": _xml, "CODA": _coda, "MT940": _mt940, "PDF": _pdf}[kind]()
    return [data for data in found if len(data) <= _BIG]


def spoiled(kind: str, good: list[bytes], dice: random.Random) -> bytes:
    """Make a bad file of a good one."""
    data = dice.choice(good)
    is_ubl = any(name in data for name in (b":schema:xsd:Invoice-2", b":schema:xsd:CreditNote-2"))
    if kind == "XML" and is_ubl and dice.random() < _STAYS_XML:
        for _ in range(dice.choice(_MANY[:-1])):
            data = mutant(data, seed=dice.randrange(10**9), index=0).data
        return data
    for _ in range(dice.choice(_MANY)):
        data = _spoiled_once(data, dice.choice(good), (*_ANY, *WORDS[kind]), dice)
    return data


def _spoiled_once(
    data: bytes, other: bytes, words: tuple[bytes, ...], dice: random.Random
) -> bytes:
    at = dice.randrange(len(data) + 1)
    end = min(len(data), at + dice.randrange(1, _LONGEST))
    word = dice.choice(words)
    ways = (
        (data[:at], bytes([dice.randrange(256)]), data[at + 1 :]),
        (data[:at], data[end:]),
        (data[:at], data[at:end] * dice.choice((2, 3, 50)), data[end:]),
        (data[:at], word, data[at:]),
        (data[:at], word, data[at:]),
        (data[:at], word, data[end:]),
        (data[:at], other[dice.randrange(len(other) + 1) :]),
        (data[:at], data[at:end].swapcase(), data[end:]),
        (data[:at],) if dice.random() < _CUT_OFF else (data,),
    )
    return b"".join(dice.choice(ways))


def _xml() -> list[bytes]:
    own = [document(country) for country in COUNTRIES[:3]]
    paths = [*folder().glob("*.xml"), *_OWN.rglob("*.xml"), *_PUBLIC.glob("*/*.xml")]
    return own + _read([*paths, *_PUBLIC.glob("convert/cii/*.xml")])


def _coda() -> list[bytes]:
    return _read([*folder().glob("*.cod"), *_OWN.rglob("*.cod"), *_PUBLIC.glob("bank/*.cod")])


def _mt940() -> list[bytes]:
    public = [*_PUBLIC.glob("bank/*.940"), *_PUBLIC.glob("bank/*.sta")]
    return _read([*_OWN.rglob("*.940"), *public])


def _pdf() -> list[bytes]:
    found = [_with_invoice(name) for name in ("factur-x.xml", "xrechnung.xml", "other.txt", "")]
    return found + _read([*_PUBLIC.glob("convert/pdf/*.pdf")])


def _with_invoice(name: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    if name:
        writer.add_attachment(name, document(COUNTRIES[0]))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _read(paths: list[Path]) -> list[bytes]:
    return [path.read_bytes() for path in sorted(paths)]
