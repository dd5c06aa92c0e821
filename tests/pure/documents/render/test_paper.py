from __future__ import annotations

import io
import struct
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import PdfObject

from posthorn.documents.invoice import Invoice, Item, Line, Note, Party
from posthorn.documents.render import Original, pdf
from posthorn.documents.render.fonts import _INSIDE, codes_of, covered, folders, plain
from posthorn.documents.sentences import LANGUAGES
from tests.pure.documents.render.papers import (
    BOARD,
    CREDIT_NOTE,
    FILE,
    INVOICE,
    MADE,
    QUIET,
    XML,
)


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data), strict=True)


def words_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(data).pages)


def at(start: PdfObject | None, *path: str | int) -> Any:  # noqa: ANN401 (whatever a PDF holds)
    found: Any = start
    for step in path:
        found = found.get_object()[step]
    return found.get_object()


@pytest.mark.parametrize(
    "data",
    [XML.data, b"\xef\xbb\xbf<a/>\r\n", b"<a>\xe9\xff\x00</a>", b"", "\x00🚀".encode()],
)
def test_original_comes_out_byte_for_byte(data: bytes) -> None:
    made = read(pdf(INVOICE, "nl", original=replace(XML, data=data), made=MADE))

    assert made.attachments["2026-0042.xml"] == [data]


def test_original_is_named_typed_and_related_to_the_picture() -> None:
    coda = Original(data=b"0000", name="uittreksel é.cod", media_type="text/plain")

    root = read(pdf(FILE, "nl", original=coda, made=MADE)).trailer["/Root"]

    assert len(at(root, "/AF")) == 1
    assert at(root, "/AF", 0, "/UF") == "uittreksel é.cod"
    assert at(root, "/AF", 0, "/AFRelationship") == "/Alternative"
    assert at(root, "/AF", 0, "/EF", "/F", "/Subtype") == "/text/plain"


def test_pdf_says_that_it_is_pdf_a_3a_and_pdf_ua_1() -> None:
    made = read(pdf(INVOICE, "fr", original=XML, made=MADE))
    root = made.trailer["/Root"]
    described = at(root, "/Metadata").get_data().decode()

    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert at(root, "/Lang") == "fr"
    assert at(root, "/MarkInfo", "/Marked")
    assert made.metadata is not None
    assert (made.metadata.title, made.metadata.author) == (
        "Facture 2026-0042",
        "Schrijnwerkerij De Backer bv",
    )
    assert made.metadata.creation_date == MADE


