"""The first page of a firm, for each of those who may see it, and for a firm that is new."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import FirmFactory
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


def read(role: Role, firm: UUID | None = None) -> str:
    """Read the first page of an empty firm."""
    row = FirmFactory.create(name="Kantoor Nieuw")
    browser = Browser()
    browser.force_login(web_rows.member(row, role))
    response = browser.get(f"/firms/{firm or row.pk}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def figures(page: str) -> list[tuple[str, str]]:
    """Give the cards: figure and word, as they stand."""
    parts = page.split('<span class="figure">')[1:]
    return [
        (part.split("</span>")[0], part.split('<span class="what">')[1].split("</span>")[0])
        for part in parts
    ]


def test_cards_count_what_each_list_behind_them_shows() -> None:
    desk = Desk()
    for _ in range(2):
        desk.delivery(state="held", reason="missing_address")
    desk.delivery(state="accepted")
    desk.delivery()
    desk.document()

    page = desk.read("")

    assert figures(page) == [
        ("2", "Needs attention"),
        ("1", "Waiting"),
        ("1", "Accepted today"),
        ("1", "To approve or send"),
        ("0", "Unassigned"),
        ("0", "Quiet clients"),
        ("1", "Connection works"),
    ]
    assert f'href="{desk.base}/deliveries/?state=attention"' in page
    assert f'href="{desk.base}/documents/?where=to_decide"' in page


def test_one_cause_is_one_row_however_many_documents() -> None:
    desk = Desk()
    for _ in range(3):
        desk.delivery(state="held", reason="missing_address")
    desk.delivery(state="refused", code="recipient_refused")

    page = desk.read("")

    assert page.count('<li> <div> <p class="row">') == 2
    assert "1 client, 3 deliveries" in page
    assert "Who must act: The file manager fills in the address." in page
    assert f"state=held&amp;connection={desk.package.pk}&amp;reason=missing_address" in page


def test_silence_is_said_with_the_time_of_the_last_delivery() -> None:
    desk = Desk()
    with system("share"):
        Client.objects.filter(pk=desk.client.pk).update(shares_documents=True)
    desk.delivery(state="accepted", moved_at=now() - timedelta(minutes=4, seconds=5))

    page = desk.read("")

    assert "<h1> The one active client is delivering </h1>" in page
    assert "Nothing needs your attention." in page
    assert ">4 minutes ago</time>" in page


def test_documents_that_wait_are_not_called_nothing() -> None:
    desk = Desk()
    desk.delivery(state="accepted")
    desk.document()

    page = desk.read("")

    assert "documents wait for a decision" in page
    assert "Nothing needs your attention." not in page


def test_chart_has_a_sentence_and_a_table_that_say_the_same() -> None:
    desk = Desk()
    for ago in (0, 3, 3):
        desk.delivery(state="accepted", moved_at=now() - timedelta(days=ago))
    desk.delivery(state="refused", moved_at=now() - timedelta(days=3))

    page = desk.read("")
    days = page.split("<tbody>")[1].split("</tbody>")[0]

    assert "In 30 days: 3 delivered, 0 waiting, 1 refused or stopped." in page
    assert page.count('<g class="bar">') == 30
    assert days.count("<tr>") == 30
    assert ">2</td>" in days
    assert "style=" not in page


def test_new_firm_is_shown_its_way_step_by_step() -> None:
    page = read(Role.ADMINISTRATOR)

    steps = page.split('<ol class="steps">')[1].split("</ol>")[0]
    assert "<h1> Welcome to Kantoor Nieuw </h1>" in page
    assert steps.count("<li") == 3
    assert "(done)" not in steps
    assert figures(page) == []


def test_steps_are_ticked_and_gone_once_all_are_done() -> None:
    desk = Desk()
    half = desk.read("")
    desk.delivery(state="accepted")
    whole = desk.read("")

    assert half.count("(done)") == 2
    assert '<ol class="steps">' not in whole


def test_client_manager_sees_clients_and_packages_alone() -> None:
    desk = Desk(Role.CLIENT_MANAGER)
    desk.delivery(state="refused", code="recipient_refused")

    page = desk.read("")

    assert [word for _, word in figures(page)] == [
        "Clients",
        "Not set up",
        "Paused",
        "Connection works",
    ]
    assert "documents are not part of it" in page
    assert "refuse" not in page
    assert "/deliveries/" not in page


def test_somebody_without_clients_reads_what_to_do() -> None:
    page = read(Role.ACCOUNTANT)

    assert "<h1>No client is assigned to you yet</h1>" in page
    assert "Ask an administrator of your firm" in page


def test_accountant_is_not_told_of_documents_that_are_nobodys() -> None:
    desk = Desk(Role.ACCOUNTANT)
    desk.delivery(state="accepted")

    assert "Unassigned" not in [word for _, word in figures(desk.read(""))]


def test_page_takes_few_queries_whatever_stands_on_it() -> None:
    desk = Desk()
    for state in ("held", "refused", "accepted", "queued"):
        desk.delivery(state=state, reason="missing_address" if state == "held" else "")
    with CaptureQueriesContext(connection) as queries:
        desk.read("")
    with system("count"):
        assert Delivery.objects.count() == 4

    # What opens and closes transactions and scopes is no query.
    asked = [one["sql"] for one in queries.captured_queries if " FROM " in one["sql"]]
    assert len(asked) <= MOST_QUERIES
