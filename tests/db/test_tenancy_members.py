from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.assignments import assign_many, set_assignments, unassign_many
from posthorn.tenancy.errors import (
    BadLanguageError,
    EmptyNameError,
    NotAnAccountantError,
    NotFoundError,
    TenancyError,
    TooLongError,
)
from posthorn.tenancy.members import (
    assigned_to,
    clients_assigned_to,
    member,
    members,
)
from posthorn.tenancy.models import AuditEntry, ClientAssignment, Firm, Membership, Person
from posthorn.tenancy.pages import BadCursorError
from posthorn.tenancy.people import (
    Preferences,
    change_role,
    save_person,
    save_person_language,
)
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from posthorn.tenancy.services import save_firm
from posthorn.tenancy.themes import Theme
from tests.db.factories import ClientFactory, FirmFactory, MembershipFactory, PersonFactory
from tests.db.inviting import ACTOR, trail
from tests.threads import at_once

if TYPE_CHECKING:
    from uuid import UUID

    from tests.database import Database


def accountant(firm: Firm, name: str, email: str = "") -> Membership:
    person = PersonFactory.create(name=name, email=email or f"{new_id().hex}@kantoor.example")
    return MembershipFactory.create(firm=firm, person=person, role=Role.ACCOUNTANT)


@pytest.mark.django_db
def test_people_are_listed_by_name_page_by_page() -> None:
    firm = FirmFactory.create()
    made = [accountant(firm, name) for name in ("Émile", "An", "Bo", "An", "Zoë")]
    MembershipFactory.create()
    with acting(firm.pk):
        in_order = list(
            Membership.objects.order_by("person__name", "pk").values_list("pk", flat=True)
        )
        seen: list[UUID] = []
        after, pages = "", 0
        while pages == 0 or after:
            page = members(firm.pk, after=after, size=2)
            seen += [row.id for row in page.rows]
            after, pages = page.after, pages + 1
    assert (seen, pages, len(made)) == (in_order, 3, len(in_order))


@pytest.mark.django_db
def test_a_member_is_found_by_parts_of_name_and_address() -> None:
    firm = FirmFactory.create()
    jo = accountant(firm, "Jo Maes", "jo@kantoor.example")
    accountant(firm, "Bo Maes", "bo@elders.example")

    def found(text: str) -> list[UUID]:
        with acting(firm.pk):
            return [row.id for row in members(firm.pk, text=text).rows]

    assert found("maes KANTOOR") == [jo.pk]
    assert found("jo@") == [jo.pk]
    assert len(found("  ")) == 2
    assert found("100%") == []
    assert found("j\0o@") == [jo.pk]


@pytest.mark.django_db
def test_a_row_says_role_clients_and_last_visit() -> None:
    firm = FirmFactory.create()
    jo = accountant(firm, "Jo")
    one, two = ClientFactory.create(firm=firm), ClientFactory.create(firm=firm)
    seen = now()
    with system("test"):
        Person.objects.filter(pk=jo.person_id).update(last_login=seen)

    with acting(firm.pk):
        assign_many(firm.pk, [jo.pk], [one.pk, two.pk], actor=ACTOR)
        row = member(firm.pk, jo.pk)
        assert members(firm.pk).rows == (row,)
        assert assigned_to(firm.pk, one.pk) == (row,)
        assert member(firm.pk, new_id()) is None
        assert clients_assigned_to(firm.pk, jo.pk) == {one.pk, two.pk}
    assert row is not None
    assert (row.role, row.assigned, row.last_seen) == (Role.ACCOUNTANT, 2, seen)


@pytest.mark.django_db
def test_a_page_of_people_takes_two_queries() -> None:
    firm = FirmFactory.create()
    for name in "abcde":
        accountant(firm, name)
    with acting(firm.pk), CaptureQueriesContext(connection) as queries:
        assert len(members(firm.pk).rows) == 5
    assert len(queries) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "é", "AAAA", "////"])
def test_a_cursor_that_nobody_gave_is_refused(cursor: str) -> None:
    firm = FirmFactory.create().pk
    with acting(firm), pytest.raises(BadCursorError):
        members(firm, after=cursor)


@pytest.mark.django_db
def test_many_clients_go_to_many_accountants_at_once() -> None:
    firm = FirmFactory.create()
    jo, bo = accountant(firm, "Jo"), accountant(firm, "Bo")
    clients = [ClientFactory.create(firm=firm).pk for _ in range(3)]

    with acting(firm.pk):
        assert assign_many(firm.pk, [jo.pk], clients[:1], actor=ACTOR) == 1
        assert assign_many(firm.pk, [jo.pk, bo.pk], clients, actor=ACTOR) == 5
        assert assign_many(firm.pk, [jo.pk, bo.pk], clients, actor=ACTOR) == 0
        assert unassign_many(firm.pk, [bo.pk], clients[:2], actor=ACTOR) == 2
        assert clients_assigned_to(firm.pk, bo.pk) == {clients[2]}
        assert unassign_many(firm.pk, [bo.pk], clients[:2], actor=ACTOR) == 0
    codes = [action for action, _ in trail(firm.pk)]
    assert codes == ["client.assigned"] * 6 + ["client.unassigned"] * 2


