"""Adds a client and changes it: edit, pause and release, archive and take back, assign people."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from posthorn.delivery.queries.client_open import count_open
from posthorn.tenancy import clients as services
from posthorn.tenancy.assignments import assign_many, unassign_many
from posthorn.tenancy.directory import colleagues_of
from posthorn.tenancy.edits import Change, edit_client
from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.life import ApprovalMode, ClientState
from posthorn.tenancy.numbers import NumberScheme
from posthorn.tenancy.roles import Permission, Role
from posthorn.web import client_pages
from posthorn.web.access import opens
from posthorn.web.bindings import client_of
from posthorn.web.client_forms import ClientForm, NewClientForm
from posthorn.web.client_pages import client_page, head_of
from posthorn.web.shell import acted, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest

    from posthorn.tenancy.directory import Colleague
    from posthorn.web.access import Space
    from posthorn.web.rows import Company

office = opens(Permission.MANAGE_CLIENTS)
asked = require_http_methods(["GET", "HEAD", "POST"])


@office
@asked
def add(request: HttpRequest, space: Space) -> HttpResponse:
    """Ask what is known of a new client, and add it."""
    form = NewClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = _saved(
            form, lambda: services.create_client(space.firm, _new(form), actor=space.actor)
        )
        if made is not None:
            said = gettext("%(client)s is added. Connect it to its accounting package next.")
            messages.success(request, said % {"client": made.name})
            return HttpResponseRedirect(space.url("client", made.pk))
    return page(request, space, "clients/add.html", here="clients", form=form)


def _new(form: NewClientForm) -> services.NewClient:
    given = form.cleaned_data
    text = given["number"].strip()
    scheme = NumberScheme.VAT if text[:2].isalpha() else NumberScheme.ENTERPRISE
    return services.NewClient(
        dossier_number=given["dossier_number"],
        name=given["name"],
        country=given["country"],
        language=given["language"],
        approval=ApprovalMode(given["approval"]),
        numbers=((scheme, text),) if text else (),
    )


def _saved(form: forms.Form, save: Callable[[], Company]) -> Company | None:
    """Save, or say beside the field what is wrong."""
    try:
        with transaction.atomic():
            return save()
    except TenancyError as refusal:
        field = _FIELDS.get(refusal.code)
        form.add_error(field if field in form.fields else None, str(refusal))
    return None


_FIELDS = {
    "bad_country": "country",
    "bad_number": "number",
    "dossier_number_taken": "dossier_number",
    "number_taken": "number",
}


@office
@asked
def edit(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Ask what is to be different about a client, and change it."""
    client = client_of(space, client_id)
    known = {
        "name": client.name,
        "dossier_number": client.dossier_number,
        "country": client.country,
        "language": client.language,
    }
    form = ClientForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        change = Change(**form.cleaned_data)
        made = _saved(form, lambda: edit_client(space.firm, client_id, change, actor=space.actor))
        if made is not None:
            messages.success(request, gettext("The client is saved."))
            return HttpResponseRedirect(space.url("client_details", client_id))
    return page(request, space, "clients/edit.html", here="clients", form=form, client=client)


@office
@require_POST
def pause(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Stop sending for a client."""
    client = client_of(space, client_id)
    with transaction.atomic():
        services.pause_client(space.firm, client_id, actor=space.actor)
    said = gettext("%(client)s is paused: what is released waits.") % {"client": client.name}
    messages.success(request, said, extra_tags=space.url("client_release", client_id))
    return HttpResponseRedirect(space.url("client", client_id))


@office
@require_POST
def release(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """End a client's pause."""
    client = client_of(space, client_id)
    with transaction.atomic():
        services.release_client(space.firm, client_id, actor=space.actor)
    said = pgettext("client", "%(client)s is released: what waited goes in its turn.")
    messages.success(request, said % {"client": client.name})
    return HttpResponseRedirect(space.url("client", client_id))


@office
@asked
def archive(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Say what stops when a client is archived; then archive it."""
    client = client_of(space, client_id)
    if request.method == "POST":
        said = gettext("%(client)s is archived.") % {"client": client.name}

        def action() -> None:
            services.change_state(space.firm, client_id, ClientState.ARCHIVED, actor=space.actor)

        return acted(request, space.url("client", client_id), said, action, TenancyError)
    stops = count_open(space.firm, space.viewer, [client_id]) if space.reads_documents else None
    return page(request, space, "clients/archive.html", here="clients", client=client, stops=stops)


@office
@require_POST
def take_back(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Make an archived client active again."""
    client = client_of(space, client_id)
    said = gettext("%(client)s is active again.") % {"client": client.name}

    def action() -> None:
        services.change_state(space.firm, client_id, ClientState.ACTIVE, actor=space.actor)

    return acted(request, space.url("client", client_id), said, action, TenancyError)


@opens(Permission.MANAGE_PEOPLE)
@asked
def assign(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Ask which accountants work on a client; then let exactly those."""
    head = head_of(space, client_id, client_pages.DETAILS)
    before = {one.id for one in head.client.assigned}
    people = accountants(space)
    if request.method == "POST":
        wanted = chosen_people(request, people)

        def action() -> None:
            assign_many(space.firm, wanted, [client_id], actor=space.actor)
            unassign_many(space.firm, before - wanted, [client_id], actor=space.actor)

        said = ngettext(
            "%(number)s person works on %(client)s.",
            "%(number)s people work on %(client)s.",
            len(wanted),
        )
        done = said % {"number": len(wanted), "client": head.client.name}
        return acted(request, space.url("client", client_id), done, action, TenancyError)
    rows = [(one, one.id in before) for one in people]
    return client_page(request, space, head, "clients/assign.html", people=rows)


def accountants(space: Space) -> list[Colleague]:
    """Give the people of the firm who can be assigned, by name."""
    found = [one for one in colleagues_of(space.firm) if one.role is Role.ACCOUNTANT]
    return sorted(found, key=lambda one: one.name.casefold())


def chosen_people(request: HttpRequest, people: list[Colleague]) -> set[UUID]:
    """Read which of these people somebody chose."""
    wanted = set(request.POST.getlist("people"))
    return {one.id for one in people if str(one.id) in wanted}
