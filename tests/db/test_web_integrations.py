"""Integrations of a client: what goes where, added, changed, stopped and removed."""

from __future__ import annotations

import re

import pytest

from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db.connections import (
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ConnectionFactory, IntegrationFactory
from tests.db.web_office import Office, bound, sharing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]


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


def test_a_client_that_shares_nothing_is_led_to_where_it_is_switched_on() -> None:
    desk = Office()
    IntegrationFactory.create(firm=desk.firm, client=desk.newcomer, connection=desk.yuki)

    shares = desk.read(desk.at("integrations/"))
    shares_not = desk.read(desk.at("integrations/", desk.newcomer))

    way = f'<a href="{desk.base}/{desk.at("connection/", desk.newcomer)}">Switch it on</a>'
    assert "Share documents with accountant is off, so nothing leaves." in shares_not
    assert way in shares_not
    assert "Switch it on" not in shares


def test_test_mails_are_offered_where_mail_is_sent_only() -> None:
    desk = Office()
    exact = ConnectionFactory.create(
        firm=desk.firm, name="Exact Online", connector_id="exact_online"
    )
    gone = ConnectionFactory.create(firm=desk.firm, name="Old one", connector_id="gone")
    for package in (exact, gone):
        IntegrationFactory.create(firm=desk.firm, client=desk.client, connection=package)

    page = desk.read(desk.at("integrations/"))

    assert page.count("</svg>Test mails</a>") == 1
    assert f"integrations/{desk.integration.pk}/test-mails/" in page


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
        "credit_addresses": "off",
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


def test_an_address_another_client_has_is_saved_with_a_reason_and_changes_keep_routes() -> None:
    desk = Office()
    IntegrationFactory.create(
        firm=desk.firm,
        client=desk.newcomer,
        connection=desk.package,
        settings={"purchase_address": "in@pakket.example"},
    )
    where = desk.at(f"integrations/{desk.integration.pk}/")

    typed = {"set-statement_address": "IN@pakket.example", "set-purchase_address": "a@x.example"}
    asked = desk.post(where, **typed)
    assert "Another client has this import address already" in asked
    assert "Garage Maes</bdi> go to <bdi>IN@pakket.example" in asked
    assert bound(desk.client)["Octopus"].settings["purchase_address"] == "in@pakket.example"

    page = desk.post(
        where,
        **{
            "set-purchase_address": "in@pakket.example",
            "set-sales_address": "in@pakket.example",
            "route-statement": "same_as:purchase",
            "shared_reason": "One group",
        },
    )

    saved = bound(desk.client)["Octopus"]
    assert saved.settings["purchase_address"] == "in@pakket.example"
    assert saved.routes == {"statement": "same_as:purchase"}
    assert "The configurations are saved." in page


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


def test_where_nothing_waits_no_question_counts_documents() -> None:
    desk = Office()
    where = desk.at(f"integrations/{desk.integration.pk}/")

    for deed in ("pause", "remove"):
        asked = desk.read(f"{where}{deed}/")

        assert f'action="{desk.base}/{where}{deed}/"' in asked
        assert "that has not left" not in asked
        assert "that have not left" not in asked


def test_what_is_edited_is_named_in_each_link() -> None:
    desk = Office()

    page = desk.read(desk.at("integrations/"))

    assert page.count('aria-label="Edit Octopus"') == 1
    assert page.count(f'aria-label="Edit {desk.client.name}"') == 1


def test_what_is_done_to_each_of_several_integrations_names_it() -> None:
    desk = Office()
    IntegrationFactory.create(
        firm=desk.firm, client=desk.client, connection=desk.yuki, paused_at=now()
    )

    page = desk.read(desk.at("integrations/"))

    names = re.findall(r'aria-label="((?:Edit|Test mails|Pause|Resume|Remove) [^"]+)"', page)
    assert sorted(set(names) - {f"Edit {desk.client.name}"}) == [
        "Edit Octopus",
        "Edit Yuki",
        "Pause Octopus",
        "Remove Octopus",
        "Remove Yuki",
        "Resume Yuki",
        "Test mails to Octopus",
        "Test mails to Yuki",
    ]
    assert len(names) == len(set(names))


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
