"""Puts notices into the words of whoever reads them, with a link to the page where one acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from posthorn.delivery.notices.ports import Batch, Words
from posthorn.kernel.redact import clean
from posthorn.kernel.zone import zone
from posthorn.tenancy.notice_kinds import NOTICES, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID


_MOST_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One notice in words, in the language that is in force."""

    subject: str
    text: str
    button: str
    path: str
    made_at: datetime


def said(
    kind: NoticeKind, firm: UUID | None, detail: Mapping[str, str | int], at: datetime
) -> Said:
    """Put one fact into words; names in it were cleaned when it was written."""
    terms = NOTICES[kind]
    return Said(
        subject=str(terms.subject % detail),
        text=str(terms.text % detail),
        button=str(terms.button),
        path=_path(kind, firm, detail),
        made_at=at,
    )


def _path(kind: NoticeKind, firm: UUID | None, detail: Mapping[str, str | int]) -> str:
    if firm is None:
        return reverse("mfa_index")
    return _PATHS[kind](firm, detail)


def _package(firm: UUID, detail: Mapping[str, str | int]) -> str:
    return reverse("firm:package", args=[firm, detail["connection"]])


def _deliveries(firm: UUID, _detail: Mapping[str, str | int]) -> str:
    return f"{reverse('firm:deliveries', args=[firm])}?state=attention"


def _addresses(firm: UUID, detail: Mapping[str, str | int]) -> str:
    return reverse("firm:connection", args=[firm, detail["client_id"]])


def _change(firm: UUID, detail: Mapping[str, str | int]) -> str:
    return reverse("firm:change", args=[firm, detail["client_id"], detail["change"]])


_PATHS: Mapping[NoticeKind, Callable[[UUID, Mapping[str, str | int]], str]] = {
    NoticeKind.SIGN_IN_REPLACED: _package,
    NoticeKind.SIGN_IN_ENDED: _package,
    NoticeKind.SIGN_IN_IDLE: _package,
    NoticeKind.DELIVERIES_WAIT: _deliveries,
    NoticeKind.ADDRESS_CHANGED: _addresses,
    NoticeKind.DECISION_WANTED: _change,
}


class NoticeWriter:
    """Implements posthorn.delivery.notices.ports.Writer with this site's pages and templates."""

    def write(self, batch: Batch) -> Words:
        """Write one fact as itself, several as a list with a link to all of them."""
        with translation.override(batch.language), timezone.override(zone()):
            told = [said(one.kind, batch.firm, one.detail, one.made_at) for one in batch.items]
            facts = _facts(batch, told)
            text = render_to_string("notices/mail_message.txt", facts)
            page = render_to_string("notices/mail_message.html", facts)
        return Words(
            subject=str(facts["heading"]), text=text.strip() + "\n", page=page.strip() + "\n"
        )


def _facts(batch: Batch, told: list[Said]) -> dict[str, object]:
    is_one = len(told) == 1
    path = told[0].path if is_one else reverse("own_notices")
    return {
        "language": batch.language,
        "heading": told[0].subject if is_one else _several(batch, len(told)),
        "name": clean(batch.name),
        "firm": clean(batch.firm_name),
        "is_one": is_one,
        "told": told[:_MOST_LISTED],
        "more": max(0, len(told) - _MOST_LISTED),
        "button": told[0].button if is_one else _("Look at all of them"),
        "link": f"{settings.POSTHORN.public_url.rstrip('/')}{path}",
    }


def _several(batch: Batch, number: int) -> str:
    if batch.firm is None:
        return _("%(number)s changes to your account") % {"number": number}
    return _("%(number)s notices about %(firm)s") % {
        "number": number,
        "firm": clean(batch.firm_name),
    }
