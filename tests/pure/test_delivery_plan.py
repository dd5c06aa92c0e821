"""The plan as tables: the cut-off, what stands in the way, and why something goes nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from posthorn.delivery.plan import NotPlanned, Plan, Planned, Route, hold_of, plan
from posthorn.delivery.states import Hold
from posthorn.sdk import Kind

ACTIVATED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
FIRST = UUID(int=1)
SECOND = UUID(int=2)
ROUTE = Route(integration_id=FIRST, activated_at=ACTIVATED, takes=frozenset(Kind))
GOES = Plan(deliveries=(Planned(integration_id=FIRST, hold=None),))


@pytest.mark.parametrize(
    ("released_at", "expected"),
    [
        (ACTIVATED - A_MOMENT, Plan(not_planned=NotPlanned.BEFORE_ACTIVATION)),
        (ACTIVATED, GOES),
        (ACTIVATED + A_MOMENT, GOES),
        (ACTIVATED + timedelta(days=400), GOES),
    ],
)
def test_the_release_decides_and_the_very_moment_of_activation_counts(
    released_at: datetime, expected: Plan
) -> None:
    decided = plan(kind=Kind.PURCHASE, released_at=released_at, is_shared=True, routes=[ROUTE])

    assert decided == expected


def test_what_is_not_shared_goes_nowhere_and_says_so() -> None:
    decided = plan(kind=Kind.SALES, released_at=ACTIVATED, is_shared=False, routes=[ROUTE])

    assert decided == Plan(not_planned=NotPlanned.NOT_SHARED)


def test_without_an_integration_there_is_no_delivery() -> None:
    decided = plan(kind=Kind.SALES, released_at=ACTIVATED, is_shared=True, routes=[])

    assert decided == Plan(not_planned=NotPlanned.NO_INTEGRATION)


def test_a_kind_that_no_package_takes_goes_nowhere() -> None:
    route = replace(ROUTE, takes=frozenset({Kind.PURCHASE}))

    decided = plan(kind=Kind.STATEMENT, released_at=ACTIVATED, is_shared=True, routes=[route])

    assert decided == Plan(not_planned=NotPlanned.KIND_NOT_TAKEN)


def test_each_integration_that_was_active_gets_one_delivery() -> None:
    later = replace(ROUTE, integration_id=SECOND, activated_at=ACTIVATED + A_MOMENT)

    before = plan(kind=Kind.SALES, released_at=ACTIVATED, is_shared=True, routes=[ROUTE, later])
    after = plan(
        kind=Kind.SALES, released_at=ACTIVATED + A_MOMENT, is_shared=True, routes=[ROUTE, later]
    )

    assert [one.integration_id for one in before.deliveries] == [FIRST]
    assert [one.integration_id for one in after.deliveries] == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("change", "hold"),
    [
        ({}, None),
        ({"is_connector_loaded": False, "takes": frozenset()}, Hold.CONNECTOR_MISSING),
        ({"is_extension_on": False}, Hold.EXTENSION_OFF),
        ({"needs_attention": True}, Hold.CONNECTION_ATTENTION),
        ({"is_connection_paused": True}, Hold.CONNECTION_PAUSED),
        ({"is_client_paused": True}, Hold.CLIENT_PAUSED),
        ({"is_integration_paused": True}, Hold.INTEGRATION_PAUSED),
        ({"without_address": frozenset({Kind.PURCHASE})}, Hold.MISSING_ADDRESS),
        ({"without_address": frozenset({Kind.SALES})}, None),
        ({"is_extension_on": False, "is_client_paused": True}, Hold.EXTENSION_OFF),
        ({"is_client_live": False}, Hold.CLIENT_LEFT),
        ({"is_shared": False, "is_client_paused": True}, Hold.NOT_SHARED),
    ],
)
def test_nothing_is_skipped_in_silence(change: dict[str, object], hold: Hold | None) -> None:
    route = replace(ROUTE, **change)  # type: ignore[arg-type]  # a row of the table names the fields

    decided = plan(kind=Kind.PURCHASE, released_at=ACTIVATED, is_shared=True, routes=[route])

    assert decided == Plan(deliveries=(Planned(integration_id=FIRST, hold=hold),))
    assert hold_of(route, Kind.PURCHASE) is hold
