"""A typed code is looked up by a worker, shown to a person where it is not plain, and kept true."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from posthorn.archive import lifecycle
from posthorn.archive.rules import ReleaseBasis
from posthorn.connections import routing, verification
from posthorn.connections.errors import PlaceChangedError
from posthorn.connections.registry import registry
from posthorn.kernel.clock import now
from posthorn.sdk import Match, RateLimited, Unavailable
from posthorn.tenancy.scope import acting
from tests.db.factories import DocumentFactory
from tests.db.places import (
    ACTOR,
    OTHER_VAT,
    VAT,
    Office,
    Package,
    package_fixture,  # noqa: F401  found by its name
    set_rows,
)

if TYPE_CHECKING:
    from posthorn.connections.models import Integration
    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.django_db


def _release(office: Office, client: Client) -> None:
    document = DocumentFactory.create(firm=office.firm, client=client)
    with acting(office.firm.pk):
        basis = ReleaseBasis.APPROVED
        lifecycle.release(office.firm.pk, [document.pk], basis=basis, actor=ACTOR)


def _settings(office: Office, made: Integration) -> dict[str, str]:
    loaded = registry().get("register")
    assert loaded
    with acting(office.firm.pk):
        return dict(routing.runtime_settings(loaded, office.integration(made)))


def test_the_one_company_with_the_clients_own_number_counts_at_once(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT, label="Bakkerij Janssens BV")
    client = office.client(VAT)

    made = office.bind(client)
    before = office.row(made)
    _release(office, client)
    assert (before.stage, made.unresolved, office.deliveries()) == (
        "unverified",
        "unverified",
        ["unverified"],
    )
    assert verification.verify_due()

    row, after = office.row(made), office.integration(made)
    assert (row.stage, row.value, row.label) == ("verified", "9001", "Bakkerij Janssens BV")
    assert (after.settings["company"], after.resolved, after.unresolved) == (
        "7",
        {"company": "9001"},
        "",
    )
    assert office.deliveries() == ["queued"]
    assert office.trail(made) == ["integration.created", "integration.place_verified"]
    assert not verification.verify_due()


def test_the_connector_is_given_the_key_and_never_the_typed_text(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    made = office.bind(office.client(VAT), folder="in")

    assert _settings(office, made) == {"country": "be", "folder": "in"}
    verification.verify_due()
    assert _settings(office, made) == {"country": "be", "folder": "in", "company": "9001"}


@pytest.mark.parametrize(
    ("known", "theirs", "stage"),
    [
        (VAT, "BE 0417.497.106", "verified"),
        (VAT, OTHER_VAT, "undecided"),
        ("", OTHER_VAT, "undecided"),
        (VAT, "", "undecided"),
        (VAT, "not a number", "undecided"),
    ],
)
def test_anything_but_the_same_number_asks_a_person(
    package: Package, known: str, theirs: str, stage: str
) -> None:
    office = Office()
    package.add("9001", "7", theirs)

    made = office.verified(office.client(known))

    assert (office.row(made).stage, made.unresolved) == (
        stage,
        "" if stage == "verified" else "undecided",
    )


def test_several_are_listed_and_the_chosen_one_frees_what_waits(package: Package) -> None:
    office = Office()
    package.add("9001", "1", OTHER_VAT, owner="Kantoor Maes")
    package.add("9002", "1", VAT, owner="Bakkerij Janssens")
    package.add("9003", "1", blocked="company_closed")
    client = office.client(VAT)
    made = office.verified(client, "1")
    _release(office, client)
    assert office.deliveries() == ["undecided"]
    assert [one["value"] for one in office.row(made).candidates] == ["9001", "9002", "9003"]

    for wrong in ("9003", "9999"):
        with pytest.raises(PlaceChangedError):
            office.choose(made, wrong)
    office.choose(made, "9002")

    row = office.row(made)
    assert (row.stage, row.value, row.confirmed_by, row.candidates) == (
        "verified",
        "9002",
        ACTOR,
        [],
    )
    assert office.deliveries() == ["queued"]
    assert office.trail(made)[-1] == "integration.place_confirmed"
    with pytest.raises(PlaceChangedError):
        office.choose(made, "9001")


def test_a_remark_of_the_package_is_read_before_it_counts(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT, remark="odd_code")

    made = office.verified(office.client(VAT))

    assert made.unresolved == "undecided"
    assert office.row(made).candidates[0]["remark"] == "odd_code"


@pytest.mark.parametrize(
    ("blocked", "code"), [(None, "company_not_found"), ("company_closed", "company_closed")]
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    package: Package, blocked: str | None, code: str
) -> None:
    office = Office()
    if blocked:
        package.add("9001", "7", VAT, blocked=blocked)

    made = office.verified(office.client(VAT))

    row = office.row(made)
    assert (row.stage, row.code, row.value, made.unresolved) == ("refused", code, "", "undecided")
    assert row.next_at is not None
    package.companies.clear()
    package.add("9001", "7", VAT)
    set_rows(next_at=now())
    assert verification.verify_due()
    assert office.row(made).stage == "verified"


def test_a_package_out_of_reach_leaves_it_to_be_verified_by_itself(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    package.wrong.append(Unavailable("register_busy", detail="503"))
    client = office.client(VAT)
    made = office.bind(client)
    waits = []
    for _ in range(3):
        asked = now()
        assert verification.verify_due()
        assert not verification.verify_due()
        row = office.row(made)
        assert row.next_at is not None
        waits.append(round((row.next_at - asked).total_seconds()))
        set_rows(next_at=now())
    _release(office, client)

    assert (row.stage, row.code, row.detail) == ("unverified", "register_busy", "503")
    assert waits == [30, 60, 300]
    assert office.deliveries() == ["unverified"]
    package.wrong.clear()
    assert verification.verify_due()
    assert (office.row(made).stage, office.row(made).code) == ("verified", "")
    assert office.deliveries() == ["queued"]


def test_one_failure_puts_all_of_a_package_off_and_a_named_time_counts(package: Package) -> None:
    office = Office()
    until = now() + timedelta(hours=3)
    package.wrong.append(RateLimited(until=until))
    made = [office.bind(office.client(), code) for code in ("1", "2", "3")]

    assert verification.verify_due()

    assert len(package.asked) == 1
    assert [office.row(one).next_at for one in made] == [until] * 3


def test_a_bug_on_one_code_stops_no_other(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    package.companies.append(("be", Match(value="", label="no key", facts={"code": "6"})))
    bad, good = office.bind(office.client(), "6"), office.bind(office.client(VAT), "7")

    assert verification.verify_due()

    assert (office.row(bad).stage, office.row(bad).code) == ("unverified", "internal_error")
    assert office.row(good).stage == "verified"
