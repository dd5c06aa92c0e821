from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.acceptance import (
    Entrance,
    NewPerson,
    accept_invitation,
    invitation_of,
)
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.entrances import entrances_of
from posthorn.tenancy.errors import (
    AlreadyMemberError,
    EmailTakenError,
    ExpiredInvitationError,
    TenancyError,
    UnknownInvitationError,
    UsedInvitationError,
    WeakPasswordError,
    WrongPersonError,
)
from posthorn.tenancy.invitations import (
    invite_client_person,
    revoke_invitation,
)
from posthorn.tenancy.members import open_invitations
from posthorn.tenancy.models import Client, Invitation, Membership, Person
from posthorn.tenancy.queries import viewer_of
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, FirmFactory, MembershipFactory, PersonFactory
from tests.db.inviting import ACTOR, JO, NEW, invited, trail
from tests.threads import at_once

if TYPE_CHECKING:
    from uuid import UUID

    from tests.database import Database


def _tried(token: str, who: UUID | NewPerson) -> str:
    try:
        accept_invitation(token, who)
    except TenancyError as error:
        return error.code
    return "in"


def _tried_to_revoke(firm: UUID, invitation: UUID) -> str:
    try:
        with acting(firm):
            revoke_invitation(firm, invitation, actor=ACTOR)
    except TenancyError as error:
        return error.code
    return "revoked"


@pytest.mark.django_db
def test_a_new_person_joins_with_role_and_clients() -> None:
    firm = FirmFactory.create()
    one, two = ClientFactory.create(firm=firm), ClientFactory.create(firm=firm)
    ClientFactory.create(firm=firm)
    issued = invited(firm.pk, JO, Role.ACCOUNTANT, one.pk, two.pk, one.pk)

    entrance = accept_invitation(issued.token, NEW)

    person = Person.objects.get(email=JO)
    assert entrance == Entrance(person=person.pk, firm=firm.pk, client=None)
    assert (person.name, person.language) == ("Jo Maes", "nl")
    assert person.check_password("lang genoeg 7")
    with acting(firm.pk):
        assert viewer_of(firm.pk, person.pk) == Viewer(
            role=Role.ACCOUNTANT, assigned=frozenset({one.pk, two.pk})
        )
    assert trail(firm.pk) == [
        ("invitation.sent", ACTOR),
        ("member.added", JO),
        ("client.assigned", JO),
        ("client.assigned", JO),
        ("invitation.accepted", JO),
    ]


@pytest.mark.django_db
def test_a_person_who_is_there_already_must_be_signed_in_as_the_address() -> None:
    firm = FirmFactory.create().pk
    jo, other = PersonFactory.create(email=JO), PersonFactory.create()
    off = PersonFactory.create(email="off@kantoor.example", is_active=False)
    issued, for_off = invited(firm), invited(firm, "off@kantoor.example")

    for token, who in ((issued.token, other.pk), (issued.token, new_id()), (for_off.token, off.pk)):
        with pytest.raises(WrongPersonError, match="sign in with that address"):
            accept_invitation(token, who)
    with pytest.raises(EmailTakenError):
        accept_invitation(issued.token, NEW)
    with acting(firm):
        assert Membership.objects.count() == 0

    accept_invitation(issued.token, jo.pk)
    with acting(firm):
        assert list(Membership.objects.values_list("person_id", "role")) == [(jo.pk, "accountant")]


@pytest.mark.django_db
def test_a_weak_password_leaves_the_invitation_open() -> None:
    firm = FirmFactory.create().pk
    issued = invited(firm)

    with pytest.raises(WeakPasswordError):
        accept_invitation(issued.token, NewPerson(name="Jo", password="short"))  # noqa: S106

    assert Person.objects.filter(email=JO).count() == 0
    assert accept_invitation(issued.token, NEW).firm == firm


