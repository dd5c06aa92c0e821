"""Integrations of a client: what goes where, added, changed, stopped and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections.models import Integration
from posthorn.tenancy.models import AuditEntry, Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db.connections import (
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory, ConnectionFactory, IntegrationFactory
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from posthorn.connections.models import Connection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]


class Office(Desk):
    """A desk at which a client without any integration came in."""

    def __init__(self, role: Role = Role.ADMINISTRATOR) -> None:
        super().__init__(role)
        self.newcomer: Client = ClientFactory.create(
            firm=self.firm, name="Garage Maes", shares_documents=False, shared_since=None
        )
        self.yuki: Connection = ConnectionFactory.create(
            firm=self.firm, name="Yuki", settings={"same_address_start": "on"}
        )

    def at(self, path: str, client: Client | None = None) -> str:
        return f"clients/{(client or self.client).pk}/{path}"


def bound(client: Client) -> dict[str, Integration]:
    with system("look"):
        rows = Integration.objects.filter(client=client, removed_at=None)
        return {one.connection.name: one for one in rows.select_related("connection")}


def sharing(client: Client) -> bool:
    with system("look"):
        return Client.objects.get(pk=client.pk).shares_documents


def test_what_goes_where_is_said_for_each_kind() -> None:
    desk = Office()

    page = desk.read(desk.at("integrations/"))

    for words in ("Purchase", "Sales", "Bank statements", "Credit notes"):
        assert f"<strong>{words}</strong>" in page
    assert '<bdi class="mono">in@pakket.example</bdi>' in page
    assert '<bdi class="mono">out@x.example</bdi>' in page
    assert page.count("No address yet") == 1
    assert "Add integration" in page


def test_a_client_without_integration_reads_what_to_do() -> None:
    desk = Office()

    page = desk.read(desk.at("integrations/", desk.newcomer))

    assert "No integration yet" in page
    assert f'href="{desk.base}/{desk.at("integrations/add/", desk.newcomer)}"' in page


def test_only_packages_that_are_not_bound_are_offered() -> None:
    desk = Office()
    ConnectionFactory.create(firm=desk.firm, name="Old one", connector_id="gone")

    page = desk.read(desk.at("integrations/add/"))

    assert "<strong><bdi>Yuki</bdi></strong>" in page
    assert "<strong><bdi>Octopus</bdi></strong>" not in page
    assert "<strong><bdi>Old one</bdi></strong>" not in page


def test_an_integration_is_added_with_what_the_firm_starts_from() -> None:
    desk = Office()
    where = desk.at(f"integrations/add/{desk.yuki.pk}/", desk.newcomer)

    form = desk.read(where)
    page = desk.post(
        where,
        **{"set-same_address": "on", "set-purchase_address": "Garage@Import.example"},
    )

    assert 'name="set-same_address" value="on" checked' in form
    assert "Save configurations" in form
    made = bound(desk.newcomer)["Yuki"]
    assert made.settings == {
        "same_address": "on",
        "purchase_address": "Garage@Import.example",
        "pdf_alongside": "inherit",
    }
    assert (made.routes, made.both) == ({}, [])
    assert "Garage Maes is connected" in page


def test_a_wrong_address_is_said_beside_its_field() -> None:
    desk = Office()
    where = desk.at(f"integrations/add/{desk.yuki.pk}/", desk.newcomer)

    page = desk.post(where, **{"set-purchase_address": "nobody", "set-pdf_alongside": "inherit"})

    assert bound(desk.newcomer) == {}
    assert page.count('aria-invalid="true"') == 1
    assert 'value="nobody"' in page


def test_two_packages_get_the_same_kind_only_when_somebody_says_so() -> None:
    desk = Office()
    where = desk.at(f"integrations/add/{desk.yuki.pk}/")
    typed = {"set-same_address": "on", "set-pdf_alongside": "inherit"}

    asked = desk.post(where, **typed)
    assert "Two packages would get the same documents" in asked
    assert "Octopus takes the same documents of this client" in asked
    assert list(bound(desk.client)) == ["Octopus"]

    routes = {"route-sales": "none", "route-statement": "none"}
    desk.post(where, **typed, **routes, both="purchase")
    made = bound(desk.client)["Yuki"]
    assert (made.both, made.routes) == (["purchase"], {"sales": "none", "statement": "none"})

    page = desk.read(desk.at("integrations/"))
    assert page.count('<h2 id="integration-') == 2
    assert "<h2>What goes where</h2>" in page


def test_changes_keep_routes_and_say_who_has_the_address_already() -> None:
    desk = Office()
    IntegrationFactory.create(
        firm=desk.firm,
        client=desk.newcomer,
        connection=desk.package,
        settings={"purchase_address": "in@pakket.example"},
    )
    where = desk.at(f"integrations/{desk.integration.pk}/")

    page = desk.post(
        where,
        **{
            "set-purchase_address": "in@pakket.example",
            "route-statement": "same_as:purchase",
        },
    )

    saved = bound(desk.client)["Octopus"]
    assert saved.settings["purchase_address"] == "in@pakket.example"
    assert saved.routes == {"statement": "same_as:purchase"}
    assert "The configurations are saved." in page
    assert "Documents of Garage Maes go to in@pakket.example as well." in page


def test_a_pause_and_a_removal_are_asked_about_and_hold_what_waits() -> None:
    desk = Office()
    waiting = desk.delivery()
    where = desk.at(f"integrations/{desk.integration.pk}/")

    asked = desk.read(f"{where}remove/")
    paused = desk.post(f"{where}pause/", reason="Moves house")
    desk.post(f"{where}release/")
    with system("look"):
        waiting.refresh_from_db()
        freed = waiting.state
    removed = desk.post(f"{where}remove/")

    assert "<strong>1 document</strong> that has not left waits on hold." in asked
    assert "Moves house" in paused
    assert freed == "queued"
    assert "The integration is removed" in removed
    assert bound(desk.client) == {}
    with system("look"):
        waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("held", "integration_removed")


def test_somebody_without_document_rights_reads_no_number_of_them() -> None:
    desk = Office(Role.CLIENT_MANAGER)
    desk.delivery()

    page = desk.read(desk.at(f"integrations/{desk.integration.pk}/remove/"))

    assert "What has not left waits on hold." in page
    assert "1 document" not in page


def test_an_accountant_reads_integrations_and_changes_none() -> None:
    desk = Office(Role.ACCOUNTANT)

    page = desk.read(desk.at("integrations/"))
    section = desk.read(desk.at("connection/"))
    refused = desk.browser.post(f"{desk.base}/{desk.at('connection/')}", {})

    assert "in@pakket.example" in page
    assert "Add integration" not in page
    assert "Remove</a>" not in page
    assert '<fieldset class="form" disabled>' in section
    assert refused.status_code == 404
    assert sharing(desk.client)


def test_an_integration_of_another_client_is_not_there() -> None:
    desk = Office()

    path = desk.at(f"integrations/{desk.integration.pk}/", desk.newcomer)
    answers = [
        desk.browser.get(f"{desk.base}/{path}").status_code,
        desk.browser.post(f"{desk.base}/{path}remove/").status_code,
        desk.browser.post(f"{desk.base}/{path}release/").status_code,
    ]

    assert answers == [404, 404, 404]
    assert list(bound(desk.client)) == ["Octopus"]


CONNECT = {
    "set-same_address": "",
    "set-purchase_address": "in@garage.example",
    "set-sales_address": "out@garage.example",
    "set-statement_address": "bank@garage.example",
    "set-pdf_alongside": "off",
}


def test_one_save_shares_and_connects() -> None:
    desk = Office()
    where = desk.at("connection/", desk.newcomer)
    for words in (
        "Accounting package connection",
        "Share documents with accountant",
        "Choose an accounting package",
    ):
        assert words in desk.read(where)

    chosen = desk.read(where, package=str(desk.yuki.pk))
    page = desk.post(where, shares="on", package=str(desk.yuki.pk), **CONNECT)

    for words in (
        "Same email for inbound and outbound documents",
        "Inbound email address",
        "Outbound email address",
        "Separate email address for bank statement files",
        "Attach PDFs alongside",
    ):
        assert words in chosen
    assert sharing(desk.newcomer)
    assert bound(desk.newcomer)["Yuki"].settings == {
        "same_address": "off",
        "purchase_address": "in@garage.example",
        "sales_address": "out@garage.example",
        "statement_address": "bank@garage.example",
        "pdf_alongside": "off",
    }
    assert "What is released from now on goes from Garage Maes to Yuki." in page


def test_a_wrong_address_saves_neither_the_switch_nor_the_package() -> None:
    desk = Office()
    where = desk.at("connection/", desk.newcomer)

    page = desk.post(
        where,
        shares="on",
        package=str(desk.yuki.pk),
        **{**CONNECT, "set-sales_address": "nobody"},
    )

    assert not sharing(desk.newcomer)
    assert bound(desk.newcomer) == {}
    assert 'name="shares" value="on" aria-describedby="shares-help" checked' in page
    with system("look"):
        assert AuditEntry.objects.filter(subject_id=desk.newcomer.pk).count() == 0


def test_sharing_is_switched_without_touching_the_package() -> None:
    desk = Office()
    where = desk.at("connection/")
    with system("look"):
        Integration.objects.update(routes={"statement": "none"}, both=["purchase"])

    page = desk.post(
        where,
        package=str(desk.package.pk),
        **{
            "set-purchase_address": "in@pakket.example",
            "set-sales_address": "out@x.example",
            "set-pdf_alongside": "inherit",
        },
    )

    assert not sharing(desk.client)
    assert "Bakkerij Janssens does not share documents." in page
    kept = bound(desk.client)["Octopus"]
    assert (kept.routes, kept.both) == ({"statement": "none"}, ["purchase"])
    assert kept.settings["sales_address"] == "out@x.example"


def test_another_package_takes_the_place_only_when_that_is_ticked() -> None:
    desk = Office()
    waiting = desk.delivery()
    where = desk.at("connection/")
    typed = {"shares": "on", "package": str(desk.yuki.pk), **CONNECT}

    asked = desk.post(where, **typed)
    assert "The connection with Octopus ends when you save." in asked
    assert "<strong>1 document</strong> that has not left waits on hold." in asked
    assert list(bound(desk.client)) == ["Octopus"]

    desk.post(where, **typed, replace="on")
    assert list(bound(desk.client)) == ["Yuki"]
    with system("look"):
        waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("held", "integration_removed")


def test_several_integrations_are_shown_and_saved_elsewhere() -> None:
    desk = Office()
    IntegrationFactory.create(
        firm=desk.firm, client=desk.client, connection=desk.yuki, both=["purchase", "sales"]
    )

    page = desk.read(desk.at("connection/"))
    desk.post(desk.at("connection/"), package=str(desk.yuki.pk), **CONNECT)

    assert "This client has 2 integrations." in page
    assert "Change them under Integrations" in page
    assert not sharing(desk.client)
    assert bound(desk.client)["Yuki"].settings == {}


def test_the_fields_of_the_chosen_package_come_alone() -> None:
    desk = Office()

    response = desk.browser.get(
        f"{desk.base}/{desk.at('connection/', desk.newcomer)}",
        {"package": str(desk.yuki.pk)},
        headers={"HX-Request": "true", "HX-Target": "connection-fields"},
    )

    text = response.content.decode()
    assert "<html" not in text
    assert "Inbound email address" in text
    assert " ".join(text.split()).count('name="set-same_address" value="on" checked') == 1
