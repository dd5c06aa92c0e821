"""Accounting Package Configuration: a firm's packages, how each is set up and how it stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from posthorn.connections import consents, queries, services
from posthorn.connections.domains.check import sends_mail
from posthorn.connections.errors import ConnectionsError, NotFoundError
from posthorn.connections.proposals import field_of
from posthorn.connections.registry import registry
from posthorn.delivery.queries.packages import PackageCounts, count_package, count_packages
from posthorn.sdk.spec import OAuth2
from posthorn.tenancy.roles import Permission
from posthorn.web import checking, packages, signing
from posthorn.web.access import opens
from posthorn.web.declared import Given, facts_of, filled_in, groups_of, settings_from, unplaced
from posthorn.web.extensions import card_of, cards, connector_name, logo_url
from posthorn.web.languages import language
from posthorn.web.places import lines_of
from posthorn.web.shell import page
from posthorn.web.wording import explanation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.connections.registry import Loaded
    from posthorn.web.access import Space
    from posthorn.web.rows import Package

HERE = "packages"
office = opens(Permission.MANAGE_CONNECTIONS)
asked = require_http_methods(["GET", "HEAD", "POST"])


@office
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show the firm's accounting packages."""
    counts = count_packages(space.firm)
    words = packages.words_of_packages(space.firm)
    rows = [
        {
            "package": one,
            "channel": connector_name(one.connector_id),
            "logo": logo_url(registry().get(one.connector_id)),
            "words": words(one),
            "counts": counts.get(one.id, PackageCounts()),
        }
        for one in queries.connections_of(space.firm)
    ]
    return page(request, space, "packages/list.html", here=HERE, rows=rows)


@office
@require_safe
def channels(request: HttpRequest, space: Space) -> HttpResponse:
    """Show what can be connected, and what could not be loaded with its reason."""
    found = registry()
    tiles = [(card, _start_of(space, found.loaded[card.id])) for card in cards()]
    refused = sorted(found.refused.items())
    return page(request, space, "packages/channels.html", here=HERE, tiles=tiles, refused=refused)


def _start_of(space: Space, loaded: Loaded) -> str:
    """Give where setting up begins: with the permissions, or with the package's own login page."""
    if isinstance(loaded.spec.auth, OAuth2):
        return space.url("extension", loaded.id)
    given = consents.consents_of(space.firm, loaded.id) if consents.needs_consent(loaded) else []
    if consents.needs_consent(loaded) and not consents.is_confirmed(given, loaded):
        return space.url("extension", loaded.id)
    return space.url("package_add", loaded.id)


@office
@asked
def add(request: HttpRequest, space: Space, connector_id: str) -> HttpResponse:
    """Configure a new accounting package."""
    loaded = _loaded(connector_id)
    start = _start_of(space, loaded)
    if start != space.url("package_add", loaded.id):
        return HttpResponseRedirect(start)
    if request.method != "POST":
        return _shown_form(request, space, loaded, Given())
    values = settings_from(loaded.spec.firm_settings, request.POST)
    if "refill" in request.POST:
        given = Given(values=filled_in(loaded.spec.firm_settings, values))
        return _shown_form(request, space, loaded, given)
    name = request.POST.get("name", "")
    is_first = not queries.connections_with(space.firm, loaded.id)
    made: list[Package] = []

    def create() -> None:
        made.append(
            services.create_connection(space.firm, loaded.id, name, values, actor=space.actor)
        )

    refused = packages.attempt(create)
    if refused is not None:
        given = Given(
            values=values,
            codes=packages.codes_of(refused),
            reasons=packages.reasons_of(refused),
        )
        return _shown_form(request, space, loaded, given, refused=refused)
    done = _("%(name)s was installed successfully.") if is_first else _("%(name)s is saved.")
    messages.success(request, done % {"name": loaded.spec.name if is_first else made[0].name})
    return _checked_at_once(space, made[0].id)


