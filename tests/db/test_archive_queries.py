from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.apps import apps

from posthorn.archive.queries import (
    Filters,
    Place,
    document,
    documents,
    documents_visible_to,
    place_of,
)
from posthorn.archive.search import search_text
from posthorn.kernel.clock import now
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.arriving import bakery, incoming, read_in
from tests.db.factories import ClientFactory, DocumentFactory, FirmFactory
from tests.invoices import invoice

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.archive.reader import Pool

pytestmark = pytest.mark.django_db
ADMINISTRATOR = Viewer(role=Role.ADMINISTRATOR)


def found(firm: UUID, filters: Filters, viewer: Viewer = ADMINISTRATOR) -> list[UUID]:
    with acting(firm):
        return [row.pk for row in documents(firm, viewer, filters).documents]


def test_pages_follow_one_another_newest_first_without_gap_or_repeat() -> None:
    firm, at = FirmFactory.create(), now()
    client = ClientFactory.create(firm=firm)
    # Two each at the same moment: the id decides between them.
    rows = [
        DocumentFactory.create(
            firm=firm, client=client, arrived_at=at - timedelta(seconds=number // 2)
        )
        for number in range(7)
    ]
    expected = [
        row.pk for row in sorted(rows, key=lambda row: (row.arrived_at, row.pk), reverse=True)
    ]

    seen, after, sizes = [], None, []
    with acting(firm.pk):
        while True:
            page = documents(firm.pk, ADMINISTRATOR, Filters(), after=after, size=3)
            seen += [row.pk for row in page.documents]
            sizes.append(len(page.documents))
            after = page.next
            if after is None:
                break

    assert (seen, sizes) == (expected, [3, 3, 1])


def test_every_place_is_found_and_named_alike() -> None:
    firm = FirmFactory.create()
    client = ClientFactory.create(firm=firm)
    original = DocumentFactory.create(firm=firm, client=client)
    values: dict[Place, dict[str, object]] = {
        Place.UNREAD: {"reading": "pending"},
        Place.UNREADABLE: {"reading": "unreadable"},
        Place.QUARANTINED: {"reading": "quarantined"},
        Place.UNASSIGNED: {"client": None, "direction": ""},
        Place.DUPLICATE: {"duplicate_of": original},
        Place.REJECTED: {"rejected_at": now()},
        Place.CUT: {"client": None, "category": "statement", "parts": 2},
        Place.RELEASED: {"released_at": now()},
    }
    rows = {
        place: DocumentFactory.create(**{"firm": firm, "client": client, **each})
        for place, each in values.items()
    }
    rows[Place.WAITING] = original

    assert set(rows) == set(Place)
    for place, row in rows.items():
        assert found(firm.pk, Filters(place=place)) == [row.pk]
        assert place_of(row) is place


def test_text_is_looked_for_anywhere_inside_one_client_and_at_the_start_of_words_over_all() -> None:
    row = DocumentFactory.create(number="2026/0417", seller_name="Drukkerij Maes")
    DocumentFactory.create(firm=row.firm, number="1", seller_name="Other", file_name="x")
    firm, client = row.firm_id, row.client_id

    assert found(firm, Filters(client=client, text="ukkerij ma")) == [row.pk]
    assert found(firm, Filters(client=client, text="0417")) == [row.pk]
    assert found(firm, Filters(text="2026/")) == [row.pk]
    assert found(firm, Filters(text=row.sha256.upper())) == [row.pk]
    assert found(firm, Filters(text="drukkerij mae")) == [row.pk]
    assert found(firm, Filters(text="ukkerij ma")) == []
    # Of letters that no digest has.
    assert found(firm, Filters(client=client, text="drukk%maes")) == []


@pytest.mark.parametrize(
    ("role", "is_assigned", "is_own", "expected"),
    [
        (Role.ADMINISTRATOR, False, False, {"mine", "other", "unassigned"}),
        (Role.CLIENT_MANAGER, False, False, set()),
        (Role.ACCOUNTANT, False, False, set()),
        (Role.ACCOUNTANT, True, False, {"mine"}),
        (None, False, True, {"mine", "left"}),
        (None, False, False, set()),
    ],
)
def test_each_sees_the_documents_that_are_theirs_to_see(
    role: Role | None, expected: set[str], *, is_assigned: bool, is_own: bool
) -> None:
    firm = FirmFactory.create()
    mine, other = ClientFactory.create(firm=firm), ClientFactory.create(firm=firm)
    left = ClientFactory.create(firm=firm, state="lost")
    rows = {
        "mine": DocumentFactory.create(firm=firm, client=mine),
        "other": DocumentFactory.create(firm=firm, client=other),
        "left": DocumentFactory.create(firm=firm, client=left),
        "unassigned": DocumentFactory.create(firm=firm, client=None, direction=""),
        "foreign": DocumentFactory.create(),
    }
    clients = frozenset({mine.pk, left.pk})
    viewer = Viewer(
        role=role,
        assigned=clients if is_assigned else frozenset(),
        own=clients if is_own else frozenset(),
    )

    with acting(firm.pk):
        listed = set(documents_visible_to(firm.pk, viewer).values_list("pk", flat=True))
        opened = {name for name, row in rows.items() if document(firm.pk, viewer, row.pk)}

    assert listed == {rows[name].pk for name in expected}
    assert opened == expected


@pytest.mark.usefixtures("planner")
def test_what_was_read_is_found_from_then_on(readers: Pool) -> None:
    firm, _ = bakery()

    row = read_in(firm, incoming(invoice(number="F 2026/1")), readers)

    for text in ("f20261", "2026/1", "121,00", "drukkerij", "0417497106", row.sha256[:10]):
        assert found(firm, Filters(text=text)) == [row.pk]
    assert found(firm, Filters(text="f20262")) == []


def test_words_of_documents_from_before_are_filled_in_by_the_migration() -> None:
    row = DocumentFactory.create(search="")

    with acting(row.firm_id):
        import_module("posthorn.archive.migrations.0005_search").fill(apps, None)
        row.refresh_from_db()

    assert row.search == search_text(row)
    assert row.search.startswith(row.sha256)
