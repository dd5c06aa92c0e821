from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from posthorn.documents.invoice import Invoice, Item, Note
from posthorn.documents.render import html, view_of
from posthorn.documents.render.elements import element, quoted, style, text
from posthorn.documents.sentences import LANGUAGES
from tests.pure.documents.render.papers import (
    CREDIT_NOTE,
    FILE,
    INVOICE,
    QUIET,
    STATEMENT,
    WORK,
    long,
)

TAGS = (
    "html head meta title style body header main article section div h1 h2 p span bdi br dl dt dd "
    "table caption thead tbody tr th td i svg path details summary"
)
ATTRIBUTES = "lang charset name content dir class scope d viewbox aria-hidden"


class Reader(HTMLParser):
    """Keeps every tag, every attribute's name, and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("document", [INVOICE, CREDIT_NOTE, FILE, QUIET, Invoice(), long(201)])
def test_page_holds_only_what_cannot_act_or_fetch(document: Invoice) -> None:
    page = html(document, "fr")
    read = Reader(page)

    assert set(read.tags) - set(TAGS.split(" ")) == set()
    assert read.names - set(ATTRIBUTES.split(" ")) == set()
    assert "url(" not in page
    assert "@import" not in page


def test_hostile_text_stands_on_the_page_as_text() -> None:
    bad = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    hostile = replace(
        INVOICE,
        number=bad,
        currency=bad,
        notes=(Note(text=bad, subject=bad),),
        lines=(replace(WORK, number=bad, unit=bad, item=Item(name=bad, description=bad)),),
    )

    read = Reader(html(hostile, "nl"))

    assert set(read.tags) - set(TAGS.split(" ")) == set()
    assert read.text.count(bad) == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_its_language_and_that_the_xml_is_the_original(language: str) -> None:
    page = html(INVOICE, language)

    assert page.startswith(f'<!doctype html>\n<html lang="{language}">')
    assert view_of(INVOICE, language).origin in page


def test_credit_note_differs_in_word_colour_and_icon() -> None:
    invoice, credit_note = html(INVOICE), html(CREDIT_NOTE)
    icon = re.compile(r'class="kind"><svg[^>]*><path d="([^"]*)"')

    assert "<title>Credit note C-1</title>" in credit_note
    assert '<body class="invoice">' in invoice
    assert '<body class="credit-note">' in credit_note
    assert icon.findall(invoice) != icon.findall(credit_note)


def test_every_foreign_text_keeps_its_direction_to_itself() -> None:
    page = html(replace(INVOICE, notes=(Note(text="شركة\nبروكسل"),)), "nl")

    assert '<bdi dir="auto">شركة<br>بروكسل</bdi>' in page
    assert '<bdi dir="auto" class="number">2026-0042</bdi>' in page


def test_numbers_in_line_are_padded_out_of_sight_and_hearing() -> None:
    assert '<td class="num">2,5</td>' in html(INVOICE, "nl")
    assert '65,00<i aria-hidden="true">00</i></td>' in html(INVOICE, "nl")


def test_long_cell_may_break() -> None:
    page = html(replace(INVOICE, lines=(replace(WORK, unit="x" * 25),)), "nl")

    assert f'<td class="long"><bdi dir="auto">{"x" * 25}</bdi></td>' in page


def test_lines_beyond_the_first_two_hundred_are_folded() -> None:
    page = html(long(401), "en")

    assert re.findall(r"<summary>(.*?)</summary>", page) == [
        "Lines 201 to 400",
        "Lines 401 to 401",
    ]
    assert page.count("<tr>") == 3 + 401 + 2 + 2 + 4 + 8
    assert "<details" not in html(long(200), "en")


def test_statements_of_a_file_follow_each_other() -> None:
    two = replace(FILE, statements=(STATEMENT, replace(STATEMENT, number="8")))

    page = html(two, "de")

    assert page.count("<article>") == 2
    assert '<section class="checks warning"><h2><svg' not in html(FILE)
    assert '<section class="checks"><h2>Prüfungen</h2>' in html(FILE, "de")
    assert '<section class="checks warning"><h2><svg' in page


def test_view_is_shown_as_it_is() -> None:
    assert html(view_of(INVOICE, "fr")) == html(INVOICE, "fr")


def test_text_and_attributes_are_escaped() -> None:
    written = element("p", text("<&>"), class_='"', data_label="", aria_label="x")

    assert written == '<p class="&quot;" aria-label="x">&lt;&amp;&gt;</p>'
    assert element("br") == "<br>"


def test_style_sheet_cannot_end_its_element() -> None:
    assert quoted("A b</style>") == '"A\\20 b\\3c \\2f style\\3e "'
    with pytest.raises(ValueError, match="may not hold markup"):
        style("</style>")
