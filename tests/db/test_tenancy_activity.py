from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from posthorn.kernel.ids import new_id
from posthorn.tenancy import audit
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.activity import ActivityFilter, activity, timeline_of
from posthorn.tenancy.errors import NotFoundError
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.pages import BadCursorError
from posthorn.tenancy.roles import PARTS, Role
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory, FirmFactory, MembershipFactory, PersonFactory

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db
ADMINISTRATOR = Viewer(role=Role.ADMINISTRATOR)
MANAGER = Viewer(role=Role.CLIENT_MANAGER)
START = datetime(2026, 1, 1, tzinfo=UTC)


def write(
    firm: UUID, *entries: tuple[str, UUID | None, dict[str, object]], actor: str = "an"
) -> None:
    with acting(firm):
        audit.record(
            audit.Entry(
                firm=firm,
                actor=actor,
                action=action,
                subject_kind=action.partition(".")[0],
                subject_id=subject,
                detail=detail,
            )
            for action, subject, detail in entries
        )


def codes(firm: UUID, viewer: Viewer, wanted: ActivityFilter | None = None) -> list[str]:
    with acting(firm):
        return [row.line.action for row in activity(firm, viewer, wanted).rows]


@pytest.fixture
def busy() -> dict[str, UUID]:
    """A firm with something of everything about two clients, and another firm's entry."""
    firm = FirmFactory.create()
    one, two = (
        ClientFactory.create(firm=firm, dossier_number=f"{n}", name=f"C{n}") for n in (1, 2)
    )
    write(
        firm.pk,
        ("firm.saved", firm.pk, {"name": ["A", "B"]}),
        ("member.added", new_id(), {"role": "accountant"}),
        ("client.paused", one.pk, {}),
        ("client.assigned", one.pk, {}),
        ("integration.created", new_id(), {"client": str(one.pk)}),
        ("document.assigned", new_id(), {"client": str(one.pk)}),
        ("document.released", new_id(), {}),
        ("client.paused", two.pk, {}),
    )
    foreign = ClientFactory.create()
    write(foreign.firm_id, ("client.paused", foreign.pk, {}))
    return {"firm": firm.pk, "one": one.pk, "two": two.pk, "foreign": foreign.pk}


def test_an_administrator_sees_all_of_the_own_firm_newest_first(busy: dict[str, UUID]) -> None:
    assert codes(busy["firm"], ADMINISTRATOR) == [
        "client.paused",
        "document.released",
        "document.assigned",
        "integration.created",
        "client.assigned",
        "client.paused",
        "member.added",
        "firm.saved",
    ]


def test_a_client_manager_sees_clients_without_people_and_documents(busy: dict[str, UUID]) -> None:
    assert codes(busy["firm"], MANAGER) == ["client.paused", "integration.created", "client.paused"]
    about = ActivityFilter(client=busy["one"])
    assert codes(busy["firm"], MANAGER, about) == ["integration.created", "client.paused"]
    assert codes(busy["firm"], MANAGER, ActivityFilter(action="member.")) == []


def test_an_accountant_sees_what_is_about_assigned_clients(busy: dict[str, UUID]) -> None:
    accountant = Viewer(role=Role.ACCOUNTANT, assigned=frozenset({busy["one"]}))
    about_one = ["document.assigned", "integration.created", "client.assigned", "client.paused"]

    assert codes(busy["firm"], accountant) == about_one
    assert codes(busy["firm"], accountant, ActivityFilter(client=busy["one"])) == about_one
    assert codes(busy["firm"], accountant, ActivityFilter(client=busy["two"])) == []
    paused = ActivityFilter(action="client.paused", actor="an")
    assert codes(busy["firm"], accountant, paused) == ["client.paused"]


@pytest.mark.parametrize("state", ["archived", "lost"])
def test_an_accountant_knows_nothing_more_of_a_client_that_left(state: str) -> None:
    client = ClientFactory.create(state=state)
    write(client.firm_id, ("client.paused", client.pk, {}))

    assigned = Viewer(role=Role.ACCOUNTANT, assigned=frozenset({client.pk}))
    assert codes(client.firm_id, assigned) == []
    assert codes(client.firm_id, ADMINISTRATOR) == ["client.paused"]


def test_strangers_and_new_accountants_see_nothing(busy: dict[str, UUID]) -> None:
    nobodies = (Viewer(), Viewer(own=frozenset({busy["one"]})), Viewer(role=Role.ACCOUNTANT))
    for viewer in nobodies:
        assert codes(busy["firm"], viewer) == []


