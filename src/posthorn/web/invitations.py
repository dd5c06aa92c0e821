"""Sends invitations by mail, and gives the link to whoever invited when a mail cannot leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from posthorn.tenancy.acceptance import invitation_of
from posthorn.web.mail import Letter, NotSentError, can_send, post, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from posthorn.tenancy.invitations import Issued


def posted(request: HttpRequest, issued: Sequence[Issued], response: HttpResponse) -> HttpResponse:
    """Send what was issued, after its transaction; gives the response, or a page with the link.

    Call it outside the view that `opens` a space: a slow relay must hold no transaction open.
    """
    for one in issued:
        invited = invitation_of(one.token)
        link = request.build_absolute_uri(reverse("invitation", args=[one.token]))
        facts = {"invited": invited, "link": link}
        letter = Letter(
            name="invitations/mail", to=invited.email, language=invited.language, facts=facts
        )
        try:
            post(written(letter))
        except NotSentError:
            back = {"back": response.headers["Location"], "has_relay": can_send()}
            return render(request, "invitations/link.html", {**facts, **back})
        told = _("The invitation is on its way to %(email)s.") % {"email": invited.email}
        messages.success(request, told)
    return response
