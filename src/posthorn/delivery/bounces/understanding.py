"""Understands a mail that came back, from its bytes alone: what it says, and about which mail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from posthorn.delivery.bounces.marks import keys_in
from posthorn.delivery.bounces.odd import is_from_robot, prose_report
from posthorn.delivery.bounces.parts import first, read_mail
from posthorn.delivery.bounces.replies import nature_of_reply
from posthorn.delivery.bounces.reports import report_of
from posthorn.delivery.bounces.verdict import NATURE_OF, Action, Nature, Report, Understood

if TYPE_CHECKING:
    from posthorn.delivery.bounces.parts import Mail

_WORDS = 4_000
_NO_REPORT = frozenset({"disposition-notification", "feedback-report"})


def understand(raw: bytes, *, sender: str | None = None) -> Understood:
    """Say what a mail is; `sender` is the envelope's, None when nobody knows it. Never raises."""
    mail = read_mail(raw)
    report = _report(mail, sender)
    return Understood(
        nature=_nature(mail, report),
        report=report,
        keys=keys_in(mail),
        subject=mail.first("subject")[:300],
        message_id=mail.first("message-id")[:300],
        words=mail.text[:_WORDS],
    )


def _report(mail: Mail, sender: str | None) -> Report | None:
    if mail.report_type in _NO_REPORT:
        return None
    found = report_of(mail)
    is_robot = is_from_robot(mail, sender)
    if found is None and is_robot:
        return prose_report(mail)
    if found and found.action is Action.FAILED and not found.diagnostic:
        told = prose_report(mail)  # Exchange says why in prose and not in its report
        diagnostic = told.diagnostic if told else ""
        return replace(found, diagnostic=diagnostic)
    return found


def _nature(mail: Mail, report: Report | None) -> Nature:
    if report is None:
        return nature_of_reply(mail)
    return Nature.ECHO if _is_echo(mail) else NATURE_OF[report.action]


def _is_echo(mail: Mail) -> bool:
    """Tell a report on a report: what came back was itself written by a mail server."""
    if first(mail.returned, "x-posthorn-delivery"):
        return False
    answered = first(mail.returned, "auto-submitted").lower().startswith("auto-replied")
    inside = replace(mail, headers=mail.returned)
    return bool(mail.returned) and (answered or is_from_robot(inside, None))
