from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.delivery.models import Delivery
from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory, DeliveryFactory, FirmFactory, IntegrationFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.command_line import Ran

pytestmark = pytest.mark.django_db


def reachable() -> Delivery:
    """Give a queued delivery whose integration has an address."""
    client = ClientFactory.create(dossier_number="0101")
    integration = IntegrationFactory.create(
        firm=client.firm, client=client, settings={"purchase_address": "a@b.example"}
    )
    return DeliveryFactory.create(firm=client.firm, client=client, integration=integration)


def row(delivery: Delivery) -> Delivery:
    with acting(delivery.firm_id):
        return Delivery.objects.get(pk=delivery.pk)


def test_a_delivery_is_held_released_and_cancelled(posthorn: Callable[..., Ran]) -> None:
    delivery = reachable()

    assert posthorn("delivery", "hold", delivery.pk, "--note=wait").code == 0
    assert (row(delivery).state, row(delivery).reason) == ("held", "by_hand")
    assert posthorn("delivery", "release", delivery.pk).code == 0
    assert row(delivery).state == "queued"
    assert posthorn("delivery", "cancel", delivery.pk).code == 2
    assert row(delivery).state == "queued"
    assert posthorn("delivery", "cancel", delivery.pk, "--yes").code == 0
    assert row(delivery).state == "cancelled"
    again = posthorn("delivery", "hold", delivery.pk)
    assert (again.code, again.err) == (
        5,
        "posthorn: It is “Cancelled”: that cannot be done now.\n",
    )


def test_what_came_to_an_end_goes_again_as_a_copy_with_its_reason(
    posthorn: Callable[..., Ran],
) -> None:
    delivery = reachable()
    assert posthorn("delivery", "resend", delivery.pk, "--reason=lost").code == 5
    posthorn("delivery", "cancel", delivery.pk, "--yes")

    assert posthorn("delivery", "resend", delivery.pk).code == 2
    again = posthorn("delivery", "resend", delivery.pk, "--reason=It was lost there", "--json")

    assert (again.code, again.object["resend_of"]) == (0, str(delivery.pk))
    shown = posthorn("delivery", "show", again.object["id"], "--json").object
    assert (shown["copy"], shown["resend_reason"], shown["state"]) == (
        1,
        "It was lost there",
        "queued",
    )
    assert [one["copy"] for one in shown["copies"]] == [0]


def test_processed_is_a_mark_that_can_be_taken_back(posthorn: Callable[..., Ran]) -> None:
    delivery = reachable()

    posthorn("delivery", "processed", delivery.pk)
    assert row(delivery).processed_by.startswith("cli:")
    posthorn("delivery", "processed", delivery.pk, "--undo")
    assert (row(delivery).processed_at, row(delivery).state) == (None, "queued")


def test_lists_are_narrowed_by_client_package_state_and_attention(
    posthorn: Callable[..., Ran],
) -> None:
    first = reachable()
    other = DeliveryFactory.create(
        firm=first.firm, state="held", reason="missing_address", next_at=None
    )

    def listed(*options: str) -> list[str]:
        return [one["id"] for one in posthorn("delivery", "list", "--json", *options).objects]

    assert sorted(listed()) == sorted([str(first.pk), str(other.pk)])
    assert listed("--client=0101") == [str(first.pk)]
    assert listed(f"--package={other.connection.name}") == [str(other.pk)]
    assert listed("--state=queued") == [str(first.pk)]
    assert listed("--attention") == [str(other.pk)]
    assert len(listed("--limit=1")) == 1
    assert posthorn("delivery", "list", "--state=flying").code == 2
    held = posthorn("delivery", "list", "--attention", "--json").object
    assert held["why"] == "The client has no address for this kind of document."


def test_an_unknown_delivery_is_not_found(posthorn: Callable[..., Ran]) -> None:
    FirmFactory.create()

    for action in ("show", "hold", "release", "processed"):
        assert posthorn("delivery", action, new_id()).code == 3
    assert posthorn("delivery", "show", "12").code == 2
