from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from posthorn.archive import wakes
from posthorn.archive.intake import take
from posthorn.archive.models import Document
from posthorn.archive.reader import pool
from posthorn.tenancy.scope import acting
from tests.db.arriving import bakery, incoming
from tests.invoices import invoice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.database import Database


@pytest.fixture
def closed_pool() -> Iterator[None]:
    yield
    pool().close()


def test_a_worker_reads_what_was_taken_in(committed: Database, closed_pool: None) -> None:
    del committed, closed_pool
    firm, client = bakery()
    for number in ("F1", "F2"):
        take(firm, incoming(invoice(number=number)))
    take(firm, incoming(b"<Invoice>"))

    assert isinstance(app.connector, DjangoConnector)
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(queues=[wakes.QUEUE], wait=False, install_signal_handlers=False)

    with acting(firm):
        rows = Document.objects.order_by("arrived_at")
        assert list(rows.values_list("reading", "number", "client_id")) == [
            ("read", "F1", client),
            ("read", "F2", client),
            ("unreadable", "", None),
        ]
