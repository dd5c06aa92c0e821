"""Codes of clients in a package, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.archive import lifecycle
from posthorn.archive.rules import ReleaseBasis
from posthorn.sdk import Unavailable
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import DocumentFactory
from tests.db.places import (
    ACTOR,
    OTHER_VAT,
    VAT,
    Office,
    Package,
    package_fixture,  # noqa: F401  found by its name
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.command_line import Ran

pytestmark = pytest.mark.django_db


def test_a_code_is_saved_verified_and_chosen(
    package: Package, posthorn: Callable[..., Ran]
) -> None:
    office = Office()
    office.client(VAT, dossier_number="1001")
    package.add("9001", "1", OTHER_VAT)
    package.add("9002", "1", VAT, label="Janssens BV")
    made = posthorn("integration", "create", "1001", "Register", "--set=company=1", "--no-input")
    assert made.code == 0
    assert posthorn("integration", "place", "show", "1001", "Register", "--json").object[
        "state"
    ] == ("unverified")

    asked = posthorn("integration", "place", "verify", "1001", "Register", "--json")
    assert (asked.code, asked.objects[0]["state"]) == (0, "undecided")
    assert [one["value"] for one in asked.objects[1:]] == ["9001", "9002"]
    wrong = posthorn("integration", "place", "choose", "1001", "Register", "9009")
    assert wrong.code == 5
    done = posthorn("integration", "place", "choose", "1001", "Register", "9002", "--json")

    assert (done.object["state"], done.object["place"]) == ("verified", "Janssens BV")


def test_many_are_listed_proposed_and_bound(package: Package, posthorn: Callable[..., Ran]) -> None:
    office = Office()
    office.client(VAT, dossier_number="1001", name="Janssens")
    office.client(dossier_number="1002", name="Peeters")
    office.client(dossier_number="1003", name="Willems")
    package.add("9001", "7", VAT)
    package.add("9002", "8", OTHER_VAT)

    listed = posthorn("integration", "place", "list", "Register", "--json")
    proposed = posthorn("integration", "place", "proposals", "Register", "--json")
    bound = posthorn(
        "integration", "place", "bind", "Register", "--proposed", "--code=1002=8", "--json"
    )

    assert [one["value"] for one in listed.objects] == ["9001", "9002"]
    assert [(one["client"], one["value"]) for one in proposed.objects] == [
        ("1001", "9001"),
        ("1002", ""),
        ("1003", ""),
    ]
    assert {one["client"]: one["state"] for one in bound.objects} == {
        "1001": "verified",
        "1002": "unverified",
    }
    again = posthorn("integration", "place", "bind", "Register", "--code=1002=8", "--json")
    assert again.object["state"] == "refused"
    assert "has Register already" in str(again.object["reason"])


def test_a_package_out_of_reach_says_to_try_later(
    package: Package, posthorn: Callable[..., Ran]
) -> None:
    Office()
    package.wrong.append(Unavailable("register_busy"))

    ran = posthorn("integration", "place", "list", "Register")

    assert (ran.code, "register_busy" in ran.err) == (7, True)


def test_nothing_named_is_a_mistake(package: Package, posthorn: Callable[..., Ran]) -> None:
    assert package.companies == []
    Office()

    assert posthorn("integration", "place", "bind", "Register").code == 2


def test_switching_on_needs_a_word_where_something_is_held(
    package: Package, posthorn: Callable[..., Ran]
) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    client = office.client(VAT)
    office.verified(client)
    posthorn("connection", "deactivate", "Register", "--yes")
    document = DocumentFactory.create(firm=office.firm, client=client)
    with acting(office.firm.pk):
        basis = ReleaseBasis.APPROVED
        lifecycle.release(office.firm.pk, [document.pk], basis=basis, actor=ACTOR)

    silent = posthorn("connection", "activate", "Register")
    assert silent.code == 5
    assert "1 held documents wait for a decision" in silent.err
    assert posthorn("connection", "activate", "Register", "--held=none").code == 0

    assert office.deliveries() == ["cancelled"]
