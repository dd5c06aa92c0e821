"""Many clients are bound at once: matched by their numbers, each by itself, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from posthorn.connections import binding, errands, verification
from posthorn.connections.errand_models import Errand
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.judgement import to_json
from posthorn.connections.models import Integration
from posthorn.connections.proposals import propose
from posthorn.delivery.asker import HANDLERS
from posthorn.kernel.clock import now
from posthorn.sdk import ENTERPRISE_NUMBER, Match, Unavailable
from posthorn.tenancy.models import ClientNumber
from posthorn.tenancy.scope import acting, system
from tests.db.connections import a_connection, keyring_fixture  # noqa: F401  found by its name
from tests.db.factories import ClientNumberFactory
from tests.db.places import (
    ACTOR,
    OTHER_VAT,
    VAT,
    Office,
    Package,
    package_fixture,  # noqa: F401  found by its name
)

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.django_db


def _proposed(office: Office, package: Package) -> dict[str, str]:
    places = [one for _, one in package.companies]
    with acting(office.firm.pk):
        found = propose(office.firm.pk, office.connection.pk, places, field="company")
    return {one.dossier_number: one.place.value if one.place else "" for one in found}


def _ask(office: Office, kind: str, **payload: object) -> Errand:
    with acting(office.firm.pk):
        made = errands.begin(
            office.firm.pk,
            office.connection.pk,
            kind,
            actor=ACTOR,
            payload={"field": "company", **payload},
        )
    return _errand(made)


def _errand(made: UUID) -> Errand:
    with system("look"):
        return Errand.objects.get(pk=made)


def _item(client: Client, place: Match | None = None, typed: str = "") -> dict[str, Any]:
    return {
        "client": str(client.pk),
        "typed": typed,
        "place": to_json(place) if place else None,
    }


def _results(row: Errand) -> dict[str, Any]:
    found: dict[str, Any] = _errand(row.pk).answer["results"]
    return found


def test_clients_are_matched_by_vat_number_then_by_enterprise_number(package: Package) -> None:
    office = Office()
    office.client(VAT, dossier_number="1 by VAT")
    by_enterprise = office.client(dossier_number="2 by enterprise number")
    ClientNumberFactory.create(
        firm=office.firm, client=by_enterprise, scheme="enterprise", value="12345678"
    )
    office.client(dossier_number="3 unknown")
    package.add("9001", "7", f"BE {VAT[2:]}")
    package.add("9002", "8")
    package.companies[-1][1].facts[ENTERPRISE_NUMBER] = "12345678"  # type: ignore[index]
    package.companies[-1][1].facts["country"] = "NL"  # type: ignore[index]
    package.add("9003", "9", OTHER_VAT)

    assert _proposed(office, package) == {
        "1 by VAT": "9001",
        "2 by enterprise number": "9002",
        "3 unknown": "",
    }


def test_what_is_not_plain_is_left_to_a_person(package: Package) -> None:
    office = Office()
    office.client(VAT, dossier_number="1 two places")
    office.client(OTHER_VAT, dossier_number="2 closed")
    package.add("9001", "7", VAT)
    package.add("9002", "8", VAT)
    package.add("9003", "9", OTHER_VAT, blocked="company_closed")

    assert _proposed(office, package) == {"1 two places": "", "2 closed": ""}


def test_a_place_with_the_numbers_of_two_clients_is_proposed_to_neither(package: Package) -> None:
    office = Office()
    office.client(VAT, dossier_number="1")
    other = office.client(dossier_number="2")
    ClientNumberFactory.create(
        firm=office.firm, client=other, scheme="enterprise", value="12345678"
    )
    made = package.add("9001", "7", VAT)
    made.facts["country"] = "NL"  # type: ignore[index]
    made.facts[ENTERPRISE_NUMBER] = "12345678"  # type: ignore[index]

    assert _proposed(office, package) == {"1": "", "2": ""}


def test_who_is_bound_or_over_is_not_asked_about_and_taken_places_are_not_offered(
    package: Package,
) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    office.verified(office.client(VAT, dossier_number="1 bound"))
    with system("numbers"):
        ClientNumber.objects.all().delete()
    office.client(VAT, dossier_number="2 free")
    office.client(dossier_number="3 gone", state="archived")
    Office().client(dossier_number="4 of another firm")

    assert _proposed(office, package) == {"2 free": ""}


def test_a_worker_lists_the_places_of_a_package(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    row = _ask(office, binding.LIST)

    assert errands.run_next(HANDLERS)

    (found,) = _errand(row.pk).answer["places"]
    assert (found["value"], found["facts"]["code"]) == ("9001", "7")
    package.wrong.append(Unavailable("register_busy"))
    row = _ask(office, binding.LIST)
    assert errands.run_next(HANDLERS)
    assert _errand(row.pk).code == "register_busy"


def test_two_hundred_clients_are_bound_in_one_go(package: Package) -> None:
    office = Office()
    clients = [office.client(dossier_number=f"{number:04}") for number in range(200)]
    places = [package.add(str(9000 + number), str(number)) for number in range(200)]
    pairs = zip(clients, places, strict=True)
    row = _ask(office, binding.BIND, items=[_item(client, place) for client, place in pairs])

    assert errands.run_next(HANDLERS)

    assert set(map(str, _results(row).values())) == {"{'code': '', 'stage': 'verified'}"}
    with acting(office.firm.pk):
        bound = Integration.objects.order_by("client__dossier_number")
        assert [one.resolved["company"] for one in bound] == [one.value for one in places]
        assert {one.unresolved for one in bound} == {""}
    assert package.asked == []  # it was asked for the list already


def test_one_refusal_stops_no_other(package: Package) -> None:
    office = Office()
    place, other = package.add("9001", "7", VAT), package.add("9002", "8")
    office.verified(office.client(VAT, dossier_number="1001", name="Janssens"))
    taken, gone = office.client(), office.client(state="archived")
    fine, typed = office.client(), office.client()
    row = _ask(
        office,
        binding.BIND,
        items=[
            _item(taken, place),
            _item(gone, other),
            _item(fine, other),
            _item(typed, typed="99"),
        ],
    )

    assert errands.run_next(HANDLERS)

    results = _results(row)
    assert results[str(taken.pk)]["code"] == "place_taken"
    assert results[str(taken.pk)]["client"] == "1001 Janssens"
    assert results[str(gone.pk)]["code"] == "client_over"
    assert results[str(fine.pk)] == {"code": "", "stage": "verified"}
    assert results[str(typed.pk)] == {"code": "", "stage": "unverified"}
    with acting(office.firm.pk):
        assert Integration.objects.filter(client=taken).count() == 0
        (made,) = Integration.objects.filter(client=typed)
    assert verification.verify_due()
    assert office.row(made).stage == "refused"


@pytest.mark.usefixtures("keyring_text")
def test_a_client_with_another_package_says_which_kinds_both_would_get(package: Package) -> None:
    office = Office()
    place, client = package.add("9001", "7"), office.client()
    with acting(office.firm.pk):
        mail = a_connection(office.firm.pk, "Mail")
        wish = Wish(values={"purchase_address": "in@mail.example"}, routes={"statement": "none"})
        create_integration(office.firm.pk, client.pk, mail.pk, wish, actor=ACTOR)
    row = _ask(office, binding.BIND, items=[_item(client, place)])

    assert errands.run_next(HANDLERS)

    said = _results(row)[str(client.pk)]
    assert (said["code"], said["others"], said["kinds"]) == (
        "both_needed",
        ["Mail"],
        ["purchase", "sales"],
    )


def test_a_worker_that_died_halfway_binds_nobody_twice(package: Package) -> None:
    office = Office()
    places = [package.add("9001", "7"), package.add("9002", "8")]
    clients = [office.client(), office.client()]
    pairs = zip(clients, places, strict=True)
    row = _ask(office, binding.BIND, items=[_item(client, place) for client, place in pairs])
    task = errands.Task(
        id=row.pk,
        firm=office.firm.pk,
        connection=office.connection.pk,
        payload={"field": "company", "items": row.payload["items"][:1]},
        actor=ACTOR,
    )
    binding.bind_clients(task)  # and its worker dies before it is noted
    with system("age"):
        Errand.objects.update(tries=1, claimed_until=now() - timedelta(seconds=1))

    assert errands.run_next(HANDLERS)

    assert [one["code"] for one in _results(row).values()] == ["", ""]
    with acting(office.firm.pk):
        assert Integration.objects.count() == 2


def test_a_client_bound_by_somebody_else_meanwhile_says_so(package: Package) -> None:
    office = Office()
    place, client = package.add("9001", "7", VAT), office.client(VAT)
    office.verified(client)
    row = _ask(office, binding.BIND, items=[_item(client, place)])

    assert errands.run_next(HANDLERS)

    assert _results(row)[str(client.pk)]["code"] == "integration_exists"