def test_fonts_are_embedded_and_none_is_the_machines_own() -> None:
    made = read(pdf(INVOICE, "nl", original=XML, made=MADE))
    fonts = {
        at(font, "/DescendantFonts", 0, "/BaseFont").split("+")[1]
        for page in made.pages
        for font in at(page, "/Resources", "/Font").values()
    }

    assert {name.split("-")[0] for name in fonts} == {"NotoSans"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_names_document_seller_page_and_original(language: str) -> None:
    made = read(pdf(replace(INVOICE, lines=(BOARD,) * 30), language, original=XML, made=MADE))
    last = made.pages[-1].extract_text()
    page_of = {"nl": "Pagina {} van {}", "fr": "Page {} sur {}", "en": "Page {} of {}"}

    assert "Schrijnwerkerij De Backer bv · " in last
    assert "XML" in last
    assert page_of.get(language, "Seite {} von {}").format(len(made.pages), len(made.pages)) in last


def test_values_stand_on_the_paper_as_sent() -> None:
    words = words_of(pdf(CREDIT_NOTE, "nl", original=XML, made=MADE))

    for shown in ("Creditnota", "C-1", "2.431,20 EUR", "+++090/9337/55493+++", "1.798,9333"):
        assert shown in words


def test_statement_shows_its_movements_and_checks() -> None:
    words = words_of(pdf(FILE, "nl", original=XML, made=MADE))

    for shown in ("Rekeninguittreksel", "1.250,00", "Bakkerij Van Hove", "kloppen"):
        assert shown in words


def test_wrong_statement_shows_its_warning() -> None:
    words = words_of(pdf(QUIET, "en", original=XML, made=MADE))

    assert "No movements." in words
    assert "cannot be checked" in words.replace("\n", " ")


def test_empty_invoice_is_still_a_page() -> None:
    assert "Invoice" in words_of(pdf(Invoice(), "en", original=XML, made=MADE))


def test_text_is_never_read_as_markup() -> None:
    markup = "#panic() *b* $x$ @ref <label> \\ ```raw``` #{1+1} // c https://a.example"

    words = words_of(pdf(Invoice(notes=(Note(text=markup),)), "en", original=XML, made=MADE))

    assert "".join(markup.split()) in "".join(words.split())


def test_greek_cyrillic_arabic_and_hebrew_come_out() -> None:
    names = "Ελληνική Εταιρεία", "Кириллица", "شركة بروكسل", "שלום", "≤ → ✓"
    made = pdf(Invoice(seller=Party(name=" ".join(names))), "en", original=XML, made=MADE)

    assert "Ελληνική Εταιρεία Кириллица" in words_of(made)
    assert "□" not in words_of(made)


def test_sign_that_no_font_has_is_a_box_that_is_explained() -> None:
    made = pdf(Invoice(notes=(Note(text="中🚀"),)), "en", original=XML, made=MADE)

    assert "□□" in words_of(made)
    assert "□ stands for a character that this picture cannot show." in words_of(made).replace(
        "\n", " "
    )


def test_accent_that_no_font_sets_on_its_letter_is_a_box_too() -> None:
    made = pdf(Invoice(number="\u0615\u2379\ufe2a é"), "en", original=XML, made=MADE)

    assert "□ é" in words_of(made)


@settings(max_examples=15)
@given(st.lists(st.text(max_size=40), min_size=4, max_size=4))
def test_no_text_keeps_a_document_from_being_set(texts: list[str]) -> None:
    number, name, note, item = texts
    document = Invoice(
        number=number,
        seller=Party(name=name),
        notes=(Note(text=note),),
        lines=(Line(item=Item(name=item)),),
    )

    assert pdf(document, "en", original=XML, made=MADE).startswith(b"%PDF-1.7")


def test_every_sign_said_to_be_inside_the_typesetter_is_set() -> None:
    signs = "".join(chr(code) for start, end in _INSIDE for code in range(start, end + 1))
    notes = tuple(Note(text=signs[start : start + 200]) for start in range(0, len(signs), 200))

    words = words_of(pdf(Invoice(notes=notes), "en", original=XML, made=MADE))

    assert "stands for a character" not in words
    assert "□" in signs


def test_coverage_of_the_fonts_is_read_from_their_files() -> None:
    signs = covered()

    assert set("aZéßłΩжẾ€\u2212\u202f…ع") <= signs
    assert set("中🚀\u2800\x00") & signs == set()
    assert [folder.parent.name for folder in folders()] == [
        "fontpkg_noto_sans",
        "fontpkg_noto_sans_arabic",
    ]


def test_signs_that_act_are_never_set() -> None:
    assert "\u202e" not in covered()
    assert {"é", "…"} <= plain()
    assert {"ع", "\u0301", "☎"} & plain() == set()


def test_file_that_is_no_font_is_refused() -> None:
    empty = b"\x00\x01\x00\x00" + b"\x00" * 8
    unmapped = struct.pack(">LHxxxxxx4sLLLHH", 0x10000, 1, b"cmap", 0, 28, 4, 0, 0)
    segmented = struct.pack(
        ">LHxxxxxx4sLLLHHHHLH", 0x10000, 1, b"cmap", 0, 28, 14, 0, 1, 3, 1, 12, 4
    )

    with pytest.raises(ValueError, match="no table b'cmap'"):
        list(codes_of(empty))
    with pytest.raises(ValueError, match="maps no signs in groups"):
        list(codes_of(unmapped))
    with pytest.raises(ValueError, match="maps no signs in groups"):
        list(codes_of(segmented))


def test_same_input_gives_the_same_bytes_in_every_process() -> None:
    code = (
        "import sys; from hashlib import sha256;"
        "from posthorn.documents.render import pdf;"
        "from tests.pure.documents.render.papers import INVOICE, MADE, XML;"
        "print(sha256(pdf(INVOICE, 'nl', original=XML, made=MADE)).hexdigest())"
    )
    here = pdf(INVOICE, "nl", original=XML, made=MADE)
    pdf(CREDIT_NOTE, "de", original=XML, made=MADE)
    path = ":".join(sys.path)

    other = subprocess.run(  # noqa: S603 (our own interpreter, our own program)
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": path},
        timeout=60,
    )

    assert other.stdout.strip() == sha256(here).hexdigest()
    assert pdf(INVOICE, "nl", original=XML, made=MADE) == here
    assert pdf(INVOICE, "nl", original=XML, made=MADE + timedelta(seconds=1)) != here
