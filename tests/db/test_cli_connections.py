from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections import vault
from posthorn.connections.models import Connection, Integration
from posthorn.tenancy.scope import acting
from posthorn_sandbox.mail import Receiver
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.connections import CANARY, OWN_RELAY, keyring_fixture  # noqa: F401  found by its name
from tests.db.factories import FirmFactory

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from tests.command_line import Ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]
RELAY = [f"--set={name}={value}" for name, value in OWN_RELAY.items()]


@pytest.fixture
def firm() -> UUID:
    return FirmFactory.create().pk


def stored_secret(firm: UUID) -> dict[str, str]:
    with acting(firm):
        return vault.opened(Connection.objects.get(), None)


def test_a_secret_comes_from_standard_input_and_never_from_an_option(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    create = ("connection", "create", "email_delivery", "Exact", *RELAY)

    refused = posthorn(*create, f"--set=relay_password={CANARY}")
    assert (refused.code, CANARY in refused.err) == (2, False)
    with acting(firm):
        assert Connection.objects.count() == 0

    made = posthorn(*create, "--secrets-stdin", "--json", stdin=f"relay_password={CANARY}\n")
    assert (made.code, made.object["name"]) == (0, "Exact")
    assert stored_secret(firm) == {"relay_password": CANARY}
    shown = posthorn("connection", "show", "exact", "--json")
    assert CANARY not in shown.out
    assert shown.object["settings"]["relay_host"] == "mail.firm.example"


def test_saving_names_only_what_changes(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    posthorn(
        "connection", "create", "email_delivery", "Exact", *RELAY, "--secrets-stdin",
        stdin=f"relay_password={CANARY}\n",
    )  # fmt: skip

    saved = posthorn("connection", "set", "Exact", "--set=attach_pdfs=on", "--rename=Yuki")

    assert saved.code == 0
    with acting(firm):
        row = Connection.objects.get()
    assert (row.name, row.settings["attach_pdfs"]) == ("Yuki", "on")
    assert row.settings["relay_host"] == "mail.firm.example"
    assert stored_secret(firm) == {"relay_password": CANARY}


def test_a_wrong_setting_names_its_field(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    del firm

    wrong = posthorn("connection", "create", "email_delivery", "Exact", "--set=attach_pdfs=maybe")

    assert wrong.code == 2
    assert wrong.err.startswith("posthorn: attach_pdfs: ")
    assert wrong.err.count("\n") == 1
    assert posthorn("connection", "create", "nothing", "Exact").code == 1
    assert posthorn("connection", "create", "email_delivery", "X", "--set=broken").code == 2


def test_switching_off_is_confirmed_and_each_switch_shows(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    posthorn("connection", "create", "email_delivery", "Exact")

    def stands() -> tuple[bool, bool]:
        with acting(firm):
            row = Connection.objects.get()
        return row.is_active, row.paused_at is not None

    assert posthorn("connection", "deactivate", "Exact").code == 2
    assert stands() == (True, False)
    posthorn("connection", "deactivate", "Exact", "--yes")
    posthorn("connection", "pause", "Exact")
    assert stands() == (False, True)
    posthorn("connection", "activate", "Exact")
    posthorn("connection", "release", "Exact")
    assert stands() == (True, False)
    assert posthorn("connection", "create", "email_delivery", "exact").code == 5
    assert posthorn("connection", "pause", "Yuki").code == 3


def bound(posthorn: Callable[..., Ran]) -> None:
    posthorn("client", "create", "0101", "Janssens")
    for name in ("Exact", "Yuki"):
        posthorn("connection", "create", "email_delivery", name)
    made = posthorn("integration", "create", "0101", "Exact", "--set=purchase_address=a@b.example")
    assert made.code == 0, made.err


def test_two_packages_for_one_kind_need_an_explicit_both(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    bound(posthorn)
    second = ("integration", "create", "0101", "Yuki", "--set=purchase_address=c@d.example")

    assert posthorn(*second).code == 5
    routes = ("--route=sales=none", "--route=statement=none")
    assert posthorn(*second, *routes).code == 5
    assert posthorn(*second, *routes, "--both=purchase").code == 0
    with acting(firm):
        found = Integration.objects.get(connection__name="Yuki")
    assert (found.routes, found.both) == (
        {"sales": "none", "statement": "none"},
        ["purchase"],
    )


def test_a_firm_chooses_to_be_asked_after_a_lost_answer(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    posthorn("connection", "create", "email_delivery", "Exact")

    def asks() -> bool:
        with acting(firm):
            return Connection.objects.get().asks_on_unknown

    assert posthorn("connection", "on-unknown", "Exact", "ask").code == 0
    assert asks() is True
    assert posthorn("connection", "on-unknown", "Exact", "guess").code == 2
    assert posthorn("connection", "on-unknown", "Exact", "resend").code == 0
    assert asks() is False


def test_an_integration_is_changed_paused_and_removed(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    bound(posthorn)
    with acting(firm):
        before = Integration.objects.get()

    saved = posthorn(
        "integration", "set", "0101", "exact", "--set=sales_address=s@b.example",
        "--route=statement=same_as:purchase",
    )  # fmt: skip
    assert saved.code == 0, saved.err
    listed = posthorn("integration", "list", "--client=0101", "--json").object
    assert listed["settings"]["purchase_address"] == "a@b.example"
    assert listed["settings"]["sales_address"] == "s@b.example"
    assert listed["routes"] == {"statement": "same_as:purchase"}
    posthorn("integration", "pause", "0101", "Exact")
    assert posthorn("integration", "list", "--json").object["paused_at"] is not None
    posthorn("integration", "release", "0101", "Exact")
    assert posthorn("integration", "remove", "0101", "Exact").code == 2
    assert posthorn("integration", "remove", "0101", "Exact", "--yes").code == 0
    assert posthorn("integration", "list", "--json").objects == []
    assert posthorn("integration", "pause", "0101", "Exact").code == 3
    with acting(firm):
        after = Integration.objects.get()
    assert (after.activated_at, after.removed_at is not None) == (before.activated_at, True)


def test_a_check_says_as_whom_we_are_let_in(
    firm: UUID, settings: Settings, posthorn: Callable[..., Ran]
) -> None:
    del firm
    posthorn("connection", "create", "email_delivery", "Exact")
    with Receiver() as receiver:
        host, port = receiver.smtp
        relay = f"smtp://{host}:{port}?tls=none"
        env = settings.POSTHORN
        settings.POSTHORN = replace(env, mail_relay=relay, mail_from="from@b.example")
        checked = posthorn("connection", "check", "Exact", "--json")

    assert (checked.code, checked.object["checked_as"]) == (0, "from@b.example")
    assert posthorn("connection", "check", "Exact").code == 7
