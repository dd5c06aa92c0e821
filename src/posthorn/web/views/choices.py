"""The lists that packages give to choose from: asked for beside the form, shown when they come."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from posthorn.connections import choices, queries
from posthorn.sdk.fields import effects_of
from posthorn.web.bindings import client_of, package_of
from posthorn.web.declared import Given, row_of
from posthorn.web.form_rows import PREFIX
from posthorn.web.languages import language
from posthorn.web.offers import Bound, ask, chosen, offers_of
from posthorn.web.views.integrations import office

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.web.access import Space
    from posthorn.web.form_rows import Row


@office
@require_http_methods(["GET", "HEAD", "POST"])
def listed(
    request: HttpRequest, space: Space, client_id: UUID, package_id: UUID, field: str
) -> HttpResponse:
    """Have a list asked for, or answer how far that is; as a page of its own, the form it is in."""
    bound = _bound(space, client_id, package_id)
    if field not in choices.remote_fields(bound.loaded):
        raise Http404
    if request.method == "POST":
        ask(bound, field)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(_form(bound))
    typed = (request.POST if request.method == "POST" else request.GET).get(PREFIX + field)
    row = _row(bound, field, typed)
    if row.offer and row.offer.is_running:
        return render(request, "ui/_declared_list.html", {"space": space, "row": row})
    # What can be chosen changed: the whole field is drawn anew, once.
    answer = render(request, "ui/_declared_row.html", {"space": space, "row": row})
    answer["HX-Retarget"] = f"#field-{row.name}"
    answer["HX-Reswap"] = "outerHTML"
    return answer


def _bound(space: Space, client_id: UUID, package_id: UUID) -> Bound:
    client = client_of(space, client_id)
    package, loaded = package_of(space, package_id)
    every = queries.integrations_of(space.firm, client.pk)
    own = next((one for one in every if one.connection_id == package.id), None)
    return Bound(space=space, client=client, package=package, loaded=loaded, integration=own)


def _row(bound: Bound, field: str, typed: str | None) -> Row:
    stored = dict(bound.integration.settings) if bound.integration else {}
    values = stored if typed is None else {**stored, field: typed}
    offers = offers_of(bound, values)
    spec = bound.loaded.spec
    given = Given(
        values=chosen(values, offers),
        starts=bound.package.settings,
        effects=effects_of(spec.firm_settings, bound.package.settings),
        offers=offers,
    )
    return row_of(spec.client_settings, field, given, language())


def _form(bound: Bound) -> str:
    if bound.integration:
        return bound.space.url("integration_edit", bound.client.pk, bound.integration.id)
    return bound.space.url("integration_add", bound.client.pk, bound.package.id)
