"""Makes mails of the facts that are due: one for a person, at most so many on one day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import Q

from posthorn.kernel.clock import now
from posthorn.tenancy.notice_kinds import NOTICES
from posthorn.tenancy.notice_models import Notice, NoticeMail
from posthorn.tenancy.notices import is_heard
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 10
"""Mails to one person on one day; what comes after waits, and then is one mail together."""
MOST_OWN_A_DAY: Final = 20
"""The same of mails about the own account, which nobody should wait for."""
KEPT_FOR: Final = timedelta(days=90)
_LOCK = 7_401_003
_PEOPLE_AT_ONCE = 50
_FACTS_AT_ONCE = 500
_EXPIRED, _NOT_WANTED = "expired", "not_wanted"


def gather() -> int:
    """Make mails of what is due, unless another worker is at it; gives how many were made."""
    with system("gather notices"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        at = now()
        _waiting().filter(expires_at__lte=at).update(dropped=_EXPIRED)
        due = _waiting().filter(due_at__lte=at).order_by("person_id", "firm_id")
        pairs = list(due.values_list("person_id", "firm_id").distinct()[:_PEOPLE_AT_ONCE])
        return sum(_gather_for(person, firm, at) for person, firm in pairs)


def _waiting() -> QuerySet[Notice]:
    # A kind that a newer worker wrote is left to workers that know it.
    return Notice.objects.filter(mail=None, dropped="", kind__in=list(NOTICES))


def _gather_for(person: UUID, firm: UUID | None, at: datetime) -> bool:
    """Put what one person is to hear of one firm, or of the own account, into one mail."""
    facts = _waiting().filter(Q(person_id=person, firm_id=firm))
    free_at = _free_at(person, at, is_own=firm is None)
    if free_at > at:
        facts.filter(due_at__lte=at).update(due_at=free_at)
        return False
    # What waits a minute for others goes with what is due: it is one mail less.
    rows = list(facts.select_related("person").order_by("made_at", "pk")[:_FACTS_AT_ONCE])
    told = [row for row in rows if row.person.is_active and is_heard(row)]
    _mark(set(rows) - set(told))
    if told:
        mail = NoticeMail.objects.create(person_id=person, firm_id=firm)
        Notice.objects.filter(pk__in=[row.pk for row in told]).update(mail=mail)
    return bool(told)


def _mark(unheard: set[Notice]) -> None:
    Notice.objects.filter(pk__in=[row.pk for row in unheard]).update(dropped=_NOT_WANTED)


def _free_at(person: UUID, at: datetime, *, is_own: bool) -> datetime:
    """Give the time from which somebody may be sent another mail; `at` itself while there is room.

    Mails about firms count together: it is one person who reads them.
    """
    most = MOST_OWN_A_DAY if is_own else MOST_A_DAY
    rows = NoticeMail.objects.filter(person_id=person, firm__isnull=is_own)
    lately = rows.filter(made_at__gt=at - A_DAY).order_by("-made_at")
    times: Sequence[datetime] = list(lately.values_list("made_at", flat=True)[:most])
    return times[-1] + A_DAY if len(times) == most else at


def clear_old() -> int:
    """Forget facts that were told or dropped 90 days ago, with their mails; gives how many."""
    before = now() - KEPT_FOR
    with system("clear notices"):
        over = Notice.objects.filter(made_at__lt=before).exclude(mail__next_at__isnull=False)
        gone = over.exclude(mail=None, dropped="").delete()[0]
        NoticeMail.objects.filter(made_at__lt=before, next_at=None, notices=None).delete()
    return gone
