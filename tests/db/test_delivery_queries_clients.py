from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.models import Integration
from posthorn.delivery.queries.client_rows import Volume
from posthorn.delivery.queries.clients import (
    ClientFilter,
    ClientList,
    ClientStatus,
    Moment,
    Order,
    Whose,
    list_clients,
)
from posthorn.delivery.queries.pages import CursorError
from posthorn.delivery.states import State
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import (
    ClientFactory,
    ClientNumberFactory,
    ConnectionFactory,
    DeliveryFactory,
    DocumentFactory,
    FirmFactory,
    IntegrationFactory,
)
from tests.db.web_rows import member, person

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Client, Firm

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT = Moment(now=NOW, today=NOW - timedelta(hours=12), week=NOW - timedelta(days=7))
ADMINISTRATOR = Viewer(role=Role.ADMINISTRATOR)


def listed(
    firm: Firm, wanted: ClientFilter | None = None, viewer: Viewer = ADMINISTRATOR
) -> ClientList:
    with acting(firm.pk):
        return list_clients(firm.pk, viewer, wanted or ClientFilter(), at=AT)


def names(
    firm: Firm, wanted: ClientFilter | None = None, viewer: Viewer = ADMINISTRATOR
) -> list[str]:
    return [row.name for row in listed(firm, wanted, viewer).page.rows]


def client(firm: Firm, name: str, **values: object) -> Client:
    row: Client = ClientFactory.create(firm=firm, name=name, **values)
    return row


def set_up(firm: Firm, name: str, **values: object) -> Client:
    row = client(firm, name, **values)
    IntegrationFactory.create(firm=firm, client=row)
    return row


def failed(row: Client, **values: object) -> None:
    document = DocumentFactory.create(firm=row.firm, client=row, released_at=NOW, arrived_at=NOW)
    DeliveryFactory.create(
        firm=row.firm, client=row, document=document, state=State.REFUSED, next_at=None, **values
    )


def waiting(row: Client) -> None:
    DocumentFactory.create(firm=row.firm, client=row, arrived_at=NOW - timedelta(days=1))


def silent(row: Client) -> None:
    for day in range(30, 40):
        at = NOW - timedelta(days=day)
        DocumentFactory.create(firm=row.firm, client=row, arrived_at=at, released_at=at)


def test_who_needs_somebody_comes_first_and_every_status_is_counted() -> None:
    firm = FirmFactory.create()
    set_up(firm, "Active")
    client(firm, "Bare")
    silent(set_up(firm, "Calm"))
    waiting(set_up(firm, "Wait"))
    failed(set_up(firm, "Zorg"))
    set_up(firm, "Pause", paused_at=NOW)
    client(firm, "Gone", state="lost")
    client(firm, "Kept", state="archived")

    found = listed(firm)

    assert [(row.name, row.status) for row in found.page.rows] == [
        ("Zorg", ClientStatus.NEEDS_ATTENTION),
        ("Wait", ClientStatus.WAITING_FOR_YOU),
        ("Active", ClientStatus.ACTIVE),
        ("Bare", ClientStatus.NOT_SET_UP),
        ("Calm", ClientStatus.QUIET),
        ("Pause", ClientStatus.PAUSED),
    ]
    assert found.counts == dict.fromkeys(ClientStatus, 1)
    assert (found.total, found.page.after) == (6, "")
    for status in ClientStatus:
        alone = listed(firm, ClientFilter(status=status))
        assert [row.status for row in alone.page.rows] == [status]
        assert alone.counts == found.counts
    assert names(firm, ClientFilter(is_archived=True)) == ["Gone", "Kept"]


def test_a_line_shows_packages_people_and_volume() -> None:
    firm = FirmFactory.create()
    row = client(firm, "Bakkerij", dossier_number="7", shares_documents=False, shared_since=None)
    for package in ("Yuki", "Octopus"):
        to = ConnectionFactory.create(firm=firm, name=package)
        IntegrationFactory.create(firm=firm, client=row, connection=to)
    removed = ConnectionFactory.create(firm=firm, name="Removed")
    IntegrationFactory.create(firm=firm, client=row, connection=removed, removed_at=NOW)
    member(firm, Role.ACCOUNTANT, row, who=person(name="Bart"))
    member(firm, Role.ACCOUNTANT, row, who=person(name="An"))
    waiting(row)
    failed(row, integration__connection__name="Exact")
    with acting(firm.pk):
        to_one = Integration.objects.select_related("connection")
        bound = to_one.get(client=row, connection__name="Yuki")
    earlier = DocumentFactory.create(
        firm=firm, client=row, arrived_at=NOW - timedelta(days=8), released_at=NOW
    )
    DeliveryFactory.create(firm=firm, client=row, document=earlier, integration=bound)

    (shown,) = listed(firm).page.rows

    assert (shown.dossier_number, shown.is_shared) == ("7", False)
    assert shown.packages == ("Exact", "Octopus", "Yuki")
    assert shown.people == ("An", "Bart")
    assert shown.volume == Volume(
        # What waits for a decision is a document, and this client shares none.
        last_at=NOW,
        today=1,
        week=2,
        waiting=0,
        on_its_way=1,
        attention=1,
    )