@office
@asked
def edit(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Change the settings of an accounting package."""
    package = package_of(space, package_id)
    loaded = _loaded(package.connector_id)
    kept = queries.kept_secrets(space.firm, package_id)
    if request.method != "POST":
        given = Given(values=package.settings, kept=kept)
        return _shown_form(request, space, loaded, given, package=package)
    values = settings_from(loaded.spec.firm_settings, request.POST)
    if "refill" in request.POST:
        given = Given(values=filled_in(loaded.spec.firm_settings, values), kept=kept)
        return _shown_form(request, space, loaded, given, package=package)
    save = partial(services.save_connection, space.firm, package_id, values, actor=space.actor)
    refused = packages.attempt(save)
    if refused is not None:
        given = Given(
            values=values,
            kept=kept,
            codes=packages.codes_of(refused),
            reasons=packages.reasons_of(refused),
        )
        return _shown_form(request, space, loaded, given, package=package, refused=refused)
    messages.success(request, _("%(name)s is saved.") % {"name": package.name})
    return _checked_at_once(space, package_id)


def _checked_at_once(space: Space, package_id: UUID) -> HttpResponse:
    ticket = checking.begin(space.firm, package_id, actor=space.actor)
    return HttpResponseRedirect(f"{space.url('package', package_id)}?check={ticket}")


def _shown_form(
    request: HttpRequest,
    space: Space,
    loaded: Loaded,
    given: Given,
    *,
    package: Package | None = None,
    refused: ConnectionsError | None = None,
) -> HttpResponse:
    fields = loaded.spec.firm_settings
    is_about_name = refused is not None and refused.code in {"bad_name", "name_taken"}
    return page(
        request,
        space,
        "packages/form.html",
        here=HERE,
        card=card_of(loaded),
        package=package,
        groups=groups_of(fields, given, language()),
        name=request.POST.get("name", ""),
        name_error=packages.refusal_of(refused) if refused and is_about_name else "",
        problem=packages.refusal_of(refused) if refused and not is_about_name else "",
        problems=unplaced(fields, given, language()),
    )


@office
@require_safe
def shown(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Show one accounting package: how it stands, its settings, its clients."""
    package = package_of(space, package_id)
    loaded = registry().get(package.connector_id)
    ticket = request.GET.get("check", "")
    bound = queries.integrations_to(space.firm, package_id)
    lines = lines_of(space.firm, bound)
    given = Given(values=package.settings, kept=queries.kept_secrets(space.firm, package_id))
    fields = loaded.spec.firm_settings if loaded else ()
    return page(
        request,
        space,
        "packages/page.html",
        here=HERE,
        package=package,
        card=card_of(loaded) if loaded else None,
        words=packages.words_of_packages(space.firm)(package),
        counts=count_package(space.firm, package_id),
        facts=facts_of(fields, given, language()),
        bound=[(one, lines.get(one.id, "")) for one in bound],
        is_bindable=bool(loaded and field_of(loaded)) and space.may(Permission.MANAGE_CLIENTS),
        login=signing.login_of(space.firm, package, loaded),
        sends_mail=loaded is not None and sends_mail(package.connector_id),
        **_check_words(space, package, ticket),
    )


@office
@require_POST
def check(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Ask the package whether it lets us in, beside this request."""
    package = package_of(space, package_id)
    ticket = checking.begin(space.firm, package.id, actor=space.actor)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{space.url('package', package_id)}?check={ticket}")
    return _check_piece(request, space, package, ticket)


@office
@require_safe
def checked(request: HttpRequest, space: Space, package_id: UUID, ticket: str) -> HttpResponse:
    """Answer how far a check is."""
    package = package_of(space, package_id)
    return _check_piece(request, space, package, ticket)


def _check_piece(request: HttpRequest, space: Space, package: Package, ticket: str) -> HttpResponse:
    words = packages.words_of_packages(space.firm)(package)
    shared = {"space": space, "package": package, "words": words, "is_piece": True}
    return render(
        request, "packages/_check.html", {**shared, **_check_words(space, package, ticket)}
    )


def _check_words(space: Space, package: Package, ticket: str) -> dict[str, object]:
    answer = checking.answer_to(space.firm, package.id, ticket) if ticket else None
    said = explanation(package.connector_id, answer.code) if answer else ""
    return {
        "ticket": ticket,
        "answer": answer,
        "said": said or (answer.said if answer else ""),
    }


def package_of(space: Space, package_id: UUID) -> Package:
    """Give a package of this firm; another one is not there."""
    try:
        return queries.package_of(space.firm, package_id)
    except NotFoundError:
        raise Http404 from None


def _loaded(connector_id: str) -> Loaded:
    loaded = registry().get(connector_id)
    if loaded is None:
        raise Http404
    return loaded
