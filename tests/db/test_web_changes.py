"""People see changed import addresses, and a second one confirms or refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client as Browser

from posthorn.connections.change_models import AddressChange
from posthorn.tenancy.models import Firm
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.web_office import Office, bound

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db
NEW = "janssens@ander.example"
MASKED = "in@pakket.example".replace("in@", "i…@") + " → ja…s@ander.example"


def _office(*, asks: bool = True) -> tuple[Office, Browser]:
    """Open an office, and a browser of a second administrator."""
    desk = Office()
    with acting(desk.firm.pk):
        Firm.objects.filter(pk=desk.firm.pk).update(asks_second_person=asks)
    second = Browser()
    second.force_login(web_rows.member(desk.firm, Role.ADMINISTRATOR))
    return desk, second


def _change(desk: Office) -> str:
    where = desk.at(f"integrations/{desk.integration.pk}/")
    settings = {"set-purchase_address": NEW, "set-sales_address": "out@x.example"}
    return desk.post(where, **settings)


def _waiting() -> UUID:
    with system("look"):
        return AddressChange.objects.get(standing="waiting").pk


def _address(desk: Office) -> str:
    return str(bound(desk.client)["Octopus"].settings["purchase_address"])


def _text(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]  # a response


def test_a_changed_address_is_said_to_wait_everywhere_it_matters() -> None:
    desk, second = _office()

    told = _change(desk)

    assert f"The changed import address waits for a second person: {MASKED}" in told
    assert _address(desk) == "in@pakket.example"
    for path in ("", desk.at("connection/"), desk.at("integrations/"), desk.at("")):
        page = _text(second.get(f"{desk.base}/{path}"))
        assert MASKED in page, path
        assert NEW not in page, path
        assert "Confirm or refuse" in page, path
        assert "Confirm or refuse" not in desk.read(path)
        assert "See the change" in desk.read(path)


def test_the_second_person_sees_both_in_full_and_confirms() -> None:
    desk, second = _office()
    _change(desk)
    where = f"{desk.base}/{desk.at(f'changes/{_waiting()}/')}"

    page = _text(second.get(where))
    assert "in@pakket.example" in page
    assert NEW in page
    assert "Inbound email address" in page
    done = _text(second.post(where, {"decision": "confirm"}, follow=True))

    assert "Confirmed." in done
    assert _address(desk) == NEW
    assert "It was decided already." in _text(second.get(where))


def test_its_author_finds_no_button_and_is_refused_all_the_same() -> None:
    desk, _ = _office()
    _change(desk)
    where = desk.at(f"changes/{_waiting()}/")

    page = desk.read(where)
    told = desk.post(where, decision="confirm")

    assert 'value="confirm"' not in page
    assert "Somebody else must confirm" in told
    assert _address(desk) == "in@pakket.example"
    assert "The change is not made" in desk.post(where, decision="refuse")
    with system("look"):
        assert AddressChange.objects.get().standing == "withdrawn"


def test_a_refusal_needs_a_reason_and_is_in_the_activity() -> None:
    desk, second = _office()
    _change(desk)
    where = f"{desk.base}/{desk.at(f'changes/{_waiting()}/')}"

    asked = _text(second.post(where, {"decision": "refuse", "reason": "  "}))
    second.post(where, {"decision": "refuse", "reason": "The client knows nothing of it"})

    assert "Say why: the reason is kept." in asked
    assert _address(desk) == "in@pakket.example"
    shown = desk.read("activity/")
    assert f"refused: {MASKED}. The client knows nothing of it" in shown
    assert f"a second person must confirm: {MASKED}" in shown


def test_a_change_that_counts_is_told_to_other_administrators_until_they_have_seen_it() -> None:
    desk, second = _office(asks=False)
    _change(desk)
    manager = Browser()
    manager.force_login(web_rows.member(desk.firm, Role.CLIENT_MANAGER))

    assert _address(desk) == NEW
    assert "Changed import addresses" not in desk.read("")
    assert "Changed import addresses" not in _text(manager.get(f"{desk.base}/"))
    assert MASKED in _text(second.get(f"{desk.base}/"))
    assert manager.post(f"{desk.base}/changes/seen/").status_code == 404
    second.post(f"{desk.base}/changes/seen/")

    assert "Changed import addresses" not in _text(second.get(f"{desk.base}/"))


def test_the_connection_section_asks_why_two_clients_share_an_address() -> None:
    desk = Office()
    typed = {
        "shares": "on",
        "package": str(desk.yuki.pk),
        "set-same_address": "on",
        "set-purchase_address": "in@pakket.example",
    }

    asked = desk.post(desk.at("connection/", desk.newcomer), **typed)
    assert "Another client has this import address already" in asked
    assert bound(desk.newcomer) == {}
    desk.post(desk.at("connection/", desk.newcomer), **typed, shared_reason="One group")

    made = bound(desk.newcomer)["Yuki"]
    assert made.settings["purchase_address"] == "in@pakket.example"


def test_the_setting_needs_a_second_person_to_be_there() -> None:
    desk = Office()
    typed = {"name": "Kantoor Gent", "language": "nl", "asks_second_person": "on"}

    refused = desk.post("settings/", **typed)
    web_rows.member(desk.firm, Role.CLIENT_MANAGER)
    desk.post("settings/", **typed)

    assert "Invite a second administrator or client manager first" in refused
    with acting(desk.firm.pk):
        assert Firm.objects.get().asks_second_person
