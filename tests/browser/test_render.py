from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from posthorn.documents.invoice import Invoice, Item, Note, Party
from posthorn.documents.render import html
from posthorn.documents.statements.model import StatementFile
from tests.pure.documents.render.papers import CREDIT_NOTE, FILE, INVOICE, WORK, long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HOST = "http://preview.test/"
ACTS = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=http://outside.test/x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "\"'><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
    "<style>@import url(http://outside.test/x)</style>",
    "\\3c script\\3e alert(1)",
    "<meta http-equiv=refresh content='0;url=http://outside.test/'>",
)
FIELDS = ("number", "currency", "party", "note", "line")


def hostile(field: str, text: str) -> Invoice:
    """Return the invoice with a text in one of its fields."""
    changed: dict[str, Invoice] = {
        "number": replace(INVOICE, number=text),
        "currency": replace(INVOICE, currency=text),
        "party": replace(INVOICE, seller=Party(name=text)),
        "note": replace(INVOICE, notes=(Note(text=text, subject=text),)),
        "line": replace(
            INVOICE, lines=(replace(WORK, number=text, unit=text, item=Item(name=text)),)
        ),
    }
    return changed[field]


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """Open an empty window in which scripts would run, to see that there are none."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def test_fifty_hostile_invoices_run_no_script_and_ask_for_nothing(window: Page) -> None:
    acted: list[str] = []

    def note(dialog: Dialog) -> None:
        acted.append(dialog.message)
        dialog.dismiss()

    window.on("dialog", note)
    window.on("request", lambda request: acted.append(request.url))
    cases = list(product(FIELDS, ACTS))

    for field, text in cases:
        window.set_content(html(hostile(field, text), "nl"), wait_until="load")

    assert len(cases) == 50
    assert acted == []


def test_page_looks_the_same_in_a_frame_without_rights(window: Page) -> None:
    page = html(CREDIT_NOTE, "nl")
    frame = f'<!doctype html><iframe sandbox src="{HOST}page" width=900 height=700></iframe>'
    refused: list[str] = []
    window.route(HOST, lambda route: route.fulfill(body=frame, content_type="text/html"))
    window.route(
        f"{HOST}page",
        lambda route: route.fulfill(
            body=page,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY},
        ),
    )
    window.on("console", lambda message: refused.append(message.text))

    window.goto(HOST)
    inner = window.frame_locator("iframe")

    colour = inner.locator(".kind").evaluate("it => getComputedStyle(it).color")
    assert colour == "rgb(153, 36, 79)"
    assert inner.locator("h1").inner_text().split() == ["Creditnota", "C-1"]
    assert refused == []


@pytest.mark.parametrize("width", [320, 640, 1280])
@pytest.mark.parametrize("name", ["invoice", "statement", "hostile"])
def test_no_page_is_wider_than_its_window(window: Page, name: str, width: int) -> None:
    wide = "W" * 500
    documents: dict[str, Invoice | StatementFile] = {
        "invoice": INVOICE,
        "statement": FILE,
        "hostile": replace(hostile("line", wide), number=wide, currency=wide),
    }
    window.set_viewport_size({"width": width, "height": 800})

    window.set_content(html(documents[name], "de"))

    assert window.evaluate("document.documentElement.scrollWidth") == width


def test_text_from_right_to_left_leaves_its_neighbours_in_place(window: Page) -> None:
    invoice = replace(INVOICE, number="\u202eABC", seller=Party(name="شركة 12"))

    window.set_content(html(invoice, "nl"))

    assert window.locator(".number").inner_text() == "[U+202E]ABC"
    assert window.locator(".name bdi").first.evaluate("it => it.matches(':dir(rtl)')") is True
    assert window.locator(".number").evaluate("it => it.matches(':dir(ltr)')") is True


def test_ten_thousand_lines_are_open_within_seconds(window: Page) -> None:
    window.set_content(html(long(10_000), "en"), wait_until="load", timeout=15_000)

    assert window.locator("details").count() == 49
    assert window.locator("details[open]").count() == 0
    window.locator("summary").first.click(timeout=5_000)
    assert window.locator("details[open] tbody tr").count() == 200
