from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from posthorn.tenancy.acceptance import (
    Invited,
    accept_invitation,
    invitation_of,
)
from posthorn.tenancy.errors import (
    AlreadyMemberError,
    BadEmailError,
    BadLanguageError,
    NotAnAccountantError,
    NotFoundError,
    RevokedInvitationError,
    TenancyError,
    UsedInvitationError,
)
from posthorn.tenancy.invitations import (
    invite_client_person,
    invite_member,
    resend_invitation,
    revoke_invitation,
)
from posthorn.tenancy.members import open_invitations
from posthorn.tenancy.models import AuditEntry, Invitation
from posthorn.tenancy.queries import viewer_of
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory, FirmFactory, MembershipFactory, PersonFactory
from tests.db.inviting import ACTOR, JO, NEW, invited, trail
from tests.threads import at_once

if TYPE_CHECKING:
    from tests.database import Database


@pytest.mark.django_db
def test_an_invitation_tells_whoever_holds_the_link_what_it_is() -> None:
    firm = FirmFactory.create(name="Kantoor Peeters")

    issued = invited(firm.pk, " Jo@Kantoor.Example ", Role.ADMINISTRATOR)

    assert invitation_of(issued.token) == Invited(
        firm=firm.pk,
        firm_name="Kantoor Peeters",
        client=None,
        client_name="",
        email=JO,
        role=Role.ADMINISTRATOR,
        language="nl",
        expires_at=issued.expires_at,
        is_known=False,
    )
    PersonFactory.create(email=JO)
    assert invitation_of(issued.token).is_known is True
    assert trail(firm.pk) == [("invitation.sent", ACTOR)]


@pytest.mark.django_db
def test_only_the_digest_of_a_long_token_is_kept() -> None:
    firm = FirmFactory.create().pk

    issued = invited(firm)

    with acting(firm):
        row = Invitation.objects.values().get()
        detail = AuditEntry.objects.get().detail
    assert row["token_sha256"] == sha256(issued.token.encode()).hexdigest()
    assert issued.token not in f"{row}{detail}"
    assert len(issued.token) == 43  # 256 bits in base 64
    assert row["expires_at"] - row["created_at"] < timedelta(days=7, seconds=5)
    assert row["expires_at"] - row["created_at"] > timedelta(days=7, seconds=-5)


@pytest.mark.django_db
def test_an_invitation_that_was_taken_back_is_dead() -> None:
    firm = FirmFactory.create().pk
    issued = invited(firm)

    with acting(firm):
        for _ in range(2):
            revoke_invitation(firm, issued.id, actor=ACTOR)
        assert open_invitations(firm) == ()

    with pytest.raises(RevokedInvitationError):
        accept_invitation(issued.token, NEW)
    assert trail(firm) == [("invitation.sent", ACTOR), ("invitation.revoked", ACTOR)]


@pytest.mark.django_db
def test_sending_again_ends_the_old_link_and_inviting_again_too() -> None:
    firm = FirmFactory.create().pk
    first = invited(firm)
    with acting(firm):
        second = resend_invitation(firm, first.id, actor="bo@kantoor.example")
    third = invited(firm, JO, Role.CLIENT_MANAGER)

    for old in (first, second):
        with pytest.raises(RevokedInvitationError):
            invitation_of(old.token)
    with acting(firm):
        rows = open_invitations(firm)
    assert [(row.id, row.role, row.email) for row in rows] == [(third.id, Role.CLIENT_MANAGER, JO)]
    assert invitation_of(third.token).role is Role.CLIENT_MANAGER


