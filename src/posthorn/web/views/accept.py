"""Lets in whoever holds an invitation's link; reading the link alone changes nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, cast

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from posthorn.tenancy.acceptance import NewPerson, accept_invitation, invitation_of
from posthorn.tenancy.errors import (
    ExpiredInvitationError,
    LinkEndedError,
    RevokedInvitationError,
    TenancyError,
    UnknownInvitationError,
    UsedInvitationError,
    WrongPersonError,
)
from posthorn.tenancy.wording import ROLES
from posthorn.web.access import person_of
from posthorn.web.account_forms import NewPersonForm
from posthorn.web.languages import LANGUAGES

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.tenancy.acceptance import Entrance, Invited

_OVER = {
    UnknownInvitationError: (_("There is no such invitation"), 404),
    UsedInvitationError: (_("This invitation was accepted already"), 410),
    RevokedInvitationError: (_("This invitation was taken back"), 410),
    ExpiredInvitationError: (_("This invitation has expired"), 410),
    LinkEndedError: (_("The link with the firm has ended"), 410),
    WrongPersonError: (_("This invitation is for somebody else"), 409),
}


class Who(StrEnum):
    """Who holds the link, as far as the site knows."""

    NEW = "new"  # nobody signs in with the address yet
    SIGN_IN = "sign_in"  # somebody does, but is not signed in
    THEMSELVES = "themselves"
    OTHER = "other"  # signed in with another address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation, and accept it when somebody says so."""
    response = _answer(request, token)
    # Nothing that the page asks for, not even from ourselves, may carry the token along. Not
    # `no-referrer`: browsers then hide the origin of forms, by which forgeries are told.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invited = invitation_of(token)
        with translation.override(_language(request, invited)):
            return _page(request, token, invited)
    except tuple(_OVER) as refusal:
        title, status = _OVER[type(refusal)]
        facts = {"title": title, "text": str(refusal), "is_used": status != 404}  # noqa: PLR2004
        return render(request, "invitations/over.html", facts, status=status)


def _page(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    who = _who(request, invited)
    form = NewPersonForm(request.POST or None if who is Who.NEW else None)
    if request.method == "POST":
        if who is Who.THEMSELVES:
            return HttpResponseRedirect(_place(accept_invitation(token, person_of(request).pk)))
        if who is Who.NEW and form.is_valid():
            response = _let_in(request, token, invited, form)
            if response is not None:
                return response
    shown = {
        "invited": invited,
        "role": ROLES[invited.role] if invited.role else "",
        "who": who.value,
        "form": form,
        "here": request.path,
    }
    return render(request, "invitations/accept.html", shown)


def _who(request: HttpRequest, invited: Invited) -> Who:
    if request.user.is_authenticated:
        is_same = person_of(request).email == invited.email
        return Who.THEMSELVES if is_same else Who.OTHER
    return Who.SIGN_IN if invited.is_known else Who.NEW


def _let_in(
    request: HttpRequest, token: str, invited: Invited, form: NewPersonForm
) -> HttpResponse | None:
    """Make the person, sign them in and bring them to where they were invited."""
    password = form.cleaned_data["password"]
    person = NewPerson(
        name=form.cleaned_data["name"], password=password, language=_language(request, invited)
    )
    try:
        entrance = accept_invitation(token, person)
    except tuple(_OVER):
        raise
    except TenancyError as refusal:
        form.add_error(None, str(refusal))
        return None
    user = authenticate(request, email=invited.email, password=password)
    signed_in = perform_login(request, user, redirect_url=_place(entrance))
    return cast("HttpResponse", signed_in)


def _language(request: HttpRequest, invited: Invited) -> str:
    """Give the language somebody chose here; before that, the one of the invitation."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if request.user.is_authenticated:
        chosen = str(getattr(request.user, "language", ""))
    return chosen if chosen in LANGUAGES else invited.language


def _place(entrance: Entrance) -> str:
    if entrance.client is not None:
        return reverse("client:overview", args=[entrance.client])
    return reverse("firm:overview", args=[entrance.firm])
