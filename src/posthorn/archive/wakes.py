"""Wakes the reader for documents that wait; a lost or doubled job changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection
from procrastinate.contrib.django import app

from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from procrastinate.jobs import JobDeferrer
    from procrastinate.types import JSONDict

QUEUE: Final = "reading"
TASK: Final = "archive.read_document"
_OVERDUE = timedelta(seconds=60)
_AT_ONCE = 1_000


def have_read(firm: UUID, document: UUID) -> None:
    """Have a document read once the running transaction has committed."""
    _task().defer(firm=str(firm), document=str(document))


def _task() -> JobDeferrer:
    return app.configure_task(TASK, queue=QUEUE)


def wake_overdue(before: datetime | None = None) -> int:
    """Have documents read whose job was lost with its worker; gives how many.

    They arrived a minute ago or more and no job for them waits.
    """
    with system("overdue readings"), connection.cursor() as cursor:
        cursor.execute(_WITHOUT_JOB, [before or now() - _OVERDUE, QUEUE, _AT_ONCE])
        found = cursor.fetchall()
        if found:
            names: list[JSONDict] = [
                {"firm": str(firm), "document": str(document)} for firm, document in found
            ]
            _task().batch_defer(*names)
    return len(found)


_WITHOUT_JOB = """
SELECT d.firm_id, d.id FROM archive_document d
WHERE d.reading = 'pending' AND d.arrived_at < %s AND NOT EXISTS (
  SELECT 1 FROM procrastinate_jobs j
  WHERE j.queue_name = %s AND j.status = 'todo' AND j.args->>'document' = d.id::text)
ORDER BY d.arrived_at LIMIT %s
"""
