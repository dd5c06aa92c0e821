"""Keeps what a package said of a delivery, and moves the delivery where it was decided against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.functions import Now

from posthorn.delivery import moves
from posthorn.delivery.models import Delivery
from posthorn.delivery.outcomes import tidy
from posthorn.delivery.readback.schedule import LONGEST, Known, after_answer, after_failure
from posthorn.delivery.readback_models import Readback, StatusReport
from posthorn.delivery.states import Actor, State
from posthorn.kernel.clock import now
from posthorn.sdk.connector import RemoteState
from posthorn.tenancy import audit
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from datetime import timedelta

    from posthorn.delivery.readback.schedule import Next
    from posthorn.sdk import RemoteStatus

_ACTOR = "evidence"


def keep(asked: Readback, status: RemoteStatus) -> None:
    """Write down an answer and when to ask next, once, in one transaction."""
    with acting(asked.firm_id):
        row = _unchanged(asked)
        if row is None:
            return
        known = Known(looks=row.looks, was_missing=row.was_missing, told=_told(row))
        following = after_answer(known, status)
        if following.is_news:
            _report(row, status)
        _go_on(row, following)


def note_failure(asked: Readback) -> timedelta:
    """Count a question without an answer; gives when it is asked again."""
    with acting(asked.firm_id):
        row = _unchanged(asked)
        failures = asked.failures + 1
        wait = after_failure(failures)
        if row is not None:
            row.failures = failures
            row.save(update_fields=["failures"])
    return wait


def _unchanged(asked: Readback) -> Readback | None:
    """Lock a question that nobody else has had answered meanwhile."""
    rows = Readback.objects.filter(id=asked.id, looks=asked.looks, failures=asked.failures)
    return rows.select_for_update().first()


def _told(row: Readback) -> tuple[str, str]:
    reports = StatusReport.objects.filter(delivery_id=row.delivery_id).order_by("-said_at", "-id")
    return reports.values_list("state", "code").first() or ("", "")


def _report(row: Readback, status: RemoteStatus) -> None:
    delivery = Delivery.objects.select_for_update(no_key=True).get(id=row.delivery_id)
    code, detail = tidy(status.code, 60), tidy(status.detail)
    is_against = status.state is RemoteState.REJECTED and delivery.state == State.DELIVERED
    StatusReport.objects.create(
        firm_id=row.firm_id,
        delivery_id=row.delivery_id,
        state=status.state,
        code=code,
        detail=detail,
        has_moved=is_against,
    )
    if is_against:
        target = State.REJECTED_BY_PACKAGE
        moves.move([delivery], target, by=Actor.EVIDENCE, actor=_ACTOR, note=code)
        Delivery.objects.filter(id=delivery.id).update(code=code, detail=detail)
    else:
        _note(delivery, status.state, code)


def _note(delivery: Delivery, state: RemoteState, code: str) -> None:
    """Write in the audit trail what was said; a move writes its own entry."""
    entry = audit.Entry(
        firm=delivery.firm_id,
        actor=_ACTOR,
        action="delivery.read_back",
        subject_kind="delivery",
        subject_id=delivery.id,
        detail={"client": str(delivery.client_id), "state": str(state), "code": code},
    )
    audit.record([entry])


def _go_on(row: Readback, following: Next) -> None:
    if following.wait is None:
        row.delete()
        return
    # By the database's clock, as it decides what is due.
    Readback.objects.filter(id=row.id).update(
        looks=row.looks + 1,
        failures=0,
        was_missing=following.was_missing,
        next_at=Now() + following.wait,
    )


def clear_old() -> int:
    """Give up what was asked about for too long, whyever nobody answered; gives how many."""
    with system("clear read-backs"):
        return Readback.objects.filter(began_at__lt=now() - LONGEST).delete()[0]
