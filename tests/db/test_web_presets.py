"""Choosing which package a mailbox belongs to: what is filled in, refused and explained."""

from __future__ import annotations

from html import unescape

import pytest

from posthorn.connections.models import Connection
from posthorn.tenancy.scope import system
from tests.db.connections import (
    keyring_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ConnectionFactory
from tests.db.web_desk import Desk
from tests.db.web_office import Office, bound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

ADD = "packages/add/email_delivery/"
PAIR = "TriFact365 ignores an e-invoice without a PDF of the same name: turn this on."
SHAPE = "An address of Moneybird looks like …@inkomend.moneybird.nl."


def named(name: str) -> list[dict[str, str]]:
    with system("look"):
        return [one.settings for one in Connection.objects.filter(name=name)]


def test_a_form_is_filled_in_with_what_is_known_and_keeps_nothing() -> None:
    desk = Desk()

    page = unescape(desk.post(ADD, name="Tri", refill="on", **{"set-package": "trifact365"}))

    assert '<option value="trifact365" selected>TriFact365</option>' in page
    assert 'name="set-attach_pdfs" value="on" checked' in page
    assert 'value="Tri"' in page
    assert named("Tri") == []


def test_choosing_another_package_undoes_what_the_last_one_filled_in() -> None:
    desk = Desk()
    typed = {"set-package": "generic", "set-attach_pdfs": "on", "set-same_address_start": "on"}

    page = desk.post(ADD, refill="on", **typed)

    assert 'name="set-attach_pdfs" value="on" checked' not in page
    assert 'name="set-same_address_start" value="off" checked' in page


def test_what_the_package_cannot_take_is_refused_with_the_reason() -> None:
    desk = Desk()
    typed = {"set-package": "trifact365", "set-attached_as": "link"}

    page = unescape(desk.post(ADD, name="Tri", **typed))

    assert PAIR in page
    assert "TriFact365 imports attachments only" in page
    assert named("Tri") == []


def test_a_package_without_a_mailbox_cannot_be_chosen() -> None:
    page = unescape(Desk().post(ADD, name="A", **{"set-package": "absolut"}))

    assert "Absolut reads documents from a folder, not from a mailbox" in page
    assert named("A") == []


def test_what_goes_with_the_package_is_kept() -> None:
    desk = Desk()
    typed = {"set-package": "trifact365", "set-attach_pdfs": "on", "set-same_address_start": "on"}

    desk.post(ADD, name="Tri", **typed)

    (kept,) = named("Tri")
    assert kept == {
        "package": "trifact365",
        "same_address_start": "on",
        "attached_as": "attachment",
        "attach_pdfs": "on",
        "relay": "operator",
    }


def with_preset(desk: Office, preset: str) -> Connection:
    row: Connection = ConnectionFactory.create(
        firm=desk.firm,
        name="Books",
        settings={
            "package": preset,
            "relay": "own",
            "relay_host": "smtp.kantoor.example",
            "relay_port": "587",
            "relay_security": "starttls",
            "relay_from": "post@kantoor.example",
        },
    )
    return row


def test_our_from_address_stands_beside_every_address_field() -> None:
    desk = Office()
    package = with_preset(desk, "moneybird")

    page = desk.read(desk.at(f"integrations/add/{package.pk}/", desk.newcomer))

    # Purchase, sales, statement, and credit notes of both.
    assert page.count("Our mail comes from post@kantoor.example.") == 5


def test_an_allow_list_names_the_address_to_add() -> None:
    desk = Office()
    package = with_preset(desk, "silvasoft")

    page = desk.read(desk.at(f"integrations/add/{package.pk}/", desk.newcomer))

    said = "Silvasoft accepts mail only from senders it knows: add post@kantoor.example to its list"
    assert page.count(said) == 5


def test_an_address_of_another_shape_is_refused_where_the_package_says_so() -> None:
    desk = Office()
    where = desk.at(f"integrations/add/{with_preset(desk, 'moneybird').pk}/", desk.newcomer)
    typed = {"set-purchase_address": "new@pakket.example", "set-same_address": "on"}

    page = unescape(desk.post(where, **typed))

    assert SHAPE in page
    assert "Moneybird has separate addresses for purchases and sales: fill in both." in page
    assert bound(desk.newcomer) == {}


def test_an_address_that_others_describe_otherwise_is_kept_and_doubted() -> None:
    desk = Office()
    package = with_preset(desk, "octopus")
    where = desk.at(f"integrations/add/{package.pk}/", desk.newcomer)

    page = unescape(desk.post(where, **{"set-purchase_address": "new@pakket.example"}))

    assert "An address of Octopus looks like …@docin.octopus.be." in page
    assert bound(desk.newcomer)["Books"].settings["purchase_address"] == "new@pakket.example"
    again = unescape(desk.read(desk.at("connection/", desk.newcomer)))
    assert again.count("An address of Octopus looks like …@docin.octopus.be.") == 1
