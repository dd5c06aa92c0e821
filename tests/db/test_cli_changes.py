"""On the command line too, one address is one client's and a change waits for a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections.change_models import AddressChange
from posthorn.connections.models import Integration
from posthorn.tenancy.models import AuditEntry, Firm
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.connections import keyring_fixture  # noqa: F401  found by its name
from tests.db.factories import FirmFactory, MembershipFactory

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.command_line import Ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]
CREATE = ("integration", "create", "0101", "Exact", "--set=purchase_address=janssens@b.example")
SET = ("integration", "set", "0101", "Exact", "--set=purchase_address=peeters@b.example")


@pytest.fixture
def firm(posthorn: Callable[..., Ran]) -> UUID:
    row = FirmFactory.create()
    posthorn("client", "create", "0101", "Janssens")
    posthorn("connection", "create", "email_delivery", "Exact")
    assert posthorn(*CREATE).code == 0
    return row.pk


def address(firm: UUID) -> str:
    with acting(firm):
        row = Integration.objects.get(client__dossier_number="0101")
    return str(row.settings["purchase_address"])


def test_an_address_is_shared_with_a_reason_alone(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    posthorn("client", "create", "0202", "Peeters")
    second = ("integration", "create", "0202", *CREATE[3:])

    refused = posthorn(*second)
    done = posthorn(*second, "--shared-because=One group")

    assert refused.code == 5
    assert "Documents of 0101 Janssens go to janssens@b.example already." in refused.err
    assert done.code == 0, done.err
    with acting(firm):
        assert AuditEntry.objects.filter(action="integration.address_shared").count() == 1


def test_a_firm_of_one_keeps_changing_alone(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    MembershipFactory.create(firm=Firm(pk=firm))

    assert posthorn("firm", "second-person", "on").code == 5
    assert posthorn("firm", "second-person", "perhaps").code == 2
    assert posthorn(*SET).code == 0
    assert address(firm) == "peeters@b.example"


def test_a_change_waits_is_listed_and_not_confirmed_by_its_author(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    for _ in range(2):
        MembershipFactory.create(firm=Firm(pk=firm))
    assert posthorn("firm", "second-person", "on").code == 0

    assert posthorn(*SET).code == 0

    assert address(firm) == "janssens@b.example"
    (row,) = posthorn("integration", "changes", "--json").objects
    assert (row["client"], row["before"], row["after"]) == (
        "0101",
        "janssens@b.example",
        "peeters@b.example",
    )
    assert posthorn("integration", "confirm", row["id"]).code == 4
    assert posthorn("integration", "confirm", "it").code == 2
    with acting(firm):
        AddressChange.objects.update(author="an@kantoor.example")
    assert posthorn("integration", "refuse", row["id"]).code == 2
    assert posthorn("integration", "confirm", row["id"]).code == 0
    assert address(firm) == "peeters@b.example"
    assert posthorn("integration", "refuse", row["id"], "--reason=late").code == 5
