"""Lets people of a client's own company into its Business Space, and takes them out again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from posthorn.tenancy.business_space import remove_client_person
from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.invitations import (
    Issued,
    invite_client_person,
    resend_invitation,
    revoke_invitation,
)
from posthorn.tenancy.members import open_invitations
from posthorn.tenancy.roles import Permission
from posthorn.web import client_pages
from posthorn.web.access import opens
from posthorn.web.bindings import client_of
from posthorn.web.client_forms import InviteForm
from posthorn.web.client_pages import client_page, head_of
from posthorn.web.invitations import posted
from posthorn.web.shell import acted
from posthorn.web.views.client_details import shown

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.web.access import Space


def invite(request: HttpRequest, firm: UUID, client_id: UUID) -> HttpResponse:
    """Invite an address; the mail goes once the transaction is over."""
    issued: list[Issued] = []
    response = _invite(request, firm=firm, client_id=client_id, issued=issued)
    return posted(request, issued, response)


@opens(Permission.MANAGE_PEOPLE)
@require_POST
def _invite(
    request: HttpRequest, space: Space, client_id: UUID, issued: list[Issued]
) -> HttpResponse:
    client_of(space, client_id)
    form = InviteForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                one = invite_client_person(
                    space.firm,
                    client_id,
                    given["email"],
                    language=given["language"],
                    actor=space.actor,
                )
        except TenancyError as refusal:
            form.add_error("email", str(refusal))
        else:
            issued.append(one)
            return _back(space, client_id)
    return shown(request, space, client_id, invite_form=form)


def resend(
    request: HttpRequest, firm: UUID, client_id: UUID, client_invitation: UUID
) -> HttpResponse:
    """Send an invitation again, with another link."""
    issued: list[Issued] = []
    response = _resend(
        request, firm=firm, client_id=client_id, client_invitation=client_invitation, issued=issued
    )
    return posted(request, issued, response)


@opens(Permission.MANAGE_PEOPLE)
@require_POST
def _resend(
    request: HttpRequest,
    space: Space,
    client_id: UUID,
    client_invitation: UUID,
    issued: list[Issued],
) -> HttpResponse:
    _demand(space, client_id, client_invitation)
    try:
        with transaction.atomic():
            issued.append(resend_invitation(space.firm, client_invitation, actor=space.actor))
    except TenancyError as refusal:
        messages.error(request, str(refusal))
    return _back(space, client_id)


@opens(Permission.MANAGE_PEOPLE)
@require_POST
def revoke(
    request: HttpRequest, space: Space, client_id: UUID, client_invitation: UUID
) -> HttpResponse:
    """Take an invitation back."""
    _demand(space, client_id, client_invitation)

    def action() -> None:
        revoke_invitation(space.firm, client_invitation, actor=space.actor)

    back = f"{space.url('client_details', client_id)}#people"
    done = gettext("The invitation is taken back: its link no longer works.")
    return acted(request, back, done, action, TenancyError)


def _demand(space: Space, client_id: UUID, invitation: UUID) -> None:
    """Demand an invitation into this client's space that is still open."""
    client_of(space, client_id)
    if all(one.id != invitation for one in open_invitations(space.firm, client_id)):
        raise Http404


@opens(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, space: Space, client_id: UUID, person_id: UUID) -> HttpResponse:
    """Say what somebody loses; then take them out of the Business Space."""
    head = head_of(space, client_id, client_pages.DETAILS)
    person = next((one for one in head.client.people if one.person == person_id), None)
    if person is None:
        raise Http404
    if request.method != "POST":
        return client_page(request, space, head, "clients/person_remove.html", person=person)

    def action() -> None:
        remove_client_person(space.firm, client_id, person_id, actor=space.actor)

    done = gettext("%(name)s has no access any more.") % {"name": person.name}
    back = f"{space.url('client_details', client_id)}#people"
    return acted(request, back, done, action, TenancyError)


def _back(space: Space, client_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{space.url('client_details', client_id)}#people")
