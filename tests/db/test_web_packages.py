"""Accounting Package Configuration: who sets packages up, what forms say, what stops with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.connections.models import Connection
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db.connections import (
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ConnectionFactory, IntegrationFactory
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]
ADD = "packages/add/email_delivery/"


def packages() -> dict[str, Connection]:
    with system("look"):
        return {one.name: one for one in Connection.objects.all()}


def actions(subject: UUID) -> list[str]:
    with system("look"):
        rows = AuditEntry.objects.filter(subject_id=subject).order_by("pk")
        return list(rows.values_list("action", flat=True))


def test_a_firm_without_a_package_reads_what_to_do() -> None:
    desk = Desk()
    with system("clear"):
        type(desk.integration).objects.all().delete()
        Connection.objects.all().delete()

    page = desk.read("packages/")

    assert "No accounting package yet" in page
    assert f'href="{desk.base}/packages/add/"' in page


def test_the_list_says_what_each_package_is_and_what_waits() -> None:
    desk = Desk()
    desk.delivery()
    desk.delivery(state="held", reason="missing_address")
    desk.delivery(state="accepted")

    page = desk.read("packages/")

    assert "Octopus" in page
    assert '<span class="why">Email Delivery</span>' in page
    assert '<td class="number" data-label="Clients">1</td>' in page
    assert '<td class="number" data-label="Waiting">2</td>' in page
    assert "Not checked yet" in page
    assert 'aria-label="Add a new configuration"' in page


def test_fifty_packages_take_no_more_queries_than_one() -> None:
    desk = Desk()
    with CaptureQueriesContext(connection) as few:
        desk.read("packages/")
    for number in range(50):
        IntegrationFactory.create(
            firm=desk.firm,
            client=desk.client,
            connection=ConnectionFactory.create(firm=desk.firm, name=f"Package {number}"),
        )

    with CaptureQueriesContext(connection) as many:
        desk.read("packages/")

    assert len(many) == len(few)
    assert len(many) <= 30


def test_a_package_is_added_from_its_declaration() -> None:
    desk = Desk()
    form = desk.read(ADD)
    assert "Name the accounting package" in form
    assert "To the same email address" in form
    assert '<details class="fold" >' in form

    page = desk.post(
        ADD, **{"name": " Yuki  inbox ", "set-same_address_start": "on", "set-attach_pdfs": "on"}
    )

    made = packages()["Yuki inbox"]
    assert made.settings == {
        "same_address_start": "on",
        "attach_pdfs": "on",
        "attached_as": "attachment",
        "package": "generic",
        "relay": "operator",
    }
    assert actions(made.pk) == ["connection.created"]
    assert "Yuki inbox is saved." in page


def test_the_first_package_of_an_extension_is_called_installed() -> None:
    desk = Desk()
    with system("clear"):
        type(desk.integration).objects.all().delete()
        Connection.objects.all().delete()

    page = desk.post(ADD, name="Yuki")

    assert "Email Delivery was installed successfully." in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept() -> None:
    desk = Desk()

    page = desk.post(
        ADD,
        **{
            "name": "Yuki",
            "set-relay": "own",
            "set-relay_host": "mail.firm.example",
            "set-relay_port": "99999",
            "set-relay_security": "starttls",
            "set-relay_password": "hunter-2-secret",
            "set-relay_from": "nobody",
        },
    )

    assert list(packages()) == ["Octopus"]
    assert "Correct the marked fields." in page
    assert "This number is too small or too large. Check it." in page
    assert page.count('aria-invalid="true"') == 2
    assert 'value="mail.firm.example"' in page
    assert 'name="name" value="Yuki"' in page
    assert '<details class="fold" open>' in page
    assert "hunter-2-secret" not in page


def test_a_name_is_needed_and_is_taken_once_in_any_case() -> None:
    desk = Desk()

    empty = desk.post(ADD, name=" ")
    taken = desk.post(ADD, name="OCTOPUS")

    assert list(packages()) == ["Octopus"]
    assert "Give the accounting package a name of 1 to 100 letters." in empty
    assert "Another accounting package has this name: choose another." in taken


def test_a_saved_secret_is_never_shown_and_an_empty_one_keeps_it() -> None:
    desk = Desk()
    own = {
        "set-relay": "own",
        "set-relay_host": "mail.firm.example",
        "set-relay_port": "587",
        "set-relay_security": "starttls",
        "set-relay_username": "an",
        "set-relay_from": "an@firm.example",
    }
    desk.post(ADD, **{"name": "Yuki", **own, "set-relay_password": "hunter-2-secret"})
    where = f"packages/{packages()['Yuki'].pk}/"

    form = desk.read(f"{where}edit/")
    page = desk.post(f"{where}edit/", **own, **{"set-attach_pdfs": "on"})

    assert "hunter-2-secret" not in form + page
    assert "Saved; leave empty to keep it" in form
    assert "<dt>Password</dt> <dd> <bdi>Saved</bdi> </dd>" in page
    assert packages()["Yuki"].settings["attach_pdfs"] == "on"


def test_a_password_is_typed_again_for_another_server() -> None:
    desk = Desk()
    own = {
        "set-relay": "own",
        "set-relay_host": "mail.firm.example",
        "set-relay_port": "587",
        "set-relay_security": "starttls",
        "set-relay_from": "an@firm.example",
    }
    desk.post(ADD, **{"name": "Yuki", **own, "set-relay_password": "hunter-2-secret"})
    where = f"packages/{packages()['Yuki'].pk}/edit/"

    page = desk.post(where, **{**own, "set-relay_host": "mail.elsewhere.example"})

    assert "Type the password again." in page
    assert packages()["Yuki"].settings["relay_host"] == "mail.firm.example"


def test_switching_off_is_confirmed_with_its_numbers() -> None:
    desk = Desk()
    waiting = desk.delivery()
    where = f"packages/{desk.package.pk}/"

    asked = desk.post(f"{where}switch/")
    assert "<strong>1 client</strong> stops getting documents there." in asked
    assert "<strong>1 document</strong> that has not left waits on hold." in asked
    assert packages()["Octopus"].is_active

    done = desk.post(f"{where}off/")
    assert not packages()["Octopus"].is_active
    assert "Octopus is switched off." in done
    with system("look"):
        waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("held", "extension_off")

    asked = desk.post(f"{where}switch/", active="on")
    assert "<strong>1 document</strong> was held while it was off." in asked
    assert "<strong>0</strong> of them another package took meanwhile." in asked
    assert "checked" not in asked.partition("What becomes of them?")[2].partition("</form>")[0]
    assert "Choose one of the answers." in desk.post(f"{where}on/")
    assert not packages()["Octopus"].is_active
    back = desk.post(f"{where}on/", resume="all")
    assert packages()["Octopus"].is_active
    assert "Octopus is active. What was held goes now." in back
    assert actions(desk.package.pk) == ["connection.deactivated", "connection.activated"]


def test_a_pause_says_its_reason_until_it_is_released() -> None:
    desk = Desk()
    where = f"packages/{desk.package.pk}/"

    paused = desk.post(f"{where}pause/", reason="New mailbox <b>Monday</b>")
    released = desk.post(f"{where}release/")

    assert "New mailbox &lt;b&gt;Monday&lt;/b&gt;" in paused
    assert "Paused since" in paused
    assert "New mailbox" not in released
    assert packages()["Octopus"].paused_at is None


def test_a_package_is_renamed_and_a_bad_name_is_not_kept() -> None:
    desk = Desk()
    where = f"packages/{desk.package.pk}/"

    wrong = desk.post(f"{where}rename/", name="")
    desk.post(f"{where}rename/", name="Octopus 2")

    assert "Give the accounting package a name" in wrong
    assert list(packages()) == ["Octopus 2"]


def test_what_follows_a_lost_answer_is_chosen() -> None:
    desk = Desk()
    where = f"packages/{desk.package.pk}/unknown/"

    desk.post(where, asks="on")
    asks = packages()["Octopus"].asks_on_unknown
    desk.post(where)

    assert asks
    assert not packages()["Octopus"].asks_on_unknown


def test_an_extension_that_is_gone_is_said_on_its_packages_page() -> None:
    desk = Desk()
    gone = ConnectionFactory.create(firm=desk.firm, name="Old one", connector_id="gone")

    page = desk.read(f"packages/{gone.pk}/")

    assert "Its extension is not loaded here, so nothing leaves." in page
    assert desk.browser.get(f"{desk.base}/packages/{gone.pk}/edit/").status_code == 404


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.CLIENT_MANAGER])
def test_only_administrators_find_it_in_the_menu(role: Role) -> None:
    assert "Accounting Package Configuration" in Desk().read("")
    assert "Accounting Package Configuration" not in Desk(role).read("")
