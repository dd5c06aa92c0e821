from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.archive.models import Document
from posthorn.delivery.queries.documents import (
    Bounded,
    DocumentFilter,
    Neighbours,
    Where,
    count_up_to,
    list_documents,
    neighbours,
)
from posthorn.delivery.queries.overview import (
    DAYS,
    Day,
    chart_days,
    count_attention,
    count_waiting,
    last_proven,
)
from posthorn.delivery.states import State
from posthorn.kernel.ids import new_id
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import (
    ClientFactory,
    DeliveryFactory,
    DocumentFactory,
    FirmFactory,
)

if TYPE_CHECKING:
    from posthorn.tenancy.models import Firm

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADMINISTRATOR = Viewer(role=Role.ADMINISTRATOR)


def numbers(firm: Firm, text: str = "", **wanted: object) -> list[str]:
    looked_for = DocumentFilter(text=text, **wanted)  # type: ignore[arg-type]  # its fields
    with acting(firm.pk):
        return [row.number for row in list_documents(firm.pk, ADMINISTRATOR, looked_for).rows]


def two(firm: Firm) -> tuple[Document, Document]:
    """A credit note of Café Müller that came first, then an invoice that was refused."""
    first = DocumentFactory.create(
        firm=firm,
        client=ClientFactory.create(firm=firm, name="Slagerij Claes", dossier_number="41"),
        number="CN-2026/17",
        category="credit_note",
        seller_name="Café Müller",
        seller_number="NL853746333B01",
        total="1234.50",
        arrived_at=NOON - timedelta(days=2),
    )
    second = DocumentFactory.create(
        firm=firm,
        client=ClientFactory.create(firm=firm, name="Garage Maes", dossier_number="42"),
        number="991",
        direction="sales",
        total="80",
        arrived_at=NOON,
        released_at=NOON,
    )
    DeliveryFactory.create(
        firm=firm,
        client=second.client,
        document=second,
        state=State.REFUSED,
        next_at=None,
        remote_id="<m1@kantoor.example>",
    )
    return first, second


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cafe mull", ["CN-2026/17"]),
        ("cn2026", ["CN-2026/17"]),
        ("2026/17", ["CN-2026/17"]),
        ("1.234,50", ["CN-2026/17"]),
        ("1234.5", ["CN-2026/17"]),
        ("nl 853746333b01", ["CN-2026/17"]),
        ("853746333", ["CN-2026/17"]),
        ("m1@kantoor.example", ["991"]),
        ("<m1@kantoor.example>", ["991"]),
        ("m2@kantoor.example", []),
        ("status:refused", ["991"]),
        ("status:attention", ["991"]),
        ("status:to_decide", ["CN-2026/17"]),
        ("status:accepted", []),
        ("kind:sales", ["991"]),
        ("kind:credit_note", ["CN-2026/17"]),
        ("client:41", ["CN-2026/17"]),
        ("client:garage", ["991"]),
        ('client:"slagerij claes"', ["CN-2026/17"]),
        ("client:nobody", []),
        ("amount:>1000", ["CN-2026/17"]),
        ("amount:<1234,5", ["991"]),
        ("amount:80", ["991"]),
        ("before:2026-11-20", ["CN-2026/17"]),
        ("after:2026-11-18", ["991"]),
        ("after:2026-11-18 cafe", []),
        ("ller", []),
        ("!&|", []),
        ("", ["991", "CN-2026/17"]),
    ],
)
def test_the_search_box_understands_what_is_typed(text: str, found: list[str]) -> None:
    firm = FirmFactory.create()
    two(firm)
    two(FirmFactory.create())

    assert numbers(firm, text) == found


def test_the_beginning_of_a_hash_finds_the_document() -> None:
    firm = FirmFactory.create()
    first, _ = two(firm)

    assert numbers(firm, first.sha256[:12].upper()) == ["CN-2026/17"]
    assert numbers(firm, first.sha256) == ["CN-2026/17"]


def test_inside_one_client_a_word_is_found_in_the_middle() -> None:
    firm = FirmFactory.create()
    first, _ = two(firm)

    assert numbers(firm, "uller 2026", client=first.client_id) == ["CN-2026/17"]
    assert numbers(firm, "uller 2027", client=first.client_id) == []


def test_choices_and_typed_words_narrow_together() -> None:
    firm = FirmFactory.create()
    two(firm)

    assert numbers(firm, "status:refused", where=Where.TO_DECIDE) == []
    assert numbers(firm, since=date(2026, 11, 20)) == ["991"]
    assert numbers(firm, until=date(2026, 11, 20)) == ["CN-2026/17"]