def test_another_firms_client_and_entries_are_not_there(busy: dict[str, UUID]) -> None:
    foreign = ActivityFilter(client=busy["foreign"])
    assert codes(busy["firm"], ADMINISTRATOR, foreign) == []
    with acting(busy["firm"]):
        with pytest.raises(NotFoundError):
            timeline_of(busy["firm"], ADMINISTRATOR, busy["foreign"])
        with pytest.raises(NotFoundError):
            timeline_of(busy["firm"], Viewer(role=Role.ACCOUNTANT), busy["one"])
        rows = timeline_of(busy["firm"], ADMINISTRATOR, busy["two"]).rows
    assert [(row.client, row.client_name, row.line.action) for row in rows] == [
        (busy["two"], "2 C2", "client.paused")
    ]


def test_a_clients_own_people_read_no_activity(busy: dict[str, UUID]) -> None:
    with acting(busy["firm"], client=busy["one"]):
        assert activity(busy["firm"], ADMINISTRATOR).rows == ()


def test_filters_narrow_by_actor_action_and_time() -> None:
    firm = FirmFactory.create().pk
    for day, actor in enumerate(["an", "engine", "an", "an"]):
        with system("old entries"), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tenancy_auditentry (firm_id, at, actor, action, subject_kind, detail)"
                " VALUES (%s, %s, %s, %s, 'delivery', '{}')",
                [
                    firm,
                    START + timedelta(days=day),
                    actor,
                    "delivery.held" if day < 2 else "client.paused",
                ],
            )

    def days(**wanted: object) -> list[int]:
        with acting(firm):
            rows = activity(firm, ADMINISTRATOR, ActivityFilter(**wanted)).rows  # type: ignore[arg-type]  # of several kinds
        return [row.line.at.day for row in rows]

    assert days() == [4, 3, 2, 1]
    assert days(actor="an") == [4, 3, 1]
    assert days(actor="an", action="delivery.") == [1]
    assert days(action="delivery.held") == [2, 1]
    assert days(since=START + timedelta(days=1), until=START + timedelta(days=3)) == [3, 2]
    assert days(actor="nobody") == []


def test_pages_follow_one_another_without_a_gap_also_within_one_moment() -> None:
    client = ClientFactory.create()
    firm = client.firm_id
    with acting(firm), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_auditentry (firm_id, at, actor, action, subject_kind, subject_id,"
            " detail) SELECT %s, %s, 'an', 'client.paused', 'client', %s, '{}'"
            " FROM generate_series(1, 7)",
            [firm, START, client.pk],
        )
        expected = list(AuditEntry.objects.order_by("-pk").values_list("pk", flat=True))
        for wanted in (None, ActivityFilter(client=client.pk), ActivityFilter(actor="an")):
            seen: list[int] = []
            after, pages = "", 0
            while pages == 0 or after:
                page = activity(firm, ADMINISTRATOR, wanted, after=after, size=3)
                seen += [row.line.number for row in page.rows]
                after, pages = page.after, pages + 1
            assert (seen, pages) == (expected, 3)


@pytest.mark.parametrize(
    "cursor", ["x", "2026-01-01_", "_1", "2026-01-01T00:00:00+00:00_" + "9" * 30]
)
def test_a_cursor_that_nobody_gave_is_refused(cursor: str) -> None:
    firm = FirmFactory.create().pk
    with acting(firm), pytest.raises(BadCursorError):
        activity(firm, ADMINISTRATOR, after=cursor)


def test_sentences_name_clients_and_people() -> None:
    client = ClientFactory.create(dossier_number="7", name="Bakkerij")
    member = MembershipFactory.create(firm=client.firm, person=PersonFactory.create(name="Jo"))
    firm = client.firm_id
    write(
        firm,
        ("integration.paused", new_id(), {"client": str(client.pk)}),
        ("client.assigned", client.pk, {"membership": str(member.pk)}),
        ("client.person_added", client.pk, {"person": str(member.person_id)}),
        ("client.person_added", client.pk, {"person": str(new_id())}),
        ("document.assigned", new_id(), {"client": "no id"}),
    )

    with acting(firm):
        rows = activity(firm, ADMINISTRATOR).rows
    assert [(row.sentence, row.client_name) for row in rows] == [
        ("Document assigned to no id.", ""),
        ("… let into the Business Space.", "7 Bakkerij"),
        ("Jo let into the Business Space.", "7 Bakkerij"),
        ("Client assigned to Jo.", "7 Bakkerij"),
        ("Integration of 7 Bakkerij paused.", "7 Bakkerij"),
    ]


def test_what_posthorn_did_by_itself_can_be_left_out() -> None:
    firm = FirmFactory.create().pk
    write(firm, ("client.created", new_id(), {}))
    for part in PARTS:
        write(firm, ("delivery.accepted", new_id(), {}), actor=part)

    assert len(codes(firm, ADMINISTRATOR)) == 1 + len(PARTS)
    assert codes(firm, ADMINISTRATOR, ActivityFilter(by_people=True)) == ["client.created"]
    with acting(firm), connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'audit_people'")
        (built,) = cursor.fetchone()
    assert all(f"'{part}'" in built for part in PARTS)
