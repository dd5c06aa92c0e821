from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from posthorn.tenancy.acceptance import accept_invitation, invitation_of
from posthorn.tenancy.access import may_read_documents
from posthorn.tenancy.business_space import end_link, remove_client_person
from posthorn.tenancy.clients import add_client_person, change_state
from posthorn.tenancy.entrances import entrances_of
from posthorn.tenancy.errors import (
    IllegalLifeMoveError,
    LinkEndedError,
    NotFoundError,
    RevokedInvitationError,
    TenancyError,
)
from posthorn.tenancy.facts import client_facts, people_of
from posthorn.tenancy.invitations import invite_client_person
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.models import AuditEntry, Client, ClientPerson
from posthorn.tenancy.queries import viewer_of
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, MembershipFactory, PersonFactory
from tests.db.inviting import ACTOR, JO, NEW, trail
from tests.threads import at_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.database import Database

BO = "bo@bakkerij.example"


def bakery(state: str = "active") -> tuple[UUID, UUID, UUID]:
    """Make a client with Bo as its own person; gives firm, client and person."""
    client, bo = ClientFactory.create(), PersonFactory.create(email=BO)
    with acting(client.firm_id):
        add_client_person(client.firm_id, client.pk, bo.pk, actor=ACTOR)
        Client.objects.filter(pk=client.pk).update(state=state)
    return client.firm_id, client.pk, bo.pk


def state_of(firm: UUID, client: UUID) -> str:
    with acting(firm):
        return Client.objects.get(pk=client).state


@pytest.mark.django_db
def test_a_client_ends_the_link_from_its_own_space() -> None:
    firm, client, bo = bakery()

    with acting(firm, client=client):
        end_link(firm, client, bo)
        end_link(firm, client, bo)

    assert state_of(firm, client) == "lost"
    assert trail(firm)[1:] == [("client.link_ended", BO)]
    with acting(firm):
        viewer = viewer_of(firm, bo)
        assert may_read_documents(viewer, client, ClientState.LOST, shares=False) is True
        assert client_facts(firm, client).next_states == frozenset()
    assert [company.id for company in entrances_of(bo).companies] == [client]


@pytest.mark.django_db
def test_the_firm_reads_nothing_after_the_link_ended() -> None:
    firm, client, bo = bakery()
    with acting(firm):
        row = Client.objects.select_related("firm").get(pk=client)
    member = MembershipFactory.create(firm=row.firm)

    with acting(firm):
        viewer = viewer_of(firm, member.person_id)
        assert may_read_documents(viewer, client, ClientState.ACTIVE, shares=True) is True
    end_link(firm, client, bo)
    state = ClientState(state_of(firm, client))
    assert may_read_documents(viewer, client, state, shares=True) is False


@pytest.mark.django_db
def test_a_stranger_ends_no_link() -> None:
    firm, client, bo = bakery()
    stranger, other = PersonFactory.create().pk, ClientFactory.create()

    for whose in ((firm, client, stranger), (other.firm_id, client, bo), (firm, other.pk, bo)):
        with pytest.raises(NotFoundError):
            end_link(*whose)
    assert state_of(firm, client) == "active"


@pytest.mark.django_db
def test_a_link_that_never_stood_is_not_ended() -> None:
    firm, client, bo = bakery("draft")
    with pytest.raises(IllegalLifeMoveError):
        end_link(firm, client, bo)


@pytest.mark.django_db
def test_the_firm_alone_does_not_bring_back_a_client_that_left() -> None:
    firm, client, bo = bakery()
    end_link(firm, client, bo)

    with acting(firm):
        for state in (ClientState.INVITED, ClientState.ACTIVE, ClientState.ARCHIVED):
            with pytest.raises(LinkEndedError):
                change_state(firm, client, state, actor=ACTOR)
        with pytest.raises(LinkEndedError):
            invite_client_person(firm, client, JO, language="nl", actor=ACTOR)
        with pytest.raises(LinkEndedError):
            remove_client_person(firm, client, bo, actor=ACTOR)
        assert [row.email for row in people_of(firm, client)] == [BO]
    assert state_of(firm, client) == "lost"


@pytest.mark.django_db
def test_one_of_its_own_people_brings_the_client_back() -> None:
    firm, client, bo = bakery()
    end_link(firm, client, bo)

    with acting(firm):
        issued = invite_client_person(firm, client, BO, language="nl", actor=ACTOR)
    assert state_of(firm, client) == "lost"
    accept_invitation(issued.token, bo)

    assert state_of(firm, client) == "active"
    assert trail(firm)[2:] == [
        ("invitation.sent", ACTOR),
        ("client.link_restored", BO),
        ("invitation.accepted", BO),
    ]


@pytest.mark.django_db
def test_an_invitation_from_before_the_end_is_dead() -> None:
    firm, client, bo = bakery()
    with acting(firm):
        issued = invite_client_person(firm, client, JO, language="nl", actor=ACTOR)
    end_link(firm, client, bo)

    for use in (
        partial(invitation_of, issued.token),
        partial(accept_invitation, issued.token, NEW),
    ):
        with pytest.raises(RevokedInvitationError):
            use()


@pytest.mark.django_db
def test_a_client_that_the_firm_lost_without_people_may_be_invited() -> None:
    client = ClientFactory.create(state="lost")
    with acting(client.firm_id):
        issued = invite_client_person(client.firm_id, client.pk, JO, language="nl", actor=ACTOR)
    accept_invitation(issued.token, NEW)
    assert state_of(client.firm_id, client.pk) == "active"


@pytest.mark.django_db
def test_somebody_taken_out_of_the_space_sees_nothing_more() -> None:
    firm, client, bo = bakery()
    with acting(firm):
        for _ in range(2):
            remove_client_person(firm, client, bo, actor=ACTOR)
        assert ClientPerson.objects.count() == 0
    assert entrances_of(bo).companies == ()
    assert trail(firm)[1:] == [("client.person_removed", ACTOR)]


def tried(call: Callable[[], object]) -> str:
    try:
        call()
    except TenancyError as error:
        return error.code
    return "done"


def test_accepting_while_the_link_is_ended_has_one_end(committed: Database) -> None:
    del committed
    bo, jo = PersonFactory.create(email=BO), PersonFactory.create(email=JO)
    for _ in range(5):
        row = ClientFactory.create()
        firm, client = row.firm_id, row.pk
        with acting(firm):
            add_client_person(firm, client, bo.pk, actor=ACTOR)
            issued = invite_client_person(firm, client, JO, language="nl", actor=ACTOR)

        answers = at_once(
            [
                partial(tried, partial(accept_invitation, issued.token, jo.pk)),
                partial(tried, partial(end_link, firm, client, bo.pk)),
            ]
        )

        assert answers in (["done", "done"], ["invitation_revoked", "done"])
        assert state_of(firm, client) == "lost"
        with acting(firm):
            assert ClientPerson.objects.count() == (2 if answers[0] == "done" else 1)
            assert AuditEntry.objects.filter(action="client.link_restored").count() == 0
