from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.delivery.queries.client_signs import count_statuses, read_standings
from posthorn.delivery.queries.client_standing import ClientStatus
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import FirmFactory
from tests.db.test_delivery_queries_clients import NOW, client, failed, set_up, silent, waiting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CLIENT_MANAGER, Role.ACCOUNTANT, None])
def test_statuses_are_counted_as_they_are_listed(role: Role | None) -> None:
    firm = FirmFactory.create()
    known = [
        set_up(firm, "Active"),
        client(firm, "Bare"),
        set_up(firm, "Calm"),
        set_up(firm, "Wait"),
        set_up(firm, "Zorg"),
        set_up(firm, "Pause", paused_at=NOW),
        client(firm, "Kept", state="archived"),
        set_up(firm, "Secret", shares_documents=False, shared_since=None),
    ]
    set_up(firm, "Stranger")
    _, _, calm, wait, zorg, pause, kept, secret = known
    silent(calm)
    for one in (wait, pause, kept, secret):
        waiting(one)
    failed(zorg)
    viewer = Viewer(
        role=role,
        assigned=frozenset(one.pk for one in known) if role else frozenset(),
        own=frozenset({secret.pk}),
    )

    with acting(firm.pk):
        each = Counter(one.status for one in read_standings(firm.pk, viewer, now=NOW))
        counted = count_statuses(firm.pk, viewer, now=NOW)

    assert +counted == each
    assert each.total() == {None: 1, Role.ACCOUNTANT: 8}.get(role, 9)


def test_how_often_documents_come_is_asked_once_for_a_while_and_of_newly_silent_clients() -> None:
    firm = FirmFactory.create()
    viewer = Viewer(role=Role.ADMINISTRATOR)
    silent(set_up(firm, "Calm"))
    asked: list[int] = []
    quiet: list[int] = []

    for minutes in (0, 9, 9, 10):
        if len(asked) == 2:  # by now another one is silent
            silent(set_up(firm, "Late"))
        with acting(firm.pk), CaptureQueriesContext(connection) as statements:
            counted = count_statuses(firm.pk, viewer, now=NOW + timedelta(minutes=minutes))
        asked.append(sum("LATERAL" in one["sql"] for one in statements))
        quiet.append(counted[ClientStatus.QUIET])

    assert asked == [1, 0, 1, 1]
    assert quiet == [1, 1, 2, 2]
