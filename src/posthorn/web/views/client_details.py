"""Shows what is agreed with a client, and changes it: numbers, approval, trusted suppliers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from posthorn.tenancy import clients as services
from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.life import ApprovalMode
from posthorn.tenancy.members import open_invitations
from posthorn.tenancy.numbers import Number, NumberScheme, normalised
from posthorn.tenancy.roles import Permission
from posthorn.web import client_pages
from posthorn.web.access import opens
from posthorn.web.bindings import client_of
from posthorn.web.client_forms import (
    SCHEMES,
    ApprovalForm,
    InviteForm,
    NumberForm,
    SupplierForm,
)
from posthorn.web.client_pages import client_page, head_of

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, QueryDict

    from posthorn.web.access import Space
    from posthorn.web.client_pages import Head

office = opens(Permission.MANAGE_CLIENTS)


@opens()
@require_safe
def details(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Show what is agreed with a client."""
    return shown(request, space, client_id)


def shown(request: HttpRequest, space: Space, client_id: UUID, **typed: forms.Form) -> HttpResponse:
    """Show the page; `typed` are the forms with what somebody wrote and what is wrong with it."""
    head = head_of(space, client_id, client_pages.DETAILS)
    client = head.client
    words = dict(SCHEMES)
    return client_page(
        request,
        space,
        head,
        "clients/details.html",
        numbers=[(number, words[number.scheme.value]) for number in client.numbers],
        invitations=open_invitations(space.firm, client_id) if head.may_assign else (),
        **{**_forms(head), **typed},
    )


def _forms(head: Head) -> dict[str, object]:
    client = head.client
    return {
        "number_form": NumberForm(initial={"scheme": NumberScheme.ENTERPRISE.value}),
        "approval_form": ApprovalForm(initial={"approval": client.approval.value}),
        "supplier_form": SupplierForm(),
        "invite_form": InviteForm(initial={"language": client.language}),
    }


@office
@require_POST
def add_number(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Add a number under which documents name the client."""
    client_of(space, client_id)
    form = NumberForm(_typed(request, "value"))
    if form.is_valid():
        given = form.cleaned_data
        scheme = NumberScheme(given["scheme"])
        try:
            with transaction.atomic():
                number = services.add_number(
                    space.firm, client_id, scheme, given["value"], actor=space.actor
                )
        except TenancyError as refusal:
            form.add_error("value", str(refusal))
        else:
            said = gettext("%(number)s is added: documents with it are this client's.")
            messages.success(request, said % {"number": number.value})
            return _back(space, client_id, "numbers")
    return shown(request, space, client_id, number_form=form)


@office
@require_POST
def remove_number(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Take a number away; the toast offers to put it back."""
    client_of(space, client_id)
    form = NumberForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        number = Number(scheme=NumberScheme(given["scheme"]), value=given["value"])
        with transaction.atomic():
            services.remove_number(space.firm, client_id, number, actor=space.actor)
        said = gettext("%(number)s is removed.") % {"number": number.value}
        undo = _undo(space.url("client_number_add", client_id), request)
        messages.success(request, said, extra_tags=undo)
    return _back(space, client_id, "numbers")


def _typed(request: HttpRequest, name: str) -> QueryDict:
    """Give what was typed; an undo has it in its address."""
    return request.POST if name in request.POST else request.GET


def _undo(address: str, request: HttpRequest) -> str:
    """Give the address that puts back what was taken away; the form's token stays out of it."""
    asked = request.POST.copy()
    asked.pop("csrfmiddlewaretoken", None)
    return f"{address}?{asked.urlencode()}"


@office
@require_POST
def set_approval(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Choose which purchase documents need no person."""
    client_of(space, client_id)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return shown(request, space, client_id, approval_form=form)
    with transaction.atomic():
        wanted = ApprovalMode(form.cleaned_data["approval"])
        services.set_approval(space.firm, client_id, wanted, actor=space.actor)
    said = gettext(
        "The approval method is saved. It applies to documents that come in from now on."
    )
    messages.success(request, said)
    return _back(space, client_id, "approval")


@office
@require_POST
def trust(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Trust a seller of this client from now on."""
    client = client_of(space, client_id)
    form = SupplierForm(_typed(request, "number"))
    if form.is_valid():
        try:
            text = form.cleaned_data["number"]
            number = normalised(NumberScheme.VAT, text, country=client.country)
        except TenancyError as refusal:
            form.add_error("number", str(refusal))
        else:
            with transaction.atomic():
                services.trust_supplier(space.firm, client_id, number, actor=space.actor)
            said = gettext("%(number)s is trusted from now on.") % {"number": number.value}
            messages.success(request, said)
            return _back(space, client_id, "suppliers")
    return shown(request, space, client_id, supplier_form=form)


@office
@require_POST
def untrust(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Trust a seller no longer."""
    client_of(space, client_id)
    form = SupplierForm(request.POST)
    if form.is_valid():
        number = Number(scheme=NumberScheme.VAT, value=form.cleaned_data["number"])
        with transaction.atomic():
            services.untrust_supplier(space.firm, client_id, number, actor=space.actor)
        said = gettext("%(number)s is no longer trusted.") % {"number": number.value}
        undo = _undo(space.url("client_trust", client_id), request)
        messages.success(request, said, extra_tags=undo)
    return _back(space, client_id, "suppliers")


def _back(space: Space, client_id: UUID, part: str) -> HttpResponse:
    return HttpResponseRedirect(f"{space.url('client_details', client_id)}#{part}")