@pytest.mark.django_db
def test_sending_again_keeps_what_was_offered() -> None:
    firm = FirmFactory.create()
    client = ClientFactory.create(firm=firm)
    first = invited(firm.pk, JO, Role.ACCOUNTANT, client.pk)

    with acting(firm.pk):
        second = resend_invitation(firm.pk, first.id, actor=ACTOR)
        (row,) = open_invitations(firm.pk)
    assert (row.id, row.role, row.assigned, row.language) == (second.id, Role.ACCOUNTANT, 1, "nl")
    person = accept_invitation(second.token, NEW).person
    with acting(firm.pk):
        assert viewer_of(firm.pk, person).assigned == {client.pk}
        with pytest.raises(UsedInvitationError):
            resend_invitation(firm.pk, second.id, actor=ACTOR)
        with pytest.raises(UsedInvitationError):
            revoke_invitation(firm.pk, second.id, actor=ACTOR)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "role", "language", "error"),
    [
        ("jo", Role.ACCOUNTANT, "nl", BadEmailError),
        (JO, Role.ACCOUNTANT, "xx", BadLanguageError),
        ("member@kantoor.example", Role.ADMINISTRATOR, "nl", AlreadyMemberError),
    ],
)
def test_a_wrong_invitation_is_refused_and_not_kept(
    email: str, role: Role, language: str, error: type[TenancyError]
) -> None:
    member = MembershipFactory.create(person=PersonFactory.create(email="member@kantoor.example"))
    firm = member.firm_id

    with acting(firm):
        with pytest.raises(error):
            invite_member(firm, email, role, language=language, actor=ACTOR)
        assert (Invitation.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_only_accountants_are_invited_with_clients_of_the_own_firm() -> None:
    own, foreign = ClientFactory.create(), ClientFactory.create()
    firm = own.firm_id

    with pytest.raises(NotAnAccountantError):
        invited(firm, JO, Role.ADMINISTRATOR, own.pk)
    with pytest.raises(NotFoundError):
        invited(firm, JO, Role.ACCOUNTANT, foreign.pk)
    assert trail(firm) == []


@pytest.mark.django_db
def test_another_firm_neither_sees_nor_changes_an_invitation() -> None:
    theirs, mine = FirmFactory.create().pk, ClientFactory.create()
    issued = invited(theirs)

    with acting(mine.firm_id):
        assert Invitation.objects.count() == 0
        with pytest.raises(NotFoundError):
            revoke_invitation(mine.firm_id, issued.id, actor=ACTOR)
        with pytest.raises(NotFoundError):
            resend_invitation(mine.firm_id, issued.id, actor=ACTOR)
        with pytest.raises(NotFoundError):
            revoke_invitation(theirs, issued.id, actor=ACTOR)
        with pytest.raises(NotFoundError):
            invite_member(theirs, JO, Role.ACCOUNTANT, language="nl", actor=ACTOR)
    with acting(mine.firm_id, client=mine.pk):
        assert Invitation.objects.count() == 0
    assert invitation_of(issued.token).firm == theirs
    assert trail(theirs) == [("invitation.sent", ACTOR)]


@pytest.mark.django_db
def test_a_clients_scope_does_not_see_who_is_invited_into_the_firm() -> None:
    client, other = ClientFactory.create(), ClientFactory.create()
    firm = client.firm_id
    invited(firm)
    with acting(firm):
        own = invite_client_person(firm, client.pk, JO, language="fr", actor=ACTOR)
        with pytest.raises(NotFoundError):
            invite_client_person(firm, other.pk, JO, language="fr", actor=ACTOR)
        assert len(open_invitations(firm)) == 1
        assert [row.id for row in open_invitations(firm, client.pk)] == [own.id]

    with acting(firm, client=client.pk):
        assert list(Invitation.objects.values_list("pk", flat=True)) == [own.id]


def test_an_address_that_is_invited_many_times_at_once_has_one_open_link(
    committed: Database,
) -> None:
    del committed
    firm = FirmFactory.create().pk

    issued = at_once([lambda: invited(firm)] * 5)

    with acting(firm):
        (row,) = open_invitations(firm)
    assert row.id in {one.id for one in issued}
    with system("look"):
        assert Invitation.objects.filter(revoked_at=None).count() == 1
