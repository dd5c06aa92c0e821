"""Shows people what they are told by mail, and keeps what they do not want to hear of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from posthorn.delivery.notices.posting import can_post
from posthorn.kernel.zone import zone
from posthorn.tenancy.notice_kinds import NOTICES
from posthorn.tenancy.notices import choices_of, choose, latest_notices
from posthorn.web.access import person_of
from posthorn.web.notices import Said, said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from posthorn.tenancy.notices import Choice


class NoticesForm(forms.Form):
    """Which notices somebody wants; a switch for each kind that the own roles concern."""

    def __init__(self, data: object, choices: Iterable[Choice]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a request's QueryDict
        for one in choices:
            label = NOTICES[one.kind].label
            self.fields[one.kind.value] = forms.BooleanField(
                label=label, required=False, initial=one.is_on
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One notice as the page shows it."""

    said: Said
    firm: str
    is_sent: bool
    is_waiting: bool


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show and keep what somebody is mailed, and list what happened lately."""
    person = person_of(request).pk
    choices = choices_of(person)
    optional = [one for one in choices if not NOTICES[one.kind].is_own]
    # A form of switches alone is empty when all of them are off.
    form = NoticesForm(request.POST if request.method == "POST" else None, optional)
    if form.is_bound and form.is_valid():
        choose(person, {one.kind: form.cleaned_data[one.kind.value] for one in optional})
        messages.success(request, _("Your choice is saved."))
        return HttpResponseRedirect(reverse("own_notices"))
    always = [NOTICES[one.kind].label for one in choices if NOTICES[one.kind].is_own]
    context = {
        "form": form,
        "always": list(dict.fromkeys(map(str, always))),
        "latest": _latest(person),
        "can_post": can_post(),
    }
    with timezone.override(zone()):
        return render(request, "account/notices.html", context)


def _latest(person: UUID) -> list[Shown]:
    return [
        Shown(
            said=said(one.kind, one.firm, one.detail, one.made_at),
            firm=one.firm_name,
            is_sent=one.is_sent,
            is_waiting=one.is_waiting,
        )
        for one in latest_notices(person)
    ]