@pytest.mark.django_db
def test_an_invitation_works_once() -> None:
    issued = invited(FirmFactory.create().pk)
    person = accept_invitation(issued.token, NEW).person

    with pytest.raises(UsedInvitationError):
        accept_invitation(issued.token, person)
    with pytest.raises(UsedInvitationError):
        invitation_of(issued.token)


@pytest.mark.django_db
def test_an_invitation_ends_after_seven_days() -> None:
    firm = FirmFactory.create(name="Kantoor Peeters").pk
    issued = invited(firm)
    with acting(firm):
        Invitation.objects.update(expires_at=now())

    for use in (lambda: invitation_of(issued.token), lambda: accept_invitation(issued.token, NEW)):
        with pytest.raises(ExpiredInvitationError, match="ask Kantoor Peeters"):
            use()
    with acting(firm):
        assert [row.is_expired for row in open_invitations(firm)] == [True]


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "x", "é" * 5000, "\udcff", "\0"])
def test_a_token_that_nobody_gave_is_unknown(token: str) -> None:
    with pytest.raises(UnknownInvitationError):
        invitation_of(token)
    with pytest.raises(UnknownInvitationError):
        accept_invitation(token, NEW)


@pytest.mark.django_db
def test_somebody_of_a_client_enters_its_space_alone() -> None:
    client = ClientFactory.create(state="draft", name="Bakkerij Janssens")
    firm = client.firm_id
    with acting(firm):
        issued = invite_client_person(firm, client.pk, JO, language="fr", actor=ACTOR)
        assert Client.objects.get(pk=client.pk).state == "invited"
    facts = invitation_of(issued.token)
    assert (facts.client, facts.client_name, facts.role) == (client.pk, "Bakkerij Janssens", None)

    entrance = accept_invitation(issued.token, NEW)

    assert entrance == Entrance(person=entrance.person, firm=firm, client=client.pk)
    assert [one.id for one in entrances_of(entrance.person).companies] == [client.pk]
    with acting(firm):
        assert Client.objects.get(pk=client.pk).state == "active"
        assert viewer_of(firm, entrance.person) == Viewer(own=frozenset({client.pk}))
        with pytest.raises(AlreadyMemberError):
            invite_client_person(firm, client.pk, JO, language="fr", actor=ACTOR)
    assert trail(firm) == [
        ("client.state_changed", ACTOR),
        ("invitation.sent", ACTOR),
        ("client.state_changed", JO),
        ("client.person_added", JO),
        ("invitation.accepted", JO),
    ]


@pytest.mark.django_db
def test_who_became_a_member_meanwhile_keeps_that_role() -> None:
    firm = FirmFactory.create()
    issued = invited(firm.pk, JO, Role.ADMINISTRATOR)
    jo = PersonFactory.create(email=JO)
    MembershipFactory.create(firm=firm, person=jo, role=Role.CLIENT_MANAGER)

    accept_invitation(issued.token, jo.pk)

    with acting(firm.pk):
        assert list(Membership.objects.values_list("role", flat=True)) == ["client_manager"]


def test_of_many_who_accept_at_once_one_is_let_in(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk
    issued = invited(firm)

    answers = at_once([lambda: _tried(issued.token, NEW)] * 6)

    assert sorted(answers) == ["in", *["invitation_used"] * 5]
    with acting(firm):
        assert Membership.objects.count() == 1
    assert [action for action, _ in trail(firm)].count("invitation.accepted") == 1


def test_accepting_while_it_is_taken_back_has_one_end(committed: Database) -> None:
    del committed
    jo = PersonFactory.create(email=JO)
    for _ in range(5):
        firm = FirmFactory.create().pk
        issued = invited(firm)

        answers = at_once(
            [
                partial(_tried, issued.token, jo.pk),
                partial(_tried_to_revoke, firm, issued.id),
            ]
        )

        assert answers in (["in", "invitation_used"], ["invitation_revoked", "revoked"])
        with acting(firm):
            assert Membership.objects.count() == (1 if answers[0] == "in" else 0)
