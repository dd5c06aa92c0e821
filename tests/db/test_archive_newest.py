"""The search over all clients: the newest first, and none missed, however common the words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.archive.models import Blob, Document
from posthorn.archive.search import newest_with
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NUMBER = 8_200
SIZE = 51
WORDS = {
    "all": range(NUMBER),
    "often": range(0, NUMBER, 40),
    "lately": range(30),  # a good beginning, and nothing after it
    "early": range(NUMBER - 5, NUMBER),
    "last": (1_999,),
    "next": (2_000, 5_999),
    "both": (*range(0, 1_900, 95), *range(2_000, NUMBER, 300)),
    "old": range(6_050, NUMBER),  # too many to gather, and none of them near
}
"""Which documents have a word, by their place from the newest."""


@pytest.fixture(name="filled")
def filled_fixture() -> Document:
    client = ClientFactory.create()
    blob = Blob(firm=client.firm, sha256="0" * 64, size=1)
    rows = [
        Document(
            firm=client.firm,
            client=client,
            direction="purchase",
            source="upload",
            file_name=f"{place}.xml",
            sha256=blob.sha256,
            size=1,
            reading="read",
            arrived_at=NOW - timedelta(minutes=place),
            search=" ".join(word for word, places in WORDS.items() if place in places),
        )
        for place in range(NUMBER)
    ]
    for row in rows[1:]:
        row.duplicate_of = rows[0]
    with acting(client.firm_id):
        blob.save(force_insert=True)
        Document.objects.bulk_create(rows)
    return rows[0]


def test_every_word_gives_its_newest_documents_in_order(filled: Document) -> None:
    for word, places in WORDS.items():
        with acting(filled.firm_id):
            rows = Document.objects.filter(firm_id=filled.firm_id)
            found = newest_with(rows.order_by("-arrived_at", "-id"), word, SIZE)

        assert [one.file_name for one in found] == [f"{place}.xml" for place in places][:SIZE], word


def test_words_that_the_newest_documents_have_are_found_without_the_index(filled: Document) -> None:
    asked = {}
    for word in ("all", "often", "lately", "early", "old", "none"):
        with acting(filled.firm_id), CaptureQueriesContext(connection) as statements:
            rows = Document.objects.filter(firm_id=filled.firm_id)
            newest_with(rows.order_by("-arrived_at", "-id"), word, SIZE)
        asked[word] = sum("archive_search" in one["sql"] for one in statements)

    assert asked == {"all": 0, "often": 0, "lately": 1, "early": 1, "old": 1, "none": 1}
