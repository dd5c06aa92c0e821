from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posthorn.tenancy.access import Viewer
from posthorn.tenancy.activity import ActivityFilter, activity
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, FirmFactory

if TYPE_CHECKING:
    from uuid import UUID

    from tests.database import Database

ADMINISTRATOR = Viewer(role=Role.ADMINISTRATOR)
ENTRIES, CLIENTS = 20_000, 20
_FILL = """
INSERT INTO tenancy_auditentry (firm_id, at, actor, action, subject_kind, subject_id, detail)
SELECT %s, now() + number * interval '1 s', 'person ' || number %% 40,
    (ARRAY['delivery.planned', 'delivery.accepted', 'client.paused'])[1 + number %% 3],
    CASE number %% 10 WHEN 0 THEN 'client' ELSE 'delivery' END,
    (%s::uuid[])[1 + number / 10 %% %s], '{}'
FROM generate_series(1, %s) AS number
"""


def plan_of(firm: UUID, viewer: Viewer, wanted: ActivityFilter) -> str:
    """Give what the server does for a page."""
    with acting(firm), connection.cursor() as cursor:
        with CaptureQueriesContext(connection) as queries:
            assert len(activity(firm, viewer, wanted, size=20).rows) == 20
        asked = next(one["sql"] for one in queries if "AS chosen" in one["sql"])
        cursor.execute(f"EXPLAIN {asked}")
        return "\n".join(row for (row,) in cursor.fetchall())


def test_a_page_of_a_long_trail_is_read_by_an_index_newest_first(committed: Database) -> None:
    firm = FirmFactory.create()
    clients = [ClientFactory.create(firm=firm).pk for _ in range(CLIENTS)]
    with acting(firm.pk), connection.cursor() as cursor:
        cursor.execute(_FILL, [firm.pk, clients, CLIENTS, ENTRIES])
    with psycopg.connect(committed.admin.url(), autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE tenancy_auditentry")
    accountant = Viewer(role=Role.ACCOUNTANT, assigned=frozenset(clients[:5]))

    for viewer, wanted, index in (
        (ADMINISTRATOR, ActivityFilter(), "audit_time"),
        (ADMINISTRATOR, ActivityFilter(action="client."), "audit_action"),
        (ADMINISTRATOR, ActivityFilter(actor="person 3"), "audit_actor"),
        (ADMINISTRATOR, ActivityFilter(client=clients[0]), "audit_client"),
        (Viewer(role=Role.CLIENT_MANAGER), ActivityFilter(), "audit_action"),
        (accountant, ActivityFilter(), "audit_client"),
    ):
        plan = plan_of(firm.pk, viewer, wanted)

        assert f"using {index} on tenancy_auditentry" in plan
        assert "Seq Scan" not in plan
        before = plan[: plan.index(f"using {index}")]
        assert "Sort" not in before[before.rindex("Limit") :]
