"""What a package allows: shared by all workers, learnt from its answers, never overdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from posthorn.connections.ports import Call
from posthorn.delivery.budget import Budgets
from posthorn.delivery.budget_models import Budget, Refusals
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.sdk.errors import RateLimited, Scope
from posthorn.sdk.http import Response
from posthorn.sdk.spec import BudgetHeaders, Limits, LimitScope

pytestmark = pytest.mark.django_db

LIMITS = Limits(
    per_minute=60,
    per_day=5_000,
    scope=LimitScope.APP,
    minute_headers=BudgetHeaders(limit="m-limit", remaining="m-left", reset="m-reset"),
    day_headers=BudgetHeaders(limit="d-limit", remaining="d-left", reset="d-reset"),
    refusals_per_hour=10,
)
CALL = Call(
    firm=new_id(),
    connection=new_id(),
    connector_id="package",
    site="https://package.example",
    method="POST",
    path="/api/v1/7/documents/Documents",
    scope="7",
    is_write=True,
)
OTHER = replace(CALL, scope="8", path="/api/v1/8/documents/Documents")
METER = Budgets(limits_of=lambda _id: LIMITS)
SKEW = timedelta(hours=-3)


def milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1_000))


def answer(status: int = 201, headers: dict[str, str] | None = None) -> Response:
    """An answer of a package whose clock is three hours slow."""
    date = {"date": format_datetime(now() + SKEW)}
    return Response(status=status, headers={**date, **(headers or {})})


def refused_until(call: Call = CALL) -> timedelta:
    with pytest.raises(RateLimited) as caught:
        METER.before(call)
    return caught.value.until - now()


def take(number: int, call: Call = CALL) -> None:
    for _ in range(number):
        METER.before(call)


def test_the_sixty_first_call_of_a_minute_waits_for_the_next_one() -> None:
    Budget.objects.all().delete()
    METER.before(CALL)
    Budget.objects.update(minute_ends=now() + timedelta(seconds=40))  # no minute ends meanwhile

    take(59)

    wait = refused_until()
    assert timedelta(seconds=30) < wait <= timedelta(seconds=40)


PATIENT = replace(CALL, method="GET", is_patient=True)


@pytest.mark.parametrize(("column", "limit"), [("minute", 60), ("day", 5_000)])
def test_a_call_without_haste_leaves_half_of_the_minute_and_of_the_day_to_others(
    column: str, limit: int
) -> None:
    METER.before(CALL)
    ends = now() + timedelta(seconds=40)
    Budget.objects.update(**{f"{column}_left": limit // 2 + 1, f"{column}_ends": ends})
    METER.before(PATIENT)

    wait = refused_until(PATIENT)

    assert timedelta(seconds=30) < wait <= timedelta(seconds=40)
    take(limit // 2 if column == "minute" else 1)


def test_a_call_without_haste_stops_long_before_refusals_would_stop_the_others() -> None:
    for _ in range(2):
        METER.before(PATIENT)
        METER.after(PATIENT, answer(403))

    assert refused_until(PATIENT) > timedelta(minutes=59)
    METER.before(replace(PATIENT, is_patient=False))


def test_a_client_that_waits_does_not_stop_the_others() -> None:
    METER.before(CALL)
    Budget.objects.update(minute_left=0, minute_ends=now() + timedelta(seconds=40))

    with pytest.raises(RateLimited) as caught:
        METER.before(CALL)

    assert (caught.value.code, caught.value.scope) == ("rate_limited", Scope.CLIENT)
    METER.before(OTHER)
    METER.before(replace(CALL, site="https://package.other"))


def test_firms_share_the_limits_of_one_app() -> None:
    METER.before(CALL)
    METER.before(replace(CALL, firm=new_id(), connection=new_id()))

    assert Budget.objects.get().day_left == 4_998


def test_each_connection_has_limits_of_its_own_where_the_package_says_so() -> None:
    own = Budgets(limits_of=lambda _id: replace(LIMITS, scope=LimitScope.CONNECTION))
    own.before(CALL)
    own.before(replace(CALL, connection=new_id()))

    assert list(Budget.objects.values_list("day_left", flat=True)) == [4_999, 4_999]


def test_a_new_minute_gives_new_room_and_the_day_goes_on() -> None:
    take(3)
    Budget.objects.update(minute_left=0, minute_ends=now() - timedelta(seconds=1))

    METER.before(CALL)

    row = Budget.objects.get()
    assert (row.minute_left, row.day_left) == (59, 4_996)
    assert now() < row.minute_ends <= now() + timedelta(minutes=1)


def test_what_an_answer_says_counts_by_its_own_clock() -> None:
    METER.before(CALL)
    told = {
        "m-left": "12",
        "m-reset": milliseconds(now() + SKEW + timedelta(seconds=20)),
        "d-left": "300",
        "d-reset": milliseconds(now() + SKEW + timedelta(hours=5)),
    }

    METER.after(CALL, answer(201, told))

    row = Budget.objects.get()
    assert (row.minute_left, row.day_left) == (12, 300)
    assert abs(row.minute_ends - now() - timedelta(seconds=20)) < timedelta(seconds=2)
    assert abs(row.day_ends - now() - timedelta(hours=5)) < timedelta(seconds=2)


def test_an_answer_that_was_overtaken_gives_no_room_back() -> None:
    reset = milliseconds(now() + SKEW + timedelta(seconds=50))
    take(2)
    METER.after(CALL, answer(201, {"m-left": "10", "m-reset": reset}))

    METER.after(CALL, answer(201, {"m-left": "11", "m-reset": reset}))

    assert Budget.objects.get().minute_left == 10


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"m-left": "0", "m-reset": "25"}, 25),
        ({"m-left": "17", "m-reset": "25"}, 25),  # refused although there is room
        ({"d-left": "0", "d-reset": "7200"}, 7_200),
        ({"retry-after": "90"}, 90),
        ({}, 60),
        ({"m-left": "none", "m-reset": "25"}, 60),
        ({"retry-after": "9" * 15}, 86_400),
    ],
    ids=["minute", "with-room", "day", "retry-after", "silent", "unreadable", "absurd"],
)
def test_a_429_stops_the_calls_until_the_time_it_names(
    headers: dict[str, str], seconds: int
) -> None:
    METER.before(CALL)
    said = {
        name: milliseconds(now() + SKEW + timedelta(seconds=int(value)))
        if name.endswith("reset")
        else value
        for name, value in headers.items()
    }

    METER.after(CALL, answer(429, said))

    assert abs(refused_until() - timedelta(seconds=seconds)) < timedelta(seconds=2)


def test_no_answer_changes_nothing() -> None:
    METER.before(CALL)

    METER.after(CALL, None)

    assert Budget.objects.get().day_left == 4_999


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_five_refusals_of_one_kind_within_an_hour_stop_that_kind(status: int) -> None:
    by_key = replace(CALL, method="GET", path="/api/v1/7/documents/Documents(guid'1')")
    for number in range(5):
        METER.before(by_key)
        METER.after(replace(by_key, path=f"{CALL.path}(guid'{number}')"), answer(status))

    with pytest.raises(RateLimited, match="too_many_refusals") as caught:
        METER.before(by_key)

    assert abs(caught.value.until - now() - timedelta(hours=1)) < timedelta(seconds=5)
    METER.before(CALL)
    METER.before(replace(by_key, scope="8"))


def test_a_call_costs_one_statement_and_one_that_was_refused_too_often_takes_nothing() -> None:
    METER.before(CALL)
    with CaptureQueriesContext(connection) as asked:
        METER.before(CALL)
    assert len(asked) == 1

    for _ in range(5):
        METER.after(CALL, answer(400))
    before = Budget.objects.get().minute_left
    with CaptureQueriesContext(connection) as asked, pytest.raises(RateLimited):
        METER.before(CALL)

    assert (len(asked), Budget.objects.get().minute_left) == (1, before)


def test_refusals_count_for_a_package_that_names_no_other_limit() -> None:
    lenient = Budgets(limits_of=lambda _id: Limits(refusals_per_hour=10))
    for _ in range(5):
        lenient.before(CALL)
        lenient.after(CALL, answer(400))

    with pytest.raises(RateLimited, match="too_many_refusals"):
        lenient.before(CALL)

    assert not Budget.objects.exists()


def test_refusals_are_forgotten_after_an_hour() -> None:
    for _ in range(5):
        METER.after(CALL, answer(400))
    row = Refusals.objects.get()
    Refusals.objects.update(times=[at - timedelta(minutes=60, seconds=1) for at in row.times])

    METER.before(CALL)

    Refusals.objects.update(last_at=F("last_at") - timedelta(minutes=61))
    METER.after(OTHER, answer(400))
    assert [len(one.times) for one in Refusals.objects.all()] == [1]


def test_what_succeeds_or_is_limited_is_no_refusal() -> None:
    for status in (200, 201, 204, 408, 429, 500, 503):
        METER.after(CALL, answer(status))

    assert not Refusals.objects.exists()


def test_a_package_without_limits_leaves_no_rows() -> None:
    free = Budgets(limits_of=lambda _id: Limits())

    free.before(CALL)
    free.after(CALL, answer(404))

    assert not Budget.objects.exists()
    assert not Refusals.objects.exists()
