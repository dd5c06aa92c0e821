"""Invitations: the mail, the link, and who gets in by it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client as Browser

from posthorn.kernel.clock import now
from posthorn.tenancy.invitations import invite_client_person, invite_member, revoke_invitation
from posthorn.tenancy.members import clients_assigned_to
from posthorn.tenancy.models import ClientPerson, Invitation, Membership, Person
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.web_desk import Desk
from tests.db.web_house import counts

if TYPE_CHECKING:
    from uuid import UUID

    from pytest_django import Settings

pytestmark = pytest.mark.django_db
PASSWORD = "seven horns on a hill"  # noqa: S105  # of nobody
ADDRESS = "els@kantoor.example"


@pytest.fixture
def relay(settings: Settings) -> None:
    """Give the installation a relay; Django's test outbox stands in its place."""
    settings.POSTHORN = replace(
        settings.POSTHORN, mail_relay="smtp://mail.example", mail_from="post@kantoor.example"
    )


def invited(desk: Desk, role: Role = Role.ACCOUNTANT, *clients: UUID) -> str:
    """Invite ADDRESS into the firm; gives the token."""
    with acting(desk.firm.pk):
        issued = invite_member(
            desk.firm.pk, ADDRESS, role, clients, language="nl", actor="an@kantoor.example"
        )
    return issued.token


@pytest.mark.usefixtures("relay")
def test_an_invitation_goes_out_in_the_chosen_language_as_text_and_html(
    desk: Desk,
) -> None:
    told = desk.post(
        "users/invite/",
        email=ADDRESS,
        language="nl",
        role="accountant",
        clients=str(desk.client.pk),
    )

    assert f"The invitation is on its way to {ADDRESS}." in told
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert "Kantoor Gent" in letter.subject
    text = str(letter.body)
    (link,) = re.findall(r"http://testserver(/invitations/\S+/)\n", text)
    (page,) = letter.alternatives  # type: ignore[attr-defined]  # Django's mail with HTML
    assert page[1] == "text/html"
    assert f'href="http://testserver{link}"' in page[0]
    assert Browser().get(link).status_code == 200
    with system("look"):
        (row,) = Invitation.objects.all()
    assert (row.email, row.role, row.clients) == (ADDRESS, "accountant", [str(desk.client.pk)])
    assert link.strip("/").rpartition("/")[2] not in told


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_without_a_relay_the_link_is_shown_to_be_passed_on(desk: Desk) -> None:
    told = desk.post("users/invite/", email=ADDRESS, language="nl", role="administrator")

    assert mail.outbox == []
    assert "this installation cannot send mail of its own" in told
    (link,) = set(re.findall(r"http://testserver(/invitations/[\w-]+/)", told))
    assert Browser().get(link).status_code == 200


@pytest.mark.usefixtures("relay")
def test_sending_again_ends_the_old_link(desk: Desk) -> None:
    old = invited(desk)
    with system("look"):
        row = Invitation.objects.get()

    told = desk.post(f"invitations/{row.pk}/resend/")

    assert f"on its way to {ADDRESS}" in told
    assert Browser().get(f"/invitations/{old}/").status_code == 410
    (link,) = re.findall(r"http://testserver(/invitations/\S+/)\n", str(mail.outbox[0].body))
    assert Browser().get(link).status_code == 200