def test_a_client_manager_sees_every_client_and_nothing_of_its_documents() -> None:
    firm = FirmFactory.create()
    failed(set_up(firm, "Zorg"))
    waiting(set_up(firm, "Wait"))
    silent(set_up(firm, "Calm"))
    client(firm, "Bare")

    rows = listed(firm, viewer=Viewer(role=Role.CLIENT_MANAGER)).page.rows

    assert [(row.name, row.status, row.volume) for row in rows] == [
        ("Bare", ClientStatus.NOT_SET_UP, None),
        ("Calm", ClientStatus.ACTIVE, None),
        ("Wait", ClientStatus.ACTIVE, None),
        ("Zorg", ClientStatus.ACTIVE, None),
    ]


def test_an_accountant_sees_the_assigned_clients_alone() -> None:
    firm = FirmFactory.create()
    mine = client(firm, "Mine")
    client(firm, "Other")
    client(FirmFactory.create(), "Foreign")
    accountant = Viewer(role=Role.ACCOUNTANT, assigned=frozenset({mine.pk}))

    assert names(firm, viewer=accountant) == ["Mine"]
    assert listed(firm, viewer=accountant).counts[ClientStatus.NOT_SET_UP] == 1
    assert names(firm) == ["Mine", "Other"]


def test_volume_of_an_archived_client_is_closed_also_to_administrators() -> None:
    firm = FirmFactory.create()
    waiting(client(firm, "Kept", state="archived"))

    (row,) = listed(firm, ClientFilter(is_archived=True)).page.rows

    assert row.volume is None


def test_filters_of_people_and_packages_narrow_the_list() -> None:
    firm = FirmFactory.create()
    mine, theirs, nobodys = (client(firm, name) for name in ("A mine", "B theirs", "C nobody's"))
    member(firm, Role.ACCOUNTANT, mine)
    member(firm, Role.ACCOUNTANT, theirs)
    package = ConnectionFactory.create(firm=firm)
    IntegrationFactory.create(firm=firm, client=nobodys, connection=package)
    viewer = Viewer(role=Role.ADMINISTRATOR, assigned=frozenset({mine.pk}))

    assert names(firm, ClientFilter(whose=Whose.MINE), viewer) == ["A mine"]
    assert names(firm, ClientFilter(whose=Whose.UNASSIGNED), viewer) == ["C nobody's"]
    both = ClientFilter(whose=Whose.MINE_OR_UNASSIGNED)
    assert names(firm, both, viewer) == ["A mine", "C nobody's"]
    assert names(firm, ClientFilter(connection=package.pk)) == ["C nobody's"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cafe", ["Café Müller"]),
        ("MULLER caf", ["Café Müller"]),
        ("uller", []),
        ("10", ["Bakkerij Peeters", "Café Müller"]),
        ("10-4", ["Café Müller"]),
        ("BE 0417.497.106", ["Bakkerij Peeters"]),
        ("0417497", ["Bakkerij Peeters"]),
        ("peeters 0417497106", ["Bakkerij Peeters"]),
        ("cafe 0417497106", []),
        ("%", []),
        ("", ["Bakkerij Peeters", "Café Müller"]),
    ],
)
def test_a_client_is_found_by_name_dossier_and_official_number(text: str, found: list[str]) -> None:
    firm = FirmFactory.create()
    baker = client(firm, "Bakkerij Peeters", dossier_number="1022")
    client(firm, "Café Müller", dossier_number="10-44")
    ClientNumberFactory.create(firm=firm, client=baker, value="BE0417497106")
    ClientNumberFactory.create(firm=firm, client=baker, scheme="enterprise", value="0417497106")

    assert names(firm, ClientFilter(text=text)) == found


@pytest.mark.parametrize("order", list(Order))
def test_pages_follow_one_another_without_gap_or_repeat(order: Order) -> None:
    firm = FirmFactory.create()
    for number in range(120):
        client(firm, f"Same {number % 3}", dossier_number=f"{number:03d}")
    with acting(firm.pk):
        seen: list[UUID] = []
        sizes, after = [], ""
        while True:
            found = list_clients(
                firm.pk, ADMINISTRATOR, ClientFilter(order=order), at=AT, after=after
            )
            seen += [row.id for row in found.page.rows]
            sizes.append(len(found.page.rows))
            after = found.page.after
            if not after:
                break

    assert (sizes, len(set(seen)), found.total) == ([50, 50, 20], 120, 120)


@pytest.mark.parametrize("cursor", ["x", "é", "W10=", "WzEsMiwzXQ==", "bnVsbA=="])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    firm = FirmFactory.create()

    with acting(firm.pk), pytest.raises(CursorError):
        list_clients(firm.pk, ADMINISTRATOR, ClientFilter(), at=AT, after=cursor)


def test_of_whom_documents_are_not_read_nothing_is_said_to_be_quiet() -> None:
    firm = FirmFactory.create()
    calm, off = set_up(firm, "Calm"), set_up(firm, "Off", paused_at=NOW)
    silent(calm)
    silent(off)
    waiting(set_up(firm, "Busy"))
    quiet = ClientFilter(status=ClientStatus.QUIET)

    assert names(firm, quiet) == ["Calm"]
    assert names(firm, quiet, Viewer(role=Role.CLIENT_MANAGER)) == []
