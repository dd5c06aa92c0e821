"""A person's own pages: another password by mail, settings, and the devices one is signed in on."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client as Browser

from posthorn.tenancy.roles import Role
from posthorn.web.accounts import second_factors
from posthorn.web.devices import device_of
from posthorn.web.mail import NotSentError, RelayBackend, post
from posthorn_sandbox.mail import Receiver
from tests.db import web_rows
from tests.db.factories import FirmFactory
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from pytest_django import Settings

    from posthorn.tenancy.models import Person

pytestmark = pytest.mark.django_db
OTHER = "seven horns on a hill"
RESET = "/accounts/password/reset/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def someone() -> Person:
    person = web_rows.member(FirmFactory.create(), Role.ADMINISTRATOR)
    person.language = "nl"
    person.save()
    return person


@pytest.fixture
def relay(settings: Settings) -> None:
    """Give the installation a relay; Django's test outbox stands in its place."""
    settings.POSTHORN = replace(
        settings.POSTHORN, mail_relay="smtp://mail.example", mail_from="post@kantoor.example"
    )


def arrived() -> list[EmailMessage]:
    """Wait for what is sent beside the request, five seconds at most."""
    end = time.monotonic() + 5
    while not mail.outbox and time.monotonic() < end:
        time.sleep(0.02)
    return mail.outbox


def sign_in(browser: Browser, person: Person, password: str) -> bool:
    browser.post("/accounts/login/", {"login": person.email, "password": password})
    return "_auth_user_id" in browser.session


@pytest.mark.usefixtures("relay")
def test_another_password_comes_by_mail_once(someone: Person) -> None:
    browser = Browser()
    asked = browser.post(RESET, {"email": someone.email})
    assert asked["Location"] == "/accounts/password/reset/done/"

    (letter,) = arrived()
    assert letter.to == [someone.email]
    text = str(letter.body)
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+/)\n", text)
    form = browser.get(link)["Location"]
    assert link.rpartition("-")[2].strip("/") not in form
    done = browser.post(form, {"password1": OTHER, "password2": OTHER})

    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert sign_in(Browser(), someone, OTHER)
    assert not sign_in(Browser(), someone, PASSWORD)
    assert b"This link no longer works" in Browser().get(link).content


@pytest.mark.usefixtures("relay")
def test_nobody_learns_whether_an_address_is_known() -> None:
    browser = Browser()

    response = browser.post(RESET, {"email": "nobody@kantoor.example"})

    assert response["Location"] == "/accounts/password/reset/done/"
    time.sleep(0.2)
    assert mail.outbox == []


def test_without_a_relay_the_page_says_whom_to_ask(someone: Person) -> None:
    browser = Browser()

    asked = browser.get(RESET)
    forced = browser.post(RESET, {"email": someone.email})

    for response in (asked, forced):
        assert response.status_code == 200
        assert b"This installation cannot send mail of its own" in response.content
    assert mail.outbox == []


@pytest.mark.usefixtures("relay")
def test_asking_without_end_is_stopped(someone: Person) -> None:
    browser = Browser()

    got = [browser.post(RESET, {"email": someone.email}).status_code for _ in range(30)]

    assert got[0] == 302
    assert got[-1] == 429


def test_mail_goes_over_the_operators_relay(settings: Settings) -> None:
    message = EmailMessage("Été", "Two lines.\nOf text.\n", "post@a.example", ["els@b.example"])
    with Receiver() as receiver:
        host, port = receiver.smtp
        settings.POSTHORN = replace(
            settings.POSTHORN,
            mail_relay=f"smtp://{host}:{port}?tls=none",
            mail_from="post@a.example",
        )
        sent = RelayBackend().send_messages([message])
        (got,) = receiver.messages()
        content = receiver.content(got.number)

    assert sent == 1
    assert (got.sender, got.recipients) == ("post@a.example", ("els@b.example",))
    assert b"Two lines.\r\nOf text.\r\n" in content


def test_a_relay_that_does_not_answer_is_told(settings: Settings) -> None:
    with Receiver() as receiver:
        host, port = receiver.smtp
    settings.EMAIL_BACKEND = "posthorn.web.mail.RelayBackend"
    settings.POSTHORN = replace(
        settings.POSTHORN, mail_relay=f"smtp://{host}:{port}?tls=none", mail_from="post@a.example"
    )

    with pytest.raises(NotSentError):
        post(EmailMessage("Hello", "There.", "post@a.example", ["els@b.example"]))


def test_own_settings_are_kept_and_shape_the_page(someone: Person) -> None:
    browser = Browser()
    browser.force_login(someone)
    wanted = {"name": "Els De Smet", "language": "en", "theme": "dark"}

    page = browser.post("/accounts/settings/", wanted, follow=True).content.decode()

    assert '<html lang="en"' in page
    assert 'data-theme="dark"' in page
    assert 'data-keyboard="off"' in page
    assert "Your settings are saved." in page
    someone.refresh_from_db()
    assert (someone.name, someone.is_keyboard_on) == ("Els De Smet", False)
    refused = browser.post("/accounts/settings/", {**wanted, "language": "xx"})
    assert refused.status_code == 200
    someone.refresh_from_db()
    assert someone.language == "en"


def test_signing_out_elsewhere_ends_the_other_sessions_alone(someone: Person) -> None:
    here, there = Browser(headers={"user-agent": FIREFOX}), Browser()
    assert sign_in(here, someone, PASSWORD)
    assert sign_in(there, someone, PASSWORD)
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("127.0.0.1") == 2
    assert page.count("Firefox") == 1

    here.post("/accounts/sessions/")

    assert here.get("/accounts/settings/").status_code == 200
    assert there.get("/accounts/settings/").status_code == 302


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8.0", "An unknown program"),
    ],
)
def test_a_device_has_the_name_that_people_know(said: str, name: str) -> None:
    assert device_of(said) == name


def test_recovery_codes_alone_are_no_second_factor(someone: Person) -> None:
    other = web_rows.person("luc@kantoor.example")
    Authenticator.objects.create(user=someone, type="totp", data={})
    Authenticator.objects.create(user=other, type="recovery_codes", data={})

    assert second_factors([someone.pk, other.pk]) == {someone.pk}
