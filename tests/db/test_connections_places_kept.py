"""A place in a package belongs to one client, and stays true for as long as it is used."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from posthorn.archive import lifecycle
from posthorn.archive.rules import ReleaseBasis
from posthorn.connections import resolutions, routing, services, verification
from posthorn.connections.errand_models import Resolution
from posthorn.connections.errors import NotFoundError, PlaceTakenError
from posthorn.connections.integrations import Wish, remove_integration, save_integration
from posthorn.connections.registry import registry
from posthorn.kernel.clock import now
from posthorn.sdk import AuthorizationLost
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


def test_the_same_company_for_two_clients_is_refused(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    first = office.client(VAT, dossier_number="1001", name="Janssens")
    office.verified(first)

    made = office.verified(office.client(), "7")
    assert made.unresolved == "undecided"
    with pytest.raises(PlaceTakenError) as raised:
        office.choose(made, "9001")

    assert raised.value.client == "1001 Janssens"
    assert office.row(made).stage == "undecided"


def test_two_that_the_worker_verifies_alike_do_not_both_count(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    package.add("9001", "8", OTHER_VAT)
    first = office.client(VAT, dossier_number="1001", name="Janssens")
    office.verified(first, "7")

    made = office.verified(office.client(OTHER_VAT), "8")

    row = office.row(made)
    assert (row.stage, row.code, row.detail) == ("refused", "place_taken", "1001 Janssens")
    assert (row.value, made.resolved) == ("", {})


def test_the_database_itself_refuses_a_place_twice(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    office.verified(office.client(VAT))
    made = office.bind(office.client())

    with (
        acting(office.firm.pk),
        pytest.raises(IntegrityError, match="resolution_place"),
        transaction.atomic(),
    ):
        Resolution.objects.filter(integration=made).update(value="9001")


def test_a_removed_integration_gives_its_place_back(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    made = office.verified(office.client(VAT))

    with acting(office.firm.pk):
        remove_integration(office.firm.pk, made.pk, actor=ACTOR)
    again = office.verified(office.client(), "7")
    office.choose(again, "9001")

    assert office.integration(again).resolved == {"company": "9001"}


def test_another_firm_may_have_the_same_place(package: Package) -> None:
    package.add("9001", "7", VAT)
    for office in (Office(), Office()):
        assert office.verified(office.client(VAT)).resolved == {"company": "9001"}


def test_another_code_holds_what_waits_until_it_is_verified(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    package.add("9002", "8", VAT)
    client = office.client(VAT)
    made = office.verified(client)
    _release(office, client)

    with acting(office.firm.pk):
        wish = Wish(values={"company": "7", "folder": "in"})
        save_integration(office.firm.pk, made.pk, wish, actor=ACTOR)
    assert office.deliveries() == ["queued"]
    with acting(office.firm.pk):
        wish = Wish(values={"company": "8", "folder": "in"})
        save_integration(office.firm.pk, made.pk, wish, actor=ACTOR)

    assert (office.row(made).value, office.integration(made).resolved) == ("", {})
    assert office.deliveries() == ["unverified"]
    assert verification.verify_due()
    assert office.integration(made).resolved == {"company": "9002"}
    assert office.deliveries() == ["queued"]


def test_another_country_asks_for_every_code_again(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    package.add("9001", "7", VAT, country="nl")
    made = office.verified(office.client(VAT))

    with acting(office.firm.pk):
        services.save_connection(
            office.firm.pk, office.connection.pk, {"country": "nl"}, actor=ACTOR
        )

    assert office.integration(made).unresolved == "unverified"
    assert verification.verify_due()
    assert package.asked[-1] == ("nl", "7")
    assert office.integration(made).resolved == {"company": "9001"}


def test_a_week_later_all_places_are_looked_at_with_one_question(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    package.add("9002", "8", OTHER_VAT)
    made = [
        office.verified(office.client(VAT), "7"),
        office.verified(office.client(OTHER_VAT), "8"),
    ]
    due = [office.row(one).next_at for one in made]
    assert all(timedelta(days=6, hours=23) < at - now() < timedelta(days=7) for at in due if at)
    asked = len(package.asked)
    package.companies.clear()
    package.add("9001", "12", VAT, label="Janssens NV")
    package.add("9002", "8", OTHER_VAT)

    set_rows(next_at=now())
    assert verification.verify_due()

    assert package.asked[asked:] == [("be", "")]
    row = office.row(made[0])
    assert (row.stage, row.value, row.label) == ("verified", "9001", "Janssens NV")
    assert row.facts["code"] == "12"
    assert office.trail(made[0])[-1] == "integration.place_verified"


def test_a_sign_in_has_everything_looked_at_and_what_vanished_is_held(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    client = office.client(VAT)
    made = office.verified(client)
    _release(office, client)
    package.companies.clear()

    with acting(office.firm.pk):
        assert resolutions.look_again(office.firm.pk, office.connection.pk) == 1
    assert office.integration(made).unresolved == ""
    assert verification.verify_due()

    row = office.row(made)
    assert (row.stage, row.code, row.value) == ("lost", "place_vanished", "9001")
    assert (office.integration(made).resolved, office.deliveries()) == ({}, ["undecided"])
    assert office.trail(made)[-1] == "integration.place_lost"
    package.add("9001", "7", VAT)
    with acting(office.firm.pk):
        resolutions.ask_again(office.firm.pk, made.pk, actor=ACTOR)
    assert verification.verify_due()
    assert (office.row(made).stage, office.deliveries()) == ("verified", ["queued"])


def test_a_place_that_became_another_company_asks_a_person(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    made = office.verified(office.client(VAT))
    package.companies.clear()
    package.add("9001", "7", OTHER_VAT)

    set_rows(next_at=now())
    verification.verify_due()

    row = office.row(made)
    assert (row.stage, row.code, row.value) == ("undecided", "place_number_changed", "9001")
    assert office.integration(made).resolved == {}
    office.choose(made, "9001")
    assert office.integration(made).resolved == {"company": "9001"}


def test_what_is_verified_stays_so_while_the_package_does_not_answer(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    made = office.verified(office.client(VAT))
    package.wrong.append(AuthorizationLost())

    set_rows(next_at=now())
    assert verification.verify_due()

    row = office.row(made)
    assert (row.stage, row.code, row.tries) == ("verified", "", 1)
    assert office.integration(made).resolved == {"company": "9001"}


def test_an_answer_about_an_older_code_is_dropped(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    made = office.bind(office.client(VAT), "7")
    round_ = verification._Round([office.row(made)])
    with acting(office.firm.pk):
        save_integration(office.firm.pk, made.pk, Wish(values={"company": "8"}), actor=ACTOR)

    round_.run()

    row = office.row(made)
    assert (row.stage, row.typed, row.value) == ("unverified", "8", "")


def test_another_firms_places_are_not_there(package: Package) -> None:
    package.add("9001", "7", VAT)
    office, other = Office(), Office()
    made = office.verified(office.client(VAT))

    with acting(other.firm.pk):
        with pytest.raises(NotFoundError):
            resolutions.choose(other.firm.pk, made.pk, "company", "9001", actor=ACTOR)
        with pytest.raises(NotFoundError):
            resolutions.ask_again(other.firm.pk, made.pk, actor=ACTOR)
        assert resolutions.look_again(other.firm.pk, office.connection.pk) == 0