def test_a_client_s_own_people_find_their_documents_alone() -> None:
    firm = FirmFactory.create()
    first, second = two(firm)
    assert first.client is not None
    viewer = Viewer(own=frozenset({first.client.pk}))
    with acting(firm.pk, client=first.client_id):
        found = [
            [row.id for row in list_documents(firm.pk, viewer, DocumentFilter(text=text)).rows]
            for text in ("cafe", second.number, "xml")
        ]

    assert found == [[first.pk], [], [first.pk]]


def test_neighbours_are_those_of_the_filtered_list() -> None:
    firm = FirmFactory.create()
    rows = [
        DocumentFactory.create(
            firm=firm, number=str(n), arrived_at=NOON, seller_name="Even" if n % 2 == 0 else "Odd"
        )
        for n in range(5)
    ]
    newest = sorted(rows, key=lambda row: row.pk, reverse=True)
    with acting(firm.pk):
        every = [neighbours(firm.pk, ADMINISTRATOR, DocumentFilter(), row.pk) for row in newest]
        odd = neighbours(firm.pk, ADMINISTRATOR, DocumentFilter(text="even"), newest[2].pk)
        absent = neighbours(firm.pk, ADMINISTRATOR, DocumentFilter(), new_id())

    ids = [None, *(row.pk for row in newest), None]
    assert every == [Neighbours(previous=ids[place], next=ids[place + 2]) for place in range(5)]
    assert odd == Neighbours(previous=newest[0].pk, next=newest[4].pk)
    assert absent == Neighbours()


def test_a_count_stops_where_nobody_reads_on() -> None:
    firm = FirmFactory.create()
    two(firm)
    with acting(firm.pk):
        assert count_up_to(firm.pk, ADMINISTRATOR, DocumentFilter(), most=2) == Bounded(
            number=2, is_more=False
        )
        assert count_up_to(firm.pk, ADMINISTRATOR, DocumentFilter(), most=1) == Bounded(
            number=1, is_more=True
        )


def test_the_chart_counts_each_delivery_on_the_day_it_last_moved() -> None:
    firm = FirmFactory.create()
    moves = {
        State.ACCEPTED: NOON,
        State.DELIVERED: NOON,
        State.QUEUED: NOON,
        State.HELD: NOON - timedelta(days=1),
        State.REFUSED: NOON - timedelta(days=29),
        State.BOUNCED: NOON - timedelta(days=30),
        State.CANCELLED: NOON,
    }
    for state, at in moves.items():
        reason = "by_hand" if state is State.HELD else ""
        DeliveryFactory.create(firm=firm, state=state, moved_at=at, reason=reason)
    DeliveryFactory.create(state=State.ACCEPTED, next_at=None, moved_at=NOON)

    with acting(firm.pk):
        days = chart_days(firm.pk, ADMINISTRATOR, last=NOON.date())
        attention = count_attention(firm.pk, ADMINISTRATOR)
        waiting = count_waiting(firm.pk, ADMINISTRATOR)
        last = last_proven(firm.pk, ADMINISTRATOR)

    first = NOON.date() - timedelta(days=29)
    assert [one.day for one in days] == [first + timedelta(days=n) for n in range(DAYS)]
    busy = [one for one in days if one.delivered or one.waiting or one.refused]
    assert busy == [
        Day(day=first, delivered=0, waiting=0, refused=1),
        Day(day=NOON.date() - timedelta(days=1), delivered=0, waiting=0, refused=1),
        Day(day=NOON.date(), delivered=2, waiting=1, refused=0),
    ]
    assert (attention, waiting.number, last) == (3, 1, NOON)
    assert waiting.since is not None


def test_words_written_with_two_blanks_break_no_search() -> None:
    firm = FirmFactory.create()
    DocumentFactory.create(firm=firm, search=" a  bakker ", number="1")

    assert numbers(firm, "bakk") == ["1"]


def test_what_others_have_in_thousands_is_found_far_down_a_list_of_ones_own() -> None:
    firm = FirmFactory.create()
    own, others = ClientFactory.create(firm=firm), ClientFactory.create(firm=firm)
    accountant = Viewer(role=Role.ACCOUNTANT, assigned=frozenset({own.pk}))
    one = DocumentFactory.create(firm=firm, client=others, reading="pending", search="")
    common = [(others, "maes", "") for _ in range(2_001)]
    mine = [(own, "maes" if place >= 1_100 else "claes", str(place)) for place in range(1_200)]
    with acting(firm.pk):
        Document.objects.bulk_create(
            Document(
                firm=firm,
                client=client,
                reading=one.reading,
                sha256=one.sha256,
                size=one.size,
                source=one.source,
                search=word,
                number=number,
                arrived_at=NOON - timedelta(minutes=place),
            )
            for place, (client, word, number) in enumerate([*common, *mine])
        )
        found = list_documents(firm.pk, accountant, DocumentFilter(text="maes")).rows

    assert [row.number for row in found] == [str(1_100 + place) for place in range(50)]
