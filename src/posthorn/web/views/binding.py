"""Binds many clients to a package at once: asked, proposed, saved, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from posthorn.connections import errands
from posthorn.connections.binding import BIND, LIST, MAX_AT_ONCE
from posthorn.connections.errors import NotFoundError
from posthorn.connections.judgement import from_json, to_json
from posthorn.connections.proposals import field_of, propose
from posthorn.tenancy.queries import clients_visible_to
from posthorn.tenancy.roles import Permission
from posthorn.web import packages
from posthorn.web.access import opens
from posthorn.web.bindings import package_of
from posthorn.web.languages import language
from posthorn.web.places import line_of
from posthorn.web.shell import page
from posthorn.web.wording import explanation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

    from posthorn.connections.registry import Loaded
    from posthorn.sdk.fields import Resolved
    from posthorn.sdk.matches import Match
    from posthorn.web.access import Space
    from posthorn.web.rows import Errand, Package

HERE: Final = "packages"
office = opens(Permission.MANAGE_CONNECTIONS, Permission.MANAGE_CLIENTS)


@office
@require_POST
def ask(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Have the package asked what there is."""
    del request
    package, _loaded, field = _bindable(space, package_id)
    made = errands.begin(
        space.firm, package.id, LIST, actor=space.actor, payload={"field": field.id}
    )
    return HttpResponseRedirect(space.url("package_bind", package_id, made))


@office
@require_http_methods(["GET", "HEAD", "POST"])
def shown(request: HttpRequest, space: Space, package_id: UUID, errand_id: UUID) -> HttpResponse:
    """Show the clients with what is proposed for each, and take what was chosen."""
    package, loaded, field = _bindable(space, package_id)
    listed = _errand(space, package_id, errand_id, LIST)
    places = {one.value: one for one in map(from_json, listed.answer.get("places", []))}
    if request.method == "POST":
        return _saved(request, space, package_id, errand_id, _chosen(request, places))
    context = {"package": package, "field": field.label[language()], **_how_far(loaded, listed)}
    if request.headers.get("HX-Request"):
        return render(request, "packages/_bind_wait.html", {"space": space, **context})
    rows = _rows(space, package_id, field, list(places.values())) if listed.done_at else []
    options = sorted((_option(one) for one in places.values()), key=str.casefold)
    return page(
        request,
        space,
        "packages/bind.html",
        here=HERE,
        rows=rows,
        proposed=sum(bool(row.place) for row in rows),
        options=options,
        places=len(places),
        **context,
    )


@office
@require_safe
def result(request: HttpRequest, space: Space, package_id: UUID, errand_id: UUID) -> HttpResponse:
    """Show how far it is, and what came of each client."""
    package, loaded, _field = _bindable(space, package_id)
    done = _errand(space, package_id, errand_id, BIND)
    results = done.answer.get("results", {})
    items = done.payload["items"]
    names = {
        str(one.pk): one
        for one in clients_visible_to(space.firm, space.viewer).filter(
            pk__in=[item["client"] for item in items]
        )
    }
    told = [
        _Told(
            client=names[item["client"]],
            line=_item_line(item),
            problem=_problem(results.get(item["client"])),
            stage=(results.get(item["client"]) or {}).get("stage", ""),
        )
        for item in items
        if item["client"] in names
    ]
    context = {
        "package": package,
        "told": told,
        "counted": len(results),
        "total": len(items),
        "refused": sum(bool(one.problem) for one in told),
        "asked_again": request.get_full_path(),
        **_how_far(loaded, done),
    }
    if request.headers.get("HX-Request"):
        return render(request, "packages/_bound.html", {"space": space, **context})
    return page(request, space, "packages/bound.html", here=HERE, **context)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A client with what is proposed for it."""

    client: UUID
    name: str
    dossier_number: str
    number: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What became of one client; `stage` is empty while nothing did."""

    client: object
    line: str
    problem: str
    stage: str


def _bindable(space: Space, package_id: UUID) -> tuple[Package, Loaded, Resolved]:
    package, loaded = package_of(space, package_id)
    field = field_of(loaded)
    if field is None:
        raise Http404
    return package, loaded, field


def _errand(space: Space, package_id: UUID, errand_id: UUID, kind: str) -> Errand:
    try:
        found = errands.errand_of(space.firm, package_id, errand_id)
    except NotFoundError:
        raise Http404 from None
    if found.kind != kind:
        raise Http404
    return found


def _how_far(loaded: Loaded, errand: Errand) -> dict[str, object]:
    reason = explanation(loaded.id, errand.code) or errand.code
    return {
        "errand": errand,
        "is_running": errand.done_at is None,
        "problem": reason,
        "detail": errand.detail if errand.code else "",
    }


def _rows(space: Space, package_id: UUID, field: Resolved, places: Sequence[Match]) -> list[_Row]:
    found = propose(space.firm, package_id, places, field=field.id)
    return [
        _Row(
            client=one.client,
            name=one.name,
            dossier_number=one.dossier_number,
            number=one.number,
            place=_option(one.place) if one.place else "",
        )
        for one in found
    ]


def _option(place: Match) -> str:
    """Write a place as it is chosen from the list; two that read alike are told apart by key."""
    return f"{line_of(place.label, place.facts)} · {place.value}"


def _chosen(request: HttpRequest, places: Mapping[str, Match]) -> list[dict[str, Any]]:
    by_line = {_option(one): one for one in places.values() if not one.blocked}
    items = []
    for client in request.POST.getlist("client"):
        typed = request.POST.get(f"place-{client}", "").strip()
        if typed and _is_id(client):
            place = by_line.get(typed)
            item = {"client": client, "typed": "" if place else typed}
            items.append({**item, "place": to_json(place) if place else None})
    return items[:MAX_AT_ONCE]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _saved(
    request: HttpRequest,
    space: Space,
    package_id: UUID,
    errand_id: UUID,
    items: list[dict[str, Any]],
) -> HttpResponse:
    if not items:
        messages.error(request, _("Tick at least one client and say where it goes."))
        return HttpResponseRedirect(space.url("package_bind", package_id, errand_id))
    _package, _loaded, field = _bindable(space, package_id)
    payload = {"field": field.id, "items": items}
    made = errands.begin(space.firm, package_id, BIND, actor=space.actor, payload=payload)
    return HttpResponseRedirect(space.url("package_bound", package_id, made))


def _item_line(item: Mapping[str, Any]) -> str:
    place = item.get("place")
    return line_of(place["label"], place["facts"]) if place else str(item["typed"])


def _problem(found: Mapping[str, Any] | None) -> str:
    """Say why one client was not bound, in the language of the page."""
    if not found or not found["code"]:
        return ""
    return packages.refusal_told(found)
