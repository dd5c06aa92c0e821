"""Two that take the same place at the same moment: one has it, the other is told whose it is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from posthorn.connections import resolutions, verification
from posthorn.connections.errors import PlaceTakenError
from posthorn.tenancy.scope import acting
from tests.db.places import (
    ACTOR,
    VAT,
    Office,
    Package,
    package_fixture,  # noqa: F401  found by its name
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from posthorn.connections.models import Integration

pytestmark = pytest.mark.usefixtures("committed")


def _together(*deeds: Callable[[], object]) -> list[object]:
    """Run deeds in threads that start at once; gives what each returned or raised."""
    barrier, ends = threading.Barrier(len(deeds)), dict[int, object]()

    def run(number: int, deed: Callable[[], object]) -> None:
        barrier.wait(timeout=10)
        try:
            ends[number] = deed()
        except Exception as error:  # noqa: BLE001  compared below
            ends[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return [ends[number] for number in range(len(deeds))]


def _choosing(office: Office, made: Integration) -> Callable[[], None]:
    def choose() -> None:
        with acting(office.firm.pk):
            resolutions.choose(office.firm.pk, made.pk, "company", "9001", actor=ACTOR)

    return choose


def test_of_people_who_choose_one_company_at_once_one_gets_it(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    made = [office.verified(office.client()) for _ in range(4)]

    ends = _together(*(_choosing(office, one) for one in made))

    refused = [one for one in ends if one is not None]
    assert [type(one) for one in refused] == [PlaceTakenError] * 3
    assert [office.row(one).stage for one in made].count("verified") == 1


def test_a_worker_and_a_person_at_once_give_it_to_one_client(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    chosen = office.verified(office.client())
    by_worker = office.bind(office.client(VAT), "7")
    turn = verification._Round([office.row(by_worker)])

    _together(turn.run, _choosing(office, chosen))

    stages = {office.row(one).stage for one in (chosen, by_worker)}
    assert stages in ({"verified", "refused"}, {"verified", "undecided"})
