"""Shows the firm's people, changes what they may do and for whom, and ends memberships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from posthorn.tenancy import people as services
from posthorn.tenancy.assignments import set_assignments
from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.members import (
    clients_assigned_to,
    members,
    open_invitations,
)
from posthorn.tenancy.members import (
    member as find_member,
)
from posthorn.tenancy.pages import BadCursorError
from posthorn.tenancy.queries import clients_visible_to
from posthorn.tenancy.roles import Permission, Role
from posthorn.tenancy.wording import ROLES
from posthorn.web.access import opens, person_of
from posthorn.web.account_forms import ROLE_SENTENCES, MemberForm
from posthorn.web.accounts import second_factors
from posthorn.web.client_boxes import boxes_of, is_looking, ticked
from posthorn.web.shell import next_page, page

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise

    from posthorn.tenancy.members import InvitedRow, MemberRow
    from posthorn.web.access import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody on the list, with the word for what they are."""

    row: MemberRow | InvitedRow
    role: str | Promise
    has_second_factor: bool = False
    is_self: bool = False

    @property
    def is_unassigned(self) -> bool:
        """Tell whether it is an accountant who sees nothing yet."""
        return self.row.role is Role.ACCOUNTANT and not self.row.assigned


@opens(Permission.MANAGE_PEOPLE)
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show one page of the firm's people, and who is invited."""
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    try:
        found = members(space.firm, text=text, after=after)
    except BadCursorError as error:
        raise BadRequest from error
    factors = second_factors(row.person for row in found.rows)
    own = person_of(request).pk
    invited = open_invitations(space.firm) if not after and not text else ()
    return page(
        request,
        space,
        "people/list.html",
        here="people",
        lines=[_line(row, factors, own) for row in found.rows],
        invited=[Line(row=row, role=ROLES[row.role]) for row in invited if row.role],
        roles=[(ROLES[role], ROLE_SENTENCES[role]) for role in Role],
        q=text,
        is_later=bool(after),
        next=next_page(request, found.after),
    )


def _line(row: MemberRow, factors: frozenset[UUID], own: UUID) -> Line:
    return Line(
        row=row,
        role=ROLES[row.role],
        has_second_factor=row.person in factors,
        is_self=row.person == own,
    )


@opens(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, space: Space, membership: UUID) -> HttpResponse:
    """Show somebody; keep another role, and for an accountant the clients."""
    row = _found(space, membership)
    is_kept = request.method == "POST" and not is_looking(request.POST)
    ids = clients_visible_to(space.firm, space.viewer).values_list("pk", flat=True)
    initial = {"role": row.role.value, **request.POST.dict()}
    form = MemberForm(request.POST if is_kept else None, ids, initial=initial)
    if is_kept and form.is_valid() and _kept(space, row, form):
        messages.success(request, _("%(name)s is saved.") % {"name": row.name})
        return HttpResponseRedirect(_after(request, space, row, form.role_given))
    return page(
        request,
        space,
        "people/member.html",
        here="people",
        line=_line(row, second_factors([row.person]), person_of(request).pk),
        form=form,
        boxes=boxes_of(space, request.POST, _ticked(request, space, membership)),
    )


def _ticked(request: HttpRequest, space: Space, membership: UUID) -> Collection[UUID]:
    if request.method == "POST":
        return ticked(request.POST)
    return clients_assigned_to(space.firm, membership)


def _kept(space: Space, row: MemberRow, form: MemberForm) -> bool:
    role = form.role_given
    try:
        with transaction.atomic():
            if role is not row.role:
                services.change_role(space.firm, row.id, role, actor=space.actor)
            if role is Role.ACCOUNTANT:
                set_assignments(space.firm, row.id, form.clients_given, actor=space.actor)
    except TenancyError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _after(request: HttpRequest, space: Space, row: MemberRow, role: Role) -> str:
    """Send whoever is no administrator any more to where they may still be."""
    is_leaving = row.person == person_of(request).pk and role is not Role.ADMINISTRATOR
    return space.url("overview") if is_leaving else space.url("people")


@opens(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, space: Space, membership: UUID) -> HttpResponse:
    """Ask, then end somebody's place in the firm."""
    row = _found(space, membership)
    is_self = row.person == person_of(request).pk
    if request.method == "POST":
        try:
            with transaction.atomic():
                services.remove_member(space.firm, membership, actor=space.actor)
        except TenancyError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(space.url("member", membership))
        messages.success(request, _("%(name)s is removed.") % {"name": row.name})
        return HttpResponseRedirect("/" if is_self else space.url("people"))
    return page(
        request,
        space,
        "people/remove.html",
        here="people",
        line=Line(row=row, role=ROLES[row.role], is_self=is_self),
    )


def _found(space: Space, membership: UUID) -> MemberRow:
    row = find_member(space.firm, membership)
    if row is None:
        raise Http404
    return row
