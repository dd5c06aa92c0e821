"""*Accounting package connection* of a client: one form and one save for all of it."""

from __future__ import annotations

import pytest

from posthorn.connections.models import Connection, Integration
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting, system
from tests.db.connections import (
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import IntegrationFactory
from tests.db.web_office import Office, bound, sharing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

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
        "credit_addresses": "off",
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
    assert 'name="shares" value="on" checked aria-describedby="shares-help"' in page
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


@pytest.mark.parametrize("firm", ["off", "on"])
def test_what_a_client_inherits_is_said(firm: str) -> None:
    desk = Office()
    with acting(desk.firm.pk):
        Connection.objects.filter(pk=desk.package.pk).update(settings={"attach_pdfs": firm})

    told = f"As the firm ({firm})"
    assert told in desk.read(desk.at("connection/"))
    assert told in desk.read(desk.at(f"integrations/{desk.integration.pk}/"))


def test_a_client_starts_with_the_firms_choice_and_its_own_toggle_wins() -> None:
    desk = Office()  # Yuki starts new clients with one address for both
    typed = {"shares": "on", "package": str(desk.yuki.pk), "set-purchase_address": "a@b.example"}

    form = desk.read(desk.at(f"connection/?package={desk.yuki.pk}", desk.newcomer))
    desk.post(desk.at("connection/", desk.newcomer), **typed)

    assert 'name="set-same_address" value="on" checked' in form
    assert bound(desk.newcomer)["Yuki"].settings["same_address"] == "off"
