from __future__ import annotations

from dataclasses import replace

from posthorn.documents.invoice import Attribute, Item, Note
from posthorn.documents.render import view_of, view_of_statement
from posthorn.documents.render.fitting import MAX_ROWS, fitted
from posthorn.documents.render.words import words_in
from tests.pure.documents.render.papers import BOARD, FILE, INVOICE, STATEMENT, long

WORDS = words_in("en")


def test_ordinary_document_is_set_whole() -> None:
    for view in (view_of(INVOICE, "en"), view_of_statement(FILE, "en")):
        assert fitted(view, WORDS) == view


def test_lines_that_do_not_fit_are_named() -> None:
    (sheet,) = fitted(view_of(long(100), "en"), WORDS, 50).sheets

    assert sheet.lines is not None
    assert len(sheet.lines.entries) == 40
    assert sheet.lines.note == ("Lines 41 to 100 stand in the original, which is inside this PDF.")
    assert [(table.entries, table.note) for table in sheet.tables] == [
        ((), "Lines 1 to 2 stand in the original, which is inside this PDF."),
        ((), "Lines 1 to 4 stand in the original, which is inside this PDF."),
    ]


def test_a_pdf_has_four_thousand_rows_at_most() -> None:
    assert MAX_ROWS == 4_000


def test_line_with_countless_details_is_cut() -> None:
    attributes = tuple(Attribute(name=str(number), value="x") for number in range(150))
    line = replace(BOARD, item=Item(name="x", attributes=attributes))

    (sheet,) = fitted(view_of(replace(INVOICE, lines=(line,)), "en"), WORDS).sheets

    assert sheet.lines is not None
    details = sheet.lines.entries[0].details
    assert (len(details), details[99].label, details[100].value.text) == (101, "99", "…")


def test_countless_notes_and_attachments_are_cut() -> None:
    noted = replace(
        INVOICE, notes=tuple(Note(text=str(number)) for number in range(300)), payment_terms=None
    )

    (sheet,) = fitted(view_of(noted, "en"), WORDS).sheets

    assert [line.text for line in sheet.blocks[0].lines][-2:] == ["199", "…"]


def test_statements_that_do_not_fit_are_named() -> None:
    many = replace(FILE, statements=(STATEMENT,) * 9)

    view = fitted(view_of_statement(many, "en"), WORDS, 50)

    assert len(view.sheets) == 3
    assert view.origin.endswith("Further statements stand in the original only.")
