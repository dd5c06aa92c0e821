"""A delivered document says where in the package it is, with a link; never that it is booked."""

from __future__ import annotations

import pytest

from tests.db import web_rows
from tests.db.factories import ConnectionFactory
from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
PROOF = {"document": "21", "id": "5f0c", "company": "3400123", "route": "documents"}
PAGE = "https://start.exactonline.be/docs/DocViewContent.aspx?ID=5f0c&_Division_=3400123"


def read(state: str = "delivered", url: str = PAGE, **attempt: object) -> str:
    desk = Desk()
    package = ConnectionFactory.create(firm=desk.firm, name="Exact", connector_id="exact_online")
    delivery = desk.delivery(
        state=state,
        reason="by_hand" if state == "held" else "",
        attempts=1,
        connection=package,
        remote_id="5f0c",
        url=url,
    )
    web_rows.attempt(delivery, **{"evidence": PROOF, **attempt})
    return desk.read(f"deliveries/{delivery.pk}/")


def test_delivered_document_says_its_number_there_and_how_to_open_it() -> None:
    page = read()

    assert "In Exact Online as document 21" in page
    assert f'href="{PAGE.replace("&", "&amp;")}"' in page
    assert "Open in Exact" in page
    assert "booked" not in page.lower()


def test_document_without_a_page_has_no_link() -> None:
    page = read(url="")

    assert "In Exact Online as document 21" in page
    assert "Open in Exact" not in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example"])
def test_address_that_is_none_is_no_link(url: str) -> None:
    page = read(url=url)

    assert url not in page
    assert "Open in Exact" not in page


def test_document_that_was_not_taken_says_nothing_of_it() -> None:
    assert "In Exact Online as" not in read(state="held")
    assert "In Exact Online as" not in read(outcome="unknown")


def test_what_was_written_down_in_one_word_is_said_in_words() -> None:
    assert "Documents" in read()
