"""What is approved or sent after a client was bound goes to the package, and nothing before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.archive import lifecycle
from posthorn.connections import verification
from posthorn.connections.integrations import remove_integration
from posthorn.connections.models import Integration
from posthorn.delivery.holds import free_verified
from posthorn.delivery.models import Delivery
from posthorn.tenancy.scope import acting, system
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
    from posthorn.archive.models import Document
    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.django_db


def _document(office: Office, client: Client, direction: str) -> Document:
    made: Document = DocumentFactory.create(
        firm=office.firm, client=client, category="invoice", direction=direction
    )
    return made


def _release(office: Office, document: Document) -> None:
    decide = lifecycle.approve if document.direction == "purchase" else lifecycle.send
    with acting(office.firm.pk):
        decide(office.firm.pk, [document.pk], actor=ACTOR)


def _states(office: Office, document: Document) -> list[str]:
    with acting(office.firm.pk):
        rows = Delivery.objects.filter(document=document).order_by("position")
        return [row.reason or row.state for row in rows]


@pytest.mark.parametrize("direction", ["purchase", "sales"])
def test_only_what_is_approved_or_sent_after_the_activation_goes(
    package: Package, direction: str
) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    client = office.client(VAT)
    before, arrived_before = (_document(office, client, direction) for _ in range(2))
    _release(office, before)

    made = office.bind(client)
    _release(office, arrived_before)
    during = _document(office, client, direction)
    _release(office, during)
    assert _states(office, during) == ["unverified"]
    assert verification.verify_due()
    after = _document(office, client, direction)
    _release(office, after)

    found = [_states(office, one) for one in (before, arrived_before, during, after)]
    assert found == [[], ["queued"], ["queued"], ["queued"]]
    assert office.integration(made).activated_at == made.activated_at


def test_what_was_planned_while_its_place_was_verified_is_freed_soon(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    client = office.client(VAT)
    office.bind(client)
    waiting = _document(office, client, "purchase")
    _release(office, waiting)
    with system("another transaction verified it"):
        Integration.objects.update(unresolved="")

    assert (free_verified(), free_verified()) == (1, 0)

    assert _states(office, waiting) == ["queued"]


def test_removing_one_integration_stops_that_client_only(package: Package) -> None:
    office = Office()
    package.add("9001", "7", VAT)
    package.add("9002", "8", OTHER_VAT)
    gone, stays = office.client(VAT), office.client(OTHER_VAT)
    made = office.verified(gone, "7")
    office.verified(stays, "8")
    waiting = {one.pk: _document(office, one, "purchase") for one in (gone, stays)}
    for one in waiting.values():
        _release(office, one)

    with acting(office.firm.pk):
        remove_integration(office.firm.pk, made.pk, actor=ACTOR)
    later = {one.pk: _document(office, one, "purchase") for one in (gone, stays)}
    for one in later.values():
        _release(office, one)

    assert _states(office, waiting[gone.pk]) == ["integration_removed"]
    assert _states(office, waiting[stays.pk]) == ["queued"]
    assert _states(office, later[gone.pk]) == []
    assert _states(office, later[stays.pk]) == ["queued"]
