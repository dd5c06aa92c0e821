"""Shows people their own settings, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from allauth.account import views as allauth_account
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from posthorn.kernel.zone import zone
from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.people import save_person
from posthorn.web.account_forms import PreferencesForm
from posthorn.web.devices import device_of
from posthorn.web.mail import can_send

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One place where a person is signed in."""

    name: str
    address: str
    since: datetime
    is_here: bool


def reset(request: HttpRequest) -> HttpResponse:
    """Send a link for another password; without a relay say whom to ask."""
    if not can_send():
        return render(request, "account/password_reset_closed.html")
    return cast("HttpResponse", allauth_account.password_reset(request))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and keep name, language, colours and keys."""
    person: Any = request.user
    before = {name: getattr(person, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid() and _saved(person, form):
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your settings are saved."))
        return HttpResponseRedirect(reverse("own_settings"))
    return render(request, "account/settings.html", {"form": form})


def _saved(person: Person, form: PreferencesForm) -> bool:
    try:
        save_person(person.pk, form.preferences(), actor=person.email)
    except TenancyError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in, and sign out everywhere else."""
    if request.method == "POST":
        end_other_sessions(request, request.user)
        messages.success(request, _("You are signed out on every other device."))
        return HttpResponseRedirect(reverse("own_sessions"))
    rows = UserSession.objects.purge_and_list(request.user)
    devices = [_device(row) for row in sorted(rows, key=lambda row: row.created_at, reverse=True)]
    others = sum(not device.is_here for device in devices)
    with timezone.override(zone()):
        return render(request, "account/sessions.html", {"devices": devices, "others": others})


def _device(row: UserSession) -> Device:
    return Device(
        name=device_of(row.user_agent),
        address=row.ip,
        since=row.created_at,
        is_here=row.is_current(),
    )
