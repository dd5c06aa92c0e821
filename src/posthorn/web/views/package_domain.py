"""Check my domain: what DNS and the relay say of a package's sender, with the lines to publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from posthorn.connections.domains.check import check_domain, report_of, sends_mail
from posthorn.connections.domains.findings import Standing, Subject, zone_line
from posthorn.connections.errors import ConnectionsError
from posthorn.connections.texts import text_of
from posthorn.sdk.errors import Outcome
from posthorn.web.languages import language
from posthorn.web.shell import page
from posthorn.web.views.packages import HERE, office, package_of
from posthorn.web.wording import Tone

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.connections.domains.findings import Finding
    from posthorn.web.access import Space
    from posthorn.web.rows import Package

_TONES = {Standing.GOOD: Tone.GOOD, Standing.BAD: Tone.BAD, Standing.UNKNOWN: Tone.WAIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One subject as a person reads it."""

    label: str
    tone: Tone
    word: str
    sentence: str
    advice: str
    detail: str
    name: str
    kind: str
    value: str
    line: str


@office
@require_safe
def shown(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Show what the last check found."""
    package = _package(space, package_id)
    report = report_of(space.firm, package_id)
    return page(
        request,
        space,
        "packages/domain.html",
        here=HERE,
        package=package,
        report=report,
        rows=[_row(finding) for finding in report.findings],
    )


@office
@require_POST
def check(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Check now: ten seconds at most, once the request's own transaction has ended."""
    package = _package(space, package_id)
    firm, actor = space.firm, space.actor

    def ask() -> None:
        try:
            check_domain(firm, package.id, actor=actor)
        except (ConnectionsError, Outcome) as wrong:
            messages.error(request, _said(wrong.code) or str(wrong))

    transaction.on_commit(ask)
    return HttpResponseRedirect(space.url("package_domain", package_id))


def _package(space: Space, package_id: UUID) -> Package:
    """Give a package that sends mail; another one has no domain to check."""
    package = package_of(space, package_id)
    try:
        is_mail = sends_mail(package.connector_id)
    except ConnectionsError:
        raise Http404 from None
    if not is_mail:
        raise Http404
    return package


def _row(finding: Finding) -> Row:
    text = text_of(finding.code)
    return Row(
        label=_label(finding.subject),
        tone=_TONES[finding.standing],
        word=_word(finding.standing),
        sentence=text.sentence[language()] if text else finding.code,
        advice=text.advice[language()] if text else "",
        detail=finding.detail,
        name=finding.name,
        kind=finding.kind,
        value=finding.value,
        line=zone_line(finding) if finding.value else "",
    )


def _said(code: str) -> str:
    text = text_of(code)
    return f"{text.sentence[language()]} {text.advice[language()]}" if text else ""


def _word(standing: Standing) -> str:
    return {
        Standing.GOOD: _("In order"),
        Standing.BAD: _("To correct"),
        Standing.UNKNOWN: _("Not known"),
    }[standing]


def _label(subject: Subject) -> str:
    return {
        Subject.SPF: _("SPF: who may send"),
        Subject.DKIM: _("DKIM: the signature"),
        Subject.DMARC: _("DMARC: what receivers do"),
        Subject.MX: _("MX: answers come back"),
        Subject.TLS: _("TLS: the line to the mail server"),
    }[subject]
