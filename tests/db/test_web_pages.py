"""What people find first, what stands on every page, and that hostile text stays text."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client as Browser

from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import (
    ClientFactory,
    FirmFactory,
)
from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\u202egnp.exe\u200b"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]gnp.exe[U+200B]"


def test_one_space_is_entered_and_several_are_offered() -> None:
    desk = Desk()
    assert desk.browser.get("/")["Location"] == f"{desk.base}/"

    web_rows.member(FirmFactory.create(name="Kantoor Brugge"), Role.ACCOUNTANT, who=desk.person)
    web_rows.client_person(ClientFactory.create(name="Eigen zaak"), desk.person)
    page = desk.browser.get("/").content.decode()

    assert [name in page for name in ("Kantoor Gent", "Kantoor Brugge", "Eigen zaak")] == [True] * 3


def test_somebody_without_a_firm_reads_what_to_do() -> None:
    browser = Browser()
    browser.force_login(web_rows.person("nieuw@kantoor.example"))

    response = browser.get("/")

    assert response.status_code == 200
    assert b"no firm has let you in yet" in response.content
    assert b"nieuw@kantoor.example" in response.content


def test_the_overview_names_a_package_that_does_not_answer() -> None:
    desk = Desk(Role.CLIENT_MANAGER)
    with system("break"):
        type(desk.package).objects.filter(pk=desk.package.pk).update(failing_since=now())

    page = desk.read("")

    assert "Octopus" in page
    assert "Not reachable" in page
    assert "documents are not part of it" in page


def test_nothing_leaves_is_said_on_every_page_of_a_firm() -> None:
    desk = Desk()
    pages = [desk.read(""), desk.read("documents/"), desk.read("deliveries/")]

    # This database was never released by an operator.
    assert ["Nothing is being sent" in page for page in pages] == [True] * 3


def test_hostile_words_stay_words() -> None:
    desk = Desk()
    document = desk.document(number=HOSTILE, seller_name=HOSTILE, file_name=HOSTILE)
    delivery = desk.delivery(
        document=desk.document(number=HOSTILE, released_at=now()),
        state="refused",
        code="recipient_refused",
        detail=HOSTILE,
        attempts=1,
    )
    web_rows.attempt(
        delivery, outcome="rejected", code="odd", detail=HOSTILE, evidence={"reply": HOSTILE}
    )
    web_rows.revision(delivery, summary={"subject": HOSTILE})
    pages = [
        desk.read(""),
        desk.read("documents/", q="<script>"),
        desk.read(f"documents/{document.pk}/"),
        desk.read("deliveries/"),
        desk.read(f"deliveries/{delivery.pk}/"),
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "\u200b" not in page
    assert [page.count(ESCAPED) for page in pages] == [0, 7, 6, 1, 7]


def test_the_policy_lets_no_script_run_and_no_page_be_framed() -> None:
    response = Desk().browser.get("/accounts/2fa/")

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert re.findall(rb"<script(?![^>]* src=)", response.content) == []
    assert b"style=" not in response.content


def test_health_says_ok_and_what_is_late() -> None:
    fine = Browser().get("/health")
    delivery = Desk().delivery(next_at="2026-01-01T00:00:00Z")
    late = Browser().get("/health")

    assert delivery.state == "queued"
    assert (fine.status_code, fine.content) == (200, b"ok\n")
    assert late.status_code == 503
    assert late.content == b"Overdue by more than 60 seconds: 1.\n"
    assert settings.SECRET_KEY.encode() not in late.content
