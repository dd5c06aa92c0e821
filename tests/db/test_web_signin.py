"""Who gets in, and who does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from posthorn.connections.keyring import fresh_key, keyring_file
from posthorn.tenancy.roles import Role
from tests.db import web_rows
from tests.db.code_race import SECRET, code_of
from tests.db.factories import FirmFactory, PersonFactory
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from posthorn.tenancy.models import Person
    from tests.database import Database

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
CLOSED = [
    "signup/",
    "email/",
    "confirm-email/",
    "password/set/",
    "password/reset/confirm/",
    "password/reset/complete/",
    "2fa/webauthn/signup/",
    "login/code/",
    "login/code/confirm/",
    "2fa/trust/",
    "3rdparty/",
]


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    """Give the installation a keyring, as its start does."""
    place = keyring_file(settings.POSTHORN.data)
    before = place.read_text() if place.exists() else ""
    place.write_text(before or fresh_key("k1"))
    yield
    if not before:
        place.unlink()


@pytest.fixture
def someone() -> Person:
    return web_rows.member(FirmFactory.create(), Role.ADMINISTRATOR)


def sign_in(browser: Browser, person: Person, password: str = PASSWORD) -> HttpResponse:
    form = {"login": person.email, "password": password}
    response: HttpResponse = browser.post("/accounts/login/", form)  # type: ignore[assignment]
    return response


def is_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.session


def test_a_person_with_the_password_gets_in(someone: Person) -> None:
    browser = Browser()
    response = sign_in(browser, someone)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_in(browser)


def test_a_wrong_password_and_an_unknown_person_read_the_same(someone: Person) -> None:
    wrong, unknown = Browser(), Browser()
    first = sign_in(wrong, someone, "not-the-password")
    other = PersonFactory.build(email="nobody@kantoor.example")
    second = sign_in(unknown, other, "not-the-password")

    assert [first.status_code, second.status_code] == [200, 200]
    sentence = b"The email address and/or password you specified are not correct."
    assert sentence in first.content
    assert sentence in second.content
    assert not is_in(wrong)
    assert not is_in(unknown)


def test_the_session_key_is_another_one_after_signing_in(someone: Person) -> None:
    browser = Browser()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    before = session.session_key

    sign_in(browser, someone)

    assert is_in(browser)
    assert browser.session.session_key != before
    assert not Browser().session.exists(before or "")


@pytest.mark.parametrize("path", CLOSED)
def test_pages_that_are_not_ours_are_closed(path: str, someone: Person) -> None:
    browser = Browser()
    got = [browser.get(f"/accounts/{path}").status_code]
    got.append(browser.post(f"/accounts/{path}", {"email": "new@kantoor.example"}).status_code)
    browser.force_login(someone)
    got.append(browser.get(f"/accounts/{path}").status_code)

    assert got == [404, 404, 404]


def test_sign_up_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_signing_in_never_leads_away(wanted: str, someone: Person) -> None:
    browser = Browser()
    form = {"login": someone.email, "password": PASSWORD, "next": wanted}

    response = browser.post("/accounts/login/", form)

    assert (response.status_code, response["Location"]) == (302, "/")


def test_signing_in_leads_to_where_one_wanted_to_go(someone: Person) -> None:
    browser = Browser()
    asked = browser.get("/accounts/password/change/")
    form = {"login": someone.email, "password": PASSWORD}

    response = browser.post(asked["Location"], {**form, "next": "/accounts/password/change/"})

    assert asked["Location"] == "/accounts/login/?next=/accounts/password/change/"
    assert response["Location"] == "/accounts/password/change/"


def test_a_host_that_is_not_ours_is_refused() -> None:
    browser = Browser()
    spoofed = browser.get("/accounts/login/", headers={"host": "evil.example"})
    forwarded = browser.get("/accounts/login/", headers={"x-forwarded-host": "evil.example"})

    assert spoofed.status_code == 400
    assert b"evil.example" not in spoofed.content
    assert forwarded.status_code == 200
    assert b"evil.example" not in forwarded.content


def test_a_disabled_person_is_out_at_once(someone: Person) -> None:
    browser = Browser()
    sign_in(browser, someone)
    assert browser.get("/").status_code == 302
    inside = browser.get("/", follow=True).status_code

    type(someone).objects.filter(pk=someone.pk).update(is_active=False)
    response = browser.get("/")

    assert inside == 200
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/")
    again = Browser()
    assert sign_in(again, someone)["Location"] == "/accounts/inactive/"
    assert not is_in(again)


def test_the_sixth_wrong_password_is_not_looked_at(someone: Person) -> None:
    browser = Browser()
    for _ in range(5):
        sign_in(browser, someone, "not-the-password")

    response = sign_in(browser, someone)

    assert b"Too many failed login attempts. Try again later." in response.content
    assert not is_in(browser)


def test_signing_in_takes_the_code_of_the_app(someone: Person) -> None:
    TOTP.activate(someone, SECRET)
    browser = Browser()

    first = sign_in(browser, someone)
    assert first["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(browser)
    wrong = browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert (wrong.status_code, is_in(browser)) == (200, False)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert is_in(browser)


def test_a_code_of_the_app_is_good_once(someone: Person) -> None:
    TOTP.activate(someone, SECRET)
    first, second = Browser(), Browser()
    code = code_of(SECRET)
    for browser in (first, second):
        sign_in(browser, someone)
        browser.post("/accounts/2fa/authenticate/", {"code": code})

    assert [is_in(first), is_in(second)] == [True, False]


def test_setting_an_app_up_stores_its_secret_encrypted_and_gives_recovery_codes(
    someone: Person,
) -> None:
    browser = Browser()
    sign_in(browser, someone)
    asked = browser.get("/accounts/2fa/totp/activate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    browser.post(asked["Location"], {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    assert secret in page.content.decode()

    done = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row for (row,) in cursor.fetchall())
    assert secret not in stored
    assert Authenticator.objects.filter(user_id=someone.pk).count() == 2
    codes = browser.get("/accounts/2fa/recovery-codes/")
    assert codes.content.count(b"<li>") >= 10
    assert "mfa.totp.secret" not in browser.session


def test_a_recovery_code_is_good_once(someone: Person) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415

    TOTP.activate(someone, SECRET)
    code = RecoveryCodes.activate(someone).get_unused_codes()[0]
    first, second = Browser(), Browser()
    for browser in (first, second):
        sign_in(browser, someone)
        browser.post("/accounts/2fa/authenticate/", {"code": code})

    assert [is_in(first), is_in(second)] == [True, False]


@pytest.mark.parametrize("thing", ["code", "expired"])
def test_of_twenty_at_once_over_four_processes_one_gets_it(thing: str, database: Database) -> None:
    command = [sys.executable, "-m", "tests.db.code_race", thing]

    done = subprocess.run(  # noqa: S603  # ourselves
        command, cwd=ROOT, env=database.variables(), capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == {"tried": 20, "won": 1}
