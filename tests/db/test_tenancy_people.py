from __future__ import annotations

import pytest

from posthorn.tenancy.access import Viewer
from posthorn.tenancy.assignments import assign, unassign
from posthorn.tenancy.entrances import Entrances, entrances_of
from posthorn.tenancy.errors import (
    AlreadyMemberError,
    BadEmailError,
    EmailTakenError,
    EmptyNameError,
    LastAdministratorError,
    NotAnAccountantError,
    NotFoundError,
    TenancyError,
    WeakPasswordError,
)
from posthorn.tenancy.models import AuditEntry, ClientAssignment, Membership, Person
from posthorn.tenancy.people import (
    add_member,
    add_person,
    change_role,
    remove_member,
)
from posthorn.tenancy.queries import clients_visible_to, membership_of, viewer_of
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from posthorn.tenancy.services import create_firm
from tests.db.factories import ClientFactory, FirmFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db
ACTOR = "an@kantoor.example"


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_new_firm_has_its_first_entry_in_the_trail() -> None:
    firm = create_firm("  Kantoor \n Peeters ", "nl", actor="operator")

    with acting(firm.pk):
        entry = AuditEntry.objects.get()
    assert (firm.name, firm.language) == ("Kantoor Peeters", "nl")
    assert (entry.action, entry.actor, entry.subject_id) == ("firm.created", "operator", firm.pk)


def test_a_firm_without_a_name_is_refused() -> None:
    with pytest.raises(EmptyNameError, match="The firm's name is empty"):
        create_firm(" \x00 ", actor=ACTOR)


def test_a_person_logs_in_with_the_password_given() -> None:
    person = add_person(" An@Kantoor.Example ", "An", "lang genoeg 7", actor=ACTOR)

    stored = Person.objects.get(pk=person.pk)
    assert stored.email == "an@kantoor.example"
    assert stored.check_password("lang genoeg 7")


def test_a_person_without_a_password_cannot_log_in() -> None:
    person = add_person("an@kantoor.example", "An", actor=ACTOR)
    assert Person.objects.get(pk=person.pk).has_usable_password() is False


@pytest.mark.parametrize(
    ("email", "name", "password", "error"),
    [
        ("an", "An", None, BadEmailError),
        ("an@kantoor.example", " ", None, EmptyNameError),
        ("an@kantoor.example", "An", "password123", WeakPasswordError),
        ("an@kantoor.example", "An", "short", WeakPasswordError),
        ("TAKEN@kantoor.example", "An", None, EmailTakenError),
    ],
)
def test_a_wrong_person_is_refused_and_not_added(
    email: str, name: str, password: str | None, error: type[TenancyError]
) -> None:
    PersonFactory.create(email="taken@kantoor.example")

    with pytest.raises(error):
        add_person(email, name, password, actor=ACTOR)

    assert Person.objects.filter(email__endswith="@kantoor.example", name="An").count() == 0


def test_a_member_is_added_once() -> None:
    firm, person = FirmFactory.create(), PersonFactory.create()

    with acting(firm.pk):
        add_member(firm.pk, person.pk, Role.ACCOUNTANT, actor=ACTOR)
        with pytest.raises(AlreadyMemberError):
            add_member(firm.pk, person.pk, Role.ADMINISTRATOR, actor=ACTOR)
        member = membership_of(firm.pk, person.pk)

    assert member is not None
    assert member.role is Role.ACCOUNTANT
    assert [(place.firm, place.role) for place in entrances_of(person.pk).firms] == [
        (firm.pk, Role.ACCOUNTANT)
    ]


def test_the_last_administrator_stays() -> None:
    first = MembershipFactory.create()
    MembershipFactory.create(firm=first.firm, role=Role.ACCOUNTANT)
    MembershipFactory.create()

    with acting(first.firm_id):
        with pytest.raises(LastAdministratorError):
            change_role(first.firm_id, first.pk, Role.ACCOUNTANT, actor=ACTOR)
        with pytest.raises(LastAdministratorError):
            remove_member(first.firm_id, first.pk, actor=ACTOR)
        assert Membership.objects.get(pk=first.pk).role == "administrator"


def test_one_of_two_administrators_may_leave() -> None:
    first = MembershipFactory.create()
    second = MembershipFactory.create(firm=first.firm)

    with acting(first.firm_id):
        remove_member(first.firm_id, first.pk, actor=ACTOR)
        assert list(Membership.objects.values_list("pk", flat=True)) == [second.pk]
        assert actions() == ["member.removed"]


def test_a_new_accountant_sees_a_client_once_assigned() -> None:
    member = MembershipFactory.create(role=Role.ACCOUNTANT)
    client = ClientFactory.create(firm=member.firm)
    ClientFactory.create(firm=member.firm)
    firm = member.firm_id

    with acting(firm):
        before = viewer_of(firm, member.person_id)
        assert list(clients_visible_to(firm, before)) == []
        assign(firm, member.pk, client.pk, actor=ACTOR)
        assign(firm, member.pk, client.pk, actor=ACTOR)
        after = viewer_of(firm, member.person_id)
        assert list(clients_visible_to(firm, after)) == [client]
        unassign(firm, member.pk, client.pk, actor=ACTOR)
        assert viewer_of(firm, member.person_id) == before
        assert actions() == ["client.assigned", "client.unassigned"]


def test_an_administrator_is_not_assigned() -> None:
    member = MembershipFactory.create()
    client = ClientFactory.create(firm=member.firm)

    with acting(member.firm_id), pytest.raises(NotAnAccountantError):
        assign(member.firm_id, member.pk, client.pk, actor=ACTOR)


def test_a_client_of_another_firm_is_not_there_to_assign() -> None:
    member = MembershipFactory.create(role=Role.ACCOUNTANT)
    foreign = ClientFactory.create()

    with acting(member.firm_id):
        with pytest.raises(NotFoundError):
            assign(member.firm_id, member.pk, foreign.pk, actor=ACTOR)
        assert ClientAssignment.objects.count() == 0


def test_an_accountant_who_is_promoted_loses_the_assignments() -> None:
    member = MembershipFactory.create(role=Role.ACCOUNTANT)
    client = ClientFactory.create(firm=member.firm)
    firm = member.firm_id

    with acting(firm):
        assign(firm, member.pk, client.pk, actor=ACTOR)
        change_role(firm, member.pk, Role.CLIENT_MANAGER, actor=ACTOR)
        assert viewer_of(firm, member.person_id) == Viewer(role=Role.CLIENT_MANAGER)


def test_a_stranger_is_nothing_in_a_firm() -> None:
    firm, person = FirmFactory.create(), PersonFactory.create()

    with acting(firm.pk):
        assert membership_of(firm.pk, person.pk) is None
        assert viewer_of(firm.pk, person.pk) == Viewer()
    assert entrances_of(person.pk) == Entrances(firms=(), companies=())
