"""The page on which people choose what they are mailed, and what is told of one's own account."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client as Browser

from posthorn.tenancy.notice_models import Notice
from posthorn.tenancy.notices import choices_of, tell_firm
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from posthorn.web.watching import facts_between
from tests.db import web_rows
from tests.db.connections import keyring_fixture  # noqa: F401  found by its name
from tests.db.factories import FirmFactory
from tests.db.noticing import ended, notices
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from pytest_django import Settings

    from posthorn.tenancy.models import Firm, Person

pytestmark = pytest.mark.django_db
OTHER = "seven horns on a hill"
PAGE = "/accounts/notices/"


@pytest.fixture
def firm() -> Firm:
    row: Firm = FirmFactory.create(name="Kantoor Peeters")
    return row


@pytest.fixture
def someone(firm: Firm) -> Person:
    return web_rows.member(firm, Role.ADMINISTRATOR)


def signed_in(person: Person) -> Browser:
    """Sign in with the password: what changes a second factor wants a sign-in of just now."""
    browser = Browser()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return browser


def kinds() -> list[str]:
    return [one.kind for one in notices()]


def test_the_page_shows_switches_for_ones_roles_and_keeps_them(someone: Person) -> None:
    browser = signed_in(someone)
    page = browser.get(PAGE).content.decode()
    assert page.count('type="checkbox"') == 6
    assert page.count("checked") == 6

    done = browser.post(PAGE, {"sign_in_ended": "on", "password_changed": ""}, follow=True)

    assert "Your choice is saved." in done.content.decode()
    off = {one.kind.value for one in choices_of(someone.pk) if not one.is_on}
    assert off == {
        "sign_in_replaced",
        "sign_in_idle",
        "deliveries_wait",
        "address_changed",
        "decision_wanted",
    }


def test_all_switches_can_be_off(someone: Person) -> None:
    browser = signed_in(someone)

    browser.post(PAGE, {})

    page = browser.get(PAGE).content.decode()
    assert (page.count('type="checkbox"'), page.count("checked")) == (6, 0)


def test_the_page_lists_what_happened_with_a_link_even_without_a_relay(
    someone: Person, firm: Firm
) -> None:
    with acting(firm.pk):
        tell_firm(firm.pk, ended("<b>Exact</b>"))

    page = signed_in(someone).get(PAGE).content.decode()

    assert "&lt;b&gt;Exact&lt;/b&gt; needs somebody to sign in again" in page
    assert f'href="/firms/{firm.pk}/packages/018f0000-0000-7000-8000-000000000001/"' in page
    assert "No notice is mailed" in page
    assert page.count("Waits to be mailed") == 1

    with system("look"):
        Notice.objects.update(dropped="expired")
    page = signed_in(someone).get(PAGE).content.decode()
    assert (page.count("Waits to be mailed"), page.count("Not mailed")) == (0, 1)


def test_another_password_is_told_to_its_owner(someone: Person) -> None:
    browser = signed_in(someone)
    form = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}

    browser.post("/accounts/password/change/", {**form, "oldpassword": "wrong"})
    assert kinds() == []
    browser.post("/accounts/password/change/", form)

    (notice,) = notices()
    assert (notice.kind, notice.person_id, notice.firm_id) == (
        "password_changed",
        someone.pk,
        None,
    )


def test_a_password_set_by_a_mailed_link_is_told_too(someone: Person, settings: Settings) -> None:
    settings.POSTHORN = replace(
        settings.POSTHORN, mail_relay="smtp://mail.example", mail_from="post@kantoor.example"
    )
    browser = Browser()
    browser.post("/accounts/password/reset/", {"email": someone.email})
    for _ in range(200):
        if mail.outbox:
            break
        time.sleep(0.02)
    (link,) = re.findall(r"(/accounts/password/reset/key/\S+/)\n", str(mail.outbox[0].body))
    form = browser.get(link)["Location"]

    browser.post(form, {"password1": OTHER, "password2": OTHER})

    assert kinds() == ["password_changed"]


@pytest.mark.usefixtures("keyring_text")
def test_second_factors_switched_on_and_off_are_told(someone: Person) -> None:
    browser = signed_in(someone)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.get("/accounts/2fa/totp/activate/")
    secret = browser.session[totp.SECRET_SESSION_KEY]
    assert kinds() == []

    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    browser.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert kinds() == []
    browser.post("/accounts/2fa/totp/activate/", {"code": code})
    assert kinds() == ["app_added"]
    browser.post("/accounts/2fa/recovery-codes/generate/")
    assert kinds() == ["app_added", "codes_made"]
    browser.post("/accounts/2fa/totp/deactivate/")

    assert kinds() == ["app_added", "codes_made", "app_removed"]
    assert Authenticator.objects.filter(user=someone).count() == 0


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {1: "webauthn", 2: "recovery_codes"}, ["passkey_added"]),
        ({1: "webauthn", 2: "recovery_codes"}, {}, ["passkey_removed"]),
        ({1: "webauthn"}, {1: "webauthn", 2: "recovery_codes"}, ["codes_made"]),
        (
            {1: "webauthn", 2: "webauthn"},
            {2: "webauthn", 3: "totp"},
            ["app_added", "passkey_removed"],
        ),
        ({1: "totp"}, {1: "totp"}, []),
    ],
)
def test_what_changed_between_two_sets_of_factors(
    before: dict[int, str], after: dict[int, str], told: list[str]
) -> None:
    assert [one.kind.value for one in facts_between(before, after)] == told
