from __future__ import annotations

from collections import Counter

import pytest

from posthorn.delivery.queries.client_signs import count_statuses, read_standings
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
