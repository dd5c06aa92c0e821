"""Hands mails with notices to the operator's relay, one after the other, and keeps what came of it.

Each one goes once as far as SMTP lets: what a worker left behind, and what broke between our last
byte and the server's reply, goes again with the same bytes and the same Message-ID.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings

from posthorn.connections.context import operator_mailer, operators_terms
from posthorn.connections.mail import Switchboard, Terms
from posthorn.connections.pace import SharedPacer
from posthorn.delivery.notices.envelope import message_of
from posthorn.delivery.notices.ports import Batch, Item, writer
from posthorn.delivery.outcomes import WatchedMailer, attempt_outcome, tidy
from posthorn.kernel import backoff
from posthorn.kernel.clock import now
from posthorn.sdk import Outcome, RateLimited, Rejected, Uncertain
from posthorn.tenancy.notice_kinds import NoticeKind
from posthorn.tenancy.notice_models import Notice, NoticeMail
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from posthorn.sdk import MailReply

LEASE: Final = timedelta(minutes=5)
"""After this a mail that a worker took and never ended is another one's; longer than any reply."""
MOST_UNKNOWN: Final = 3
_UNKNOWN_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A mail that is about to be sent."""

    id: UUID
    made_at: datetime
    attempts: int
    unknowns: int
    recipient: str
    batch: Batch


def can_post() -> bool:
    """Tell whether this installation can send notices: a relay, a sender and links that lead."""
    env = settings.POSTHORN
    return bool(env.mail_relay and env.mail_from and env.public_url)


def post_next() -> bool:
    """Send the mail that is due longest; False when none is."""
    taken = _take()
    if taken is None:
        return False
    result = _handed_over(taken)
    _end(taken, result)
    return True


def _take() -> _Taken | None:
    with system("take notice"):
        due = NoticeMail.objects.filter(next_at__lte=now()).order_by("next_at", "pk")
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        facts = Notice.objects.filter(mail=row).order_by("made_at", "pk")
        rows = list(facts.filter(expires_at__gt=now()))
        if not rows or not row.person.is_active:
            row.next_at, row.code = None, "expired"
            row.save(update_fields=["next_at", "code"])
            return None
        row.attempts, row.next_at = row.attempts + 1, now() + LEASE
        row.save(update_fields=["attempts", "next_at"])
        return _Taken(
            id=row.pk,
            made_at=row.made_at,
            attempts=row.attempts,
            unknowns=row.unknowns,
            recipient=row.person.email,
            batch=_batch(row, rows),
        )


def _batch(row: NoticeMail, facts: list[Notice]) -> Batch:
    return Batch(
        name=row.person.name,
        language=row.person.language,
        firm=row.firm_id,
        firm_name=row.firm.name if row.firm else "",
        items=tuple(
            Item(kind=NoticeKind(one.kind), detail=one.detail, made_at=one.made_at) for one in facts
        ),
    )


def _handed_over(taken: _Taken) -> MailReply | Outcome:
    mailer = WatchedMailer(operator_mailer(_board(operators_terms())))
    try:
        content = message_of(
            writer().write(taken.batch),
            sender=mailer.sender,
            recipient=taken.recipient,
            key=taken.id,
            at=taken.made_at,
        )
        return mailer.send(content, sender=mailer.sender, recipient=taken.recipient)
    except Exception as error:  # noqa: BLE001  # one bad notice must not stop the others
        return attempt_outcome(error, has_left=mailer.has_left)


@lru_cache(maxsize=2)
def _board(terms: Terms) -> Switchboard:
    """Give lines of our own: a worker that stops waits for a notice no longer than this."""
    times = replace(
        terms.times,
        connect_s=min(terms.times.connect_s, 10.0),
        reply_s=min(terms.times.reply_s, 10.0),
        accept_s=min(terms.times.accept_s, 20.0),
    )
    return Switchboard(replace(terms, times=times, concurrency=1), SharedPacer())


def close_lines() -> None:
    """Leave the relay until there is something to send again."""
    _board(operators_terms()).close_idle(0.0)


def _end(taken: _Taken, result: MailReply | Outcome) -> None:
    changed: Mapping[str, object]
    if isinstance(result, Outcome):
        changed = _after(taken, result)
    else:
        changed = {"next_at": None, "sent_at": now(), "code": "", "said": tidy(result.reply, 500)}
    with system("end notice"):
        # Whose lease ran out leaves the rest to whoever took it over.
        rows = NoticeMail.objects.filter(pk=taken.id, attempts=taken.attempts)
        rows.update(**changed)


def _after(taken: _Taken, result: Outcome) -> dict[str, object]:
    """Decide when a mail goes again; never after a refusal, three lost answers or five days."""
    unknowns = taken.unknowns + isinstance(result, Uncertain)
    again = _again_at(taken, result)
    if isinstance(result, Rejected) or unknowns >= MOST_UNKNOWN:
        again = None
    said = tidy(result.detail, 500)
    return {"next_at": again, "unknowns": unknowns, "code": result.code[:60], "said": said}


def _again_at(taken: _Taken, result: Outcome) -> datetime | None:
    if isinstance(result, RateLimited):
        return result.until
    if isinstance(result, Uncertain):
        return now() + _UNKNOWN_AGAIN
    wait = backoff.delay(
        taken.attempts, backoff.DELIVERY, jitter=backoff.JITTER, random=random.random
    )
    return None if wait is None else now() + wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many notices wait to become a mail, and how many mails wait after a failed try."""

    waiting: int
    failing: int
    said: str


def standing() -> Standing:
    """Count what has not been told yet. Reads only."""
    with system("standing of notices"):
        failing = NoticeMail.objects.filter(next_at__isnull=False, attempts__gt=0).exclude(code="")
        last = failing.order_by("-made_at").values_list("code", "said").first()
        return Standing(
            waiting=Notice.objects.filter(mail=None, dropped="").count()
            + NoticeMail.objects.filter(next_at__isnull=False, attempts=0).count(),
            failing=failing.count(),
            said=" ".join(last) if last else "",
        )
