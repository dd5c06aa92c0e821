"""Shows and keeps what is known of the firm itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings as installation
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.queries import firm_facts
from posthorn.tenancy.roles import Permission
from posthorn.tenancy.services import ask_second_person, save_firm
from posthorn.web.access import opens
from posthorn.web.account_forms import FirmForm
from posthorn.web.mail import can_send
from posthorn.web.shell import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Space


@opens(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, space: Space) -> HttpResponse:
    """Show the firm's name and language, and keep others."""
    before = firm_facts(space.firm)
    initial = {
        "name": before.name,
        "language": before.language,
        "asks_second_person": before.asks_second_person,
    }
    form = FirmForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(space, form):
        messages.success(request, _("The settings of the firm are saved."))
        return HttpResponseRedirect(space.url("settings"))
    sender = installation.POSTHORN.mail_from if can_send() else ""
    return page(request, space, "settings/settings.html", here="settings", form=form, sender=sender)


def _saved(space: Space, form: FirmForm) -> bool:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            save_firm(space.firm, given["name"], given["language"], actor=space.actor)
            asks = given["asks_second_person"]
            ask_second_person(space.firm, asks=asks, actor=space.actor)
    except TenancyError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
