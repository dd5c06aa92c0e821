"""What people read when something is not there, not allowed, or broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.test import RequestFactory

from posthorn.web import errors
from tests.db import web_rows

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def test_without_a_database_pages_ask_for_patience(tmp_path: Path) -> None:
    surroundings = {
        **{name: value for name, value in os.environ.items() if "POSTHORN_" not in name},
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "posthorn.project.settings",
        "POSTHORN_DATA": str(tmp_path),
        "POSTHORN_DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none",
    }
    command = [sys.executable, "-m", "tests.db.without_database"]

    done = subprocess.run(  # noqa: S603  # ourselves
        command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True
    )

    patience = [503, "10", "Posthorn cannot reach its database"]
    assert json.loads(done.stdout) == {
        "/": patience,
        "/health": [503, "", "The database does not answer."],
        "/accounts/2fa/": patience,
        "/firms/01a1fb67-1ead-7118-9317-117e79f8eb8b/": patience,
    }


def test_what_is_not_there_is_said_in_our_own_words() -> None:
    response = Browser().get("/nowhere<script>/")

    assert response.status_code == 404
    assert b"There is nothing here" in response.content
    assert b"nowhere" not in response.content


def test_a_form_without_its_token_is_said_to_be_too_old() -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(web_rows.person())

    response = browser.post("/accounts/logout/")

    assert response.status_code == 403
    assert b"That form is too old" in response.content
    assert "_auth_user_id" in browser.session


def test_our_own_faults_tell_nothing_of_themselves() -> None:
    request = RequestFactory().get("/")
    try:
        raise ValueError("secret")  # noqa: TRY301  # the answer looks at what is being handled
    except ValueError:
        response = errors.failed(request)

    assert response.status_code == 500
    assert b"Something went wrong on our side" in response.content
    assert b"secret" not in response.content
    assert "Retry-After" not in response


@pytest.mark.parametrize(
    ("handler", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)],
)
def test_each_failure_has_its_page(handler: object, status: int) -> None:
    assert callable(handler)
    response = handler(RequestFactory().get("/"), ValueError("secret"))

    assert response.status_code == status
    assert b"secret" not in response.content
    assert b'href="/">To the start</a>' in response.content