@pytest.mark.django_db
def test_set_assignments_leaves_exactly_those() -> None:
    firm = FirmFactory.create()
    jo, bo = accountant(firm, "Jo"), accountant(firm, "Bo")
    one, two, three = (ClientFactory.create(firm=firm).pk for _ in range(3))

    with acting(firm.pk):
        assign_many(firm.pk, [jo.pk, bo.pk], [one, two], actor=ACTOR)
        set_assignments(firm.pk, jo.pk, [two, three], actor=ACTOR)
        set_assignments(firm.pk, jo.pk, [two, three], actor=ACTOR)
        assert clients_assigned_to(firm.pk, jo.pk) == {two, three}
        assert clients_assigned_to(firm.pk, bo.pk) == {one, two}
        entries = AuditEntry.objects.order_by("pk").values_list("action", "subject_id")
        assert list(entries)[4:] == [("client.assigned", three), ("client.unassigned", one)]


@pytest.mark.django_db
def test_a_wrong_bulk_assignment_changes_nothing() -> None:
    firm, foreign = FirmFactory.create(), ClientFactory.create()
    jo, boss = accountant(firm, "Jo"), MembershipFactory.create(firm=firm)
    own = ClientFactory.create(firm=firm)
    stranger = accountant(foreign.firm, "Eve")

    with acting(firm.pk):
        for people, clients, error in (
            ([jo.pk], [own.pk, foreign.pk], NotFoundError),
            ([jo.pk, stranger.pk], [own.pk], NotFoundError),
            ([jo.pk, boss.pk], [own.pk], NotAnAccountantError),
        ):
            with pytest.raises(error):
                assign_many(firm.pk, people, clients, actor=ACTOR)
        with pytest.raises(NotFoundError):
            set_assignments(firm.pk, jo.pk, [foreign.pk], actor=ACTOR)
        with pytest.raises(NotFoundError):
            set_assignments(firm.pk, stranger.pk, [], actor=ACTOR)
        assert unassign_many(firm.pk, [stranger.pk], [foreign.pk], actor=ACTOR) == 0
        assert ClientAssignment.objects.count() == 0
    assert trail(firm.pk) == []


def test_a_promotion_and_an_assignment_at_once_leave_no_assigned_manager(
    committed: Database,
) -> None:
    del committed
    for _ in range(5):
        firm = FirmFactory.create()
        jo, client = accountant(firm, "Jo"), ClientFactory.create(firm=firm)

        at_once([partial(_promote, firm.pk, jo.pk), partial(_assign, firm.pk, jo.pk, client.pk)])

        with acting(firm.pk):
            assert Membership.objects.get().role == "client_manager"
            assert ClientAssignment.objects.count() == 0


def _promote(firm: UUID, membership: UUID) -> None:
    with acting(firm):
        change_role(firm, membership, Role.CLIENT_MANAGER, actor=ACTOR)


def _assign(firm: UUID, membership: UUID, client: UUID) -> None:
    try:
        with acting(firm):
            assign_many(firm, [membership], [client], actor=ACTOR)
    except NotAnAccountantError:
        pass


def test_the_same_clients_assigned_twice_at_once_are_noted_once(committed: Database) -> None:
    del committed
    firm = FirmFactory.create()
    jo = accountant(firm, "Jo")
    clients = [ClientFactory.create(firm=firm).pk for _ in range(3)]

    def assign_all() -> int:
        with acting(firm.pk):
            return assign_many(firm.pk, [jo.pk], clients, actor=ACTOR)

    assert sorted(at_once([assign_all] * 4)) == [0, 0, 0, 3]
    assert len(trail(firm.pk)) == 3


@pytest.mark.django_db
def test_people_keep_what_they_chose() -> None:
    person = PersonFactory.create(name="Jo", email="jo@kantoor.example")
    assert (person.theme, person.is_keyboard_on) == ("system", True)
    wanted = Preferences(name=" Jo  Maes", language="fr", theme=Theme.DARK, is_keyboard_on=False)

    for _ in range(2):
        save_person(person.pk, wanted, actor="jo@kantoor.example")

    person.refresh_from_db()
    kept = (person.name, person.language, person.theme, person.is_keyboard_on)
    assert kept == ("Jo Maes", "fr", "dark", False)
    with system("look"):
        assert list(AuditEntry.objects.values_list("action", "subject_id")) == [
            ("person.saved", person.pk)
        ]
    save_person_language(person.pk, "de")
    person.refresh_from_db()
    assert person.language == "de"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "language", "error"),
    [(" ", "nl", EmptyNameError), ("x" * 201, "nl", TooLongError), ("Jo", "es", BadLanguageError)],
)
def test_wrong_choices_are_refused(name: str, language: str, error: type[TenancyError]) -> None:
    person, firm = PersonFactory.create(name="Jo"), FirmFactory.create(name="Kantoor")

    with pytest.raises(error):
        save_person(person.pk, Preferences(name=name, language=language), actor=ACTOR)
    with acting(firm.pk), pytest.raises(error):
        save_firm(firm.pk, name, language, actor=ACTOR)

    person.refresh_from_db()
    assert (person.name, trail(firm.pk)) == ("Jo", [])


@pytest.mark.django_db
def test_a_firm_changes_its_own_name_and_language_alone() -> None:
    mine, theirs = FirmFactory.create(name="Mine"), FirmFactory.create(name="Theirs")

    with acting(mine.pk):
        for _ in range(2):
            save_firm(mine.pk, "Ours", "fr", actor=ACTOR)
        with pytest.raises(NotFoundError):
            save_firm(theirs.pk, "Ours", "fr", actor=ACTOR)
        assert AuditEntry.objects.get().detail == {
            "name": ["Mine", "Ours"],
            "language": ["en", "fr"],
        }
    with system("look"):
        names = Firm.objects.filter(pk__in=[mine.pk, theirs.pk]).order_by("name")
        assert list(names.values_list("name", "language")) == [("Ours", "fr"), ("Theirs", "en")]
