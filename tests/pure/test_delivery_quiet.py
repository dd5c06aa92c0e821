from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from posthorn.delivery.queries.client_standing import ClientStatus, Signs, status_of
from posthorn.delivery.queries.quiet import is_quiet, usual_gap
from posthorn.tenancy.life import ClientState

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def quiet(arrivals: list[datetime]) -> bool:
    silence = NOW - max(arrivals, default=NOW - 1_000 * DAY)
    return is_quiet(usual(arrivals), silence)


def usual(arrivals: list[datetime]) -> timedelta | None:
    return usual_gap(at.toordinal() for at in arrivals)


def every(days: int, *, silent: int, times: int = 10) -> list[datetime]:
    """Arrivals in a steady rhythm that stopped `silent` days ago."""
    return [NOW - DAY * (silent + days * number) for number in range(times)]


@pytest.mark.parametrize(
    ("days", "silent", "expected"),
    [
        (1, 7, False),
        (1, 8, True),
        (2, 7, False),
        (7, 21, False),
        (7, 22, True),
        (30, 90, False),
        (30, 91, True),
    ],
)
def test_silence_counts_from_three_times_the_usual_and_never_within_a_week(
    days: int, silent: int, *, expected: bool
) -> None:
    assert quiet(every(days, silent=silent)) is expected


def test_who_never_got_documents_regularly_is_not_quiet() -> None:
    assert not quiet([])
    assert not quiet(every(1, silent=300, times=6))
    assert quiet(every(1, silent=300, times=7))


def test_a_batch_of_documents_is_one_arrival() -> None:
    batch = [NOW - 40 * DAY + timedelta(minutes=number) for number in range(40)]

    assert usual(batch) is None
    assert not quiet(batch)


def test_the_longest_of_the_last_gaps_is_usual() -> None:
    holiday = [NOW - 20 * DAY - at for at in (DAY * n for n in (0, 1, 2, 3, 17, 18, 19, 20))]

    assert usual(holiday) == 14 * DAY
    assert usual([NOW - 200 * DAY, *every(1, silent=0, times=13)]) == DAY


FINE = Signs(
    state=ClientState.ACTIVE,
    is_paused=False,
    is_shared=True,
    is_readable=True,
    is_bound=True,
)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, ClientStatus.ACTIVE),
        ({"is_quiet": True}, ClientStatus.QUIET),
        ({"waiting": 1, "is_quiet": True}, ClientStatus.WAITING_FOR_YOU),
        ({"is_shared": False, "waiting": 1}, ClientStatus.NOT_SET_UP),
        ({"is_bound": False}, ClientStatus.NOT_SET_UP),
        ({"state": ClientState.DRAFT}, ClientStatus.NOT_SET_UP),
        ({"state": ClientState.INVITED}, ClientStatus.NOT_SET_UP),
        ({"attention": 1, "waiting": 1, "is_shared": False}, ClientStatus.NEEDS_ATTENTION),
        ({"is_paused": True, "attention": 1}, ClientStatus.PAUSED),
        ({"state": ClientState.ARCHIVED, "is_paused": True}, ClientStatus.ARCHIVED),
        ({"state": ClientState.LOST, "attention": 1}, ClientStatus.LOST),
    ],
)
def test_what_most_needs_somebody_is_the_status(
    changes: dict[str, object], status: ClientStatus
) -> None:
    assert status_of(FINE._replace(**changes)) is status  # type: ignore[arg-type]  # signs


def test_every_client_has_a_status() -> None:
    found = {
        status_of(FINE._replace(state=state, is_paused=paused, attention=attention))
        for state, paused, attention in product(ClientState, (False, True), (0, 1))
    }
    assert found == set(ClientStatus) - {ClientStatus.WAITING_FOR_YOU, ClientStatus.QUIET}