def test_reading_the_link_changes_nothing_and_gives_it_to_nobody(desk: Desk) -> None:
    token = invited(desk)
    before = counts()

    response = Browser().get(f"/invitations/{token}/")

    assert response.status_code == 200
    assert response["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response["Cache-Control"]
    assert counts() == before
    with system("look"):
        assert Person.objects.filter(email=ADDRESS).count() == 0


def test_a_new_person_gets_in_with_a_name_and_a_password(desk: Desk) -> None:
    token = invited(desk, Role.ACCOUNTANT, desk.client.pk)
    browser = Browser()

    response = browser.post(f"/invitations/{token}/", {"name": "Els", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, f"{desk.base}/")
    with system("look"):
        person = Person.objects.get(email=ADDRESS)
        member = Membership.objects.get(person=person)
    assert (person.name, person.language, member.role) == ("Els", "nl", "accountant")
    assert browser.session["_auth_user_id"] == str(person.pk)
    with acting(desk.firm.pk):
        assert clients_assigned_to(desk.firm.pk, member.pk) == {desk.client.pk}
    again = Browser().post(f"/invitations/{token}/", {"name": "Eve", "password": PASSWORD})
    assert again.status_code == 410
    assert b"This invitation was accepted already" in again.content


def test_a_weak_password_lets_nobody_in(desk: Desk) -> None:
    token = invited(desk)
    browser = Browser()

    response = browser.post(f"/invitations/{token}/", {"name": "Els", "password": "password12"})

    assert response.status_code == 200
    assert "_auth_user_id" not in browser.session
    with system("look"):
        assert Person.objects.filter(email=ADDRESS).count() == 0
        assert Invitation.objects.get().used_at is None


def test_who_signs_in_already_is_asked_to_and_cannot_be_made_anew(desk: Desk) -> None:
    known = web_rows.person(ADDRESS, "Els")
    token = invited(desk)
    stranger, herself = Browser(), Browser()
    herself.force_login(known)

    asked = stranger.get(f"/invitations/{token}/").content.decode()
    forced = stranger.post(f"/invitations/{token}/", {"name": "Eve", "password": PASSWORD})
    joined = herself.post(f"/invitations/{token}/")

    assert f"/accounts/login/?next=/invitations/{token}/" in asked
    assert forced.status_code == 200
    assert joined["Location"] == f"{desk.base}/"
    known.refresh_from_db()
    assert known.name == "Els"
    assert not known.check_password(PASSWORD)


def test_who_is_signed_in_as_another_is_told_and_joins_nothing(desk: Desk) -> None:
    token = invited(desk)
    other = Browser()
    other.force_login(web_rows.person("other@kantoor.example"))
    before = counts()

    read = other.get(f"/invitations/{token}/").content.decode()
    tried = other.post(f"/invitations/{token}/", {"name": "Eve", "password": PASSWORD})

    assert "You are signed in as other@kantoor.example" in read
    assert tried.status_code == 200
    assert counts() == before


def test_expired_revoked_and_unknown_each_have_their_page(desk: Desk) -> None:
    token = invited(desk)
    with system("age"):
        Invitation.objects.update(expires_at=now() - timedelta(minutes=1))
    expired = Browser().get(f"/invitations/{token}/")
    second = invited(desk)
    with acting(desk.firm.pk):
        row = Invitation.objects.get(revoked_at=None)
        revoke_invitation(desk.firm.pk, row.pk, actor="an@kantoor.example")
    revoked = Browser().get(f"/invitations/{second}/")
    unknown = Browser().get("/invitations/made-up/")

    told = [
        (expired, 410, b"This invitation has expired"),
        (revoked, 410, b"This invitation was taken back"),
        (unknown, 404, b"There is no such invitation"),
    ]
    for response, status, sentence in told:
        assert response.status_code == status
        assert sentence in response.content


def test_a_clients_person_comes_into_the_business_space(desk: Desk) -> None:
    with acting(desk.firm.pk):
        issued = invite_client_person(
            desk.firm.pk, desk.client.pk, ADDRESS, language="fr", actor="an@kantoor.example"
        )
    browser = Browser()

    page = browser.get(f"/invitations/{issued.token}/").content.decode()
    response = browser.post(f"/invitations/{issued.token}/", {"name": "Els", "password": PASSWORD})

    assert "Bakkerij Janssens" in page
    assert '<html lang="fr"' in page
    assert response["Location"] == f"/clients/{desk.client.pk}/"
    assert browser.get(response["Location"]).status_code == 200
    with system("look"):
        assert ClientPerson.objects.get().person.email == ADDRESS


def test_a_form_of_an_invitation_needs_its_token(desk: Desk) -> None:
    token = invited(desk)
    browser = Browser(enforce_csrf_checks=True)

    response = browser.post(f"/invitations/{token}/", {"name": "Els", "password": PASSWORD})

    assert response.status_code == 403
    with system("look"):
        assert Person.objects.filter(email=ADDRESS).count() == 0
