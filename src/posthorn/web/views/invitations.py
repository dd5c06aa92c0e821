"""Invites people into the firm, sends invitations again and takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from posthorn.tenancy.errors import NotFoundError, TenancyError
from posthorn.tenancy.invitations import (
    Issued,
    invite_member,
    resend_invitation,
    revoke_invitation,
)
from posthorn.tenancy.queries import clients_visible_to, firm_facts
from posthorn.tenancy.roles import Permission, Role
from posthorn.web.access import opens
from posthorn.web.account_forms import InvitationForm
from posthorn.web.client_boxes import boxes_of, is_looking, ticked
from posthorn.web.invitations import posted
from posthorn.web.shell import acted, not_there, page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Space


def invite(request: HttpRequest, firm: UUID) -> HttpResponse:
    """Ask whom to invite as what; then send the invitation."""
    issued: list[Issued] = []
    return posted(request, issued, _invite(request, firm=firm, issued=issued))


@opens(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def _invite(request: HttpRequest, space: Space, issued: list[Issued]) -> HttpResponse:
    is_kept = request.method == "POST" and not is_looking(request.POST)
    ids = clients_visible_to(space.firm, space.viewer).values_list("pk", flat=True)
    initial = {
        "language": firm_facts(space.firm).language,
        "role": Role.ACCOUNTANT.value,
        **request.POST.dict(),
    }
    form = InvitationForm(request.POST if is_kept else None, ids, initial=initial)
    if is_kept and form.is_valid() and _issued(space, form, issued):
        return HttpResponseRedirect(space.url("people"))
    boxes = boxes_of(space, request.POST, ticked(request.POST))
    return page(request, space, "people/invite.html", here="people", form=form, boxes=boxes)


def _issued(space: Space, form: InvitationForm, issued: list[Issued]) -> bool:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            one = invite_member(
                space.firm,
                given["email"],
                form.role_given,
                form.clients_given,
                language=given["language"],
                actor=space.actor,
            )
    except TenancyError as refusal:
        form.add_error(None, str(refusal))
        return False
    issued.append(one)
    return True


def resend(request: HttpRequest, firm: UUID, invitation: UUID) -> HttpResponse:
    """Send an invitation again, with another link."""
    issued: list[Issued] = []
    return posted(
        request, issued, _resend(request, firm=firm, invitation=invitation, issued=issued)
    )


@opens(Permission.MANAGE_PEOPLE)
@require_POST
def _resend(
    request: HttpRequest, space: Space, invitation: UUID, issued: list[Issued]
) -> HttpResponse:
    try:
        with not_there(NotFoundError), transaction.atomic():
            issued.append(resend_invitation(space.firm, invitation, actor=space.actor))
    except TenancyError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(space.url("people"))


@opens(Permission.MANAGE_PEOPLE)
@require_POST
def revoke(request: HttpRequest, space: Space, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""

    def action() -> None:
        with not_there(NotFoundError):
            revoke_invitation(space.firm, invitation, actor=space.actor)

    done = _("The invitation is taken back: its link no longer works.")
    return acted(request, space.url("people"), done, action, TenancyError)
