"""The part of a client's page that shares its documents and connects it to its package."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from posthorn.connections import integrations as services
from posthorn.connections import queries
from posthorn.connections.change_queries import waiting_changes
from posthorn.connections.flows import flows_of
from posthorn.connections.integrations import Wish
from posthorn.connections.registry import registry
from posthorn.connections.senders import sender_of
from posthorn.delivery.queries.packages import PackageCounts, count_integrations
from posthorn.sdk.fields import ON, effects_of
from posthorn.tenancy.clients import set_sharing
from posthorn.tenancy.roles import Permission
from posthorn.web import packages
from posthorn.web.bindings import stored_wish, tell_of_wait, warn_of_doubts
from posthorn.web.declared import Given, groups_of, settings_from, unplaced
from posthorn.web.languages import language
from posthorn.web.offers import Bound, ask, chosen, offers_of
from posthorn.web.places import views_of
from posthorn.web.shell import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from posthorn.connections.change_queries import ChangeRow
    from posthorn.connections.errors import ConnectionsError
    from posthorn.web.access import Space
    from posthorn.web.rows import Binding, Company, Package


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """What somebody posted, and why it was refused."""

    shares: bool
    values: dict[str, str] = field(repr=False)
    shared_reason: str = ""
    refused: ConnectionsError | None = None
    asks_to_replace: bool = False


def connection_section(request: HttpRequest, space: Space, client: Company) -> dict[str, object]:
    """Give what integrations/_section.html shows; `?package=` chooses whose fields."""
    return _section(space, client, request.GET.get("package", ""), None)


def save_section(request: HttpRequest, space: Space, client: Company) -> HttpResponse:
    """Save the sharing switch and the one integration together, or nothing of it."""
    bound = queries.integrations_of(space.firm, client.pk)
    package = _chosen(space, bound, request.POST.get("package", ""))
    form = _bound(space, client, package, bound)
    typed = _posted(request, form)
    replaced = _replaced(bound, package)
    if form is not None and "fetch" in request.POST:
        ask(form, request.POST["fetch"])
        return _again(request, space, client, package, typed)
    if replaced and request.POST.get("replace") != ON:
        return _again(request, space, client, package, replace(typed, asks_to_replace=True))

    def save() -> None:
        set_sharing(space.firm, client.pk, shares=typed.shares, actor=space.actor)
        if replaced:
            services.remove_integration(space.firm, replaced.id, actor=space.actor)
        if form is not None and len(bound) <= 1:
            _bind(form, Wish(values=typed.values, shared_reason=typed.shared_reason))

    refused = packages.attempt(save)
    if refused is not None:
        return _again(request, space, client, package, replace(typed, refused=refused))
    messages.success(request, _said(client, package, shares=typed.shares))
    if form is not None:
        tell_of_wait(request, space, client.pk)
        warn_of_doubts(request, form.package, form.loaded, Wish(values=typed.values))
    return HttpResponseRedirect(space.url("connection", client.pk))


def _posted(request: HttpRequest, form: Bound | None) -> _Typed:
    """Read what was posted; a line of a list stands for its value."""
    fields = form.loaded.spec.client_settings if form else ()
    values = settings_from(fields, request.POST)
    return _Typed(
        shares=request.POST.get("shares") == ON,
        values=chosen(values, offers_of(form, values)) if form else values,
        shared_reason=request.POST.get("shared_reason", ""),
    )


def _bind(form: Bound, wish: Wish) -> None:
    space, own = form.space, form.integration
    if own is None:
        client, package = form.client.pk, form.package.id
        services.create_integration(space.firm, client, package, wish, actor=space.actor)
        return
    stored = stored_wish(own)
    whole = replace(wish, routes=stored.routes, both=stored.both)
    services.save_integration(space.firm, own.id, whole, actor=space.actor)


def _said(client: Company, package: Package | None, *, shares: bool) -> str:
    if not shares:
        return _("Saved. %(client)s does not share documents.") % {"client": client.name}
    if package is None:
        return _("Saved. Choose an accounting package, or nothing goes anywhere.")
    said = _("Saved. What is released from now on goes from %(client)s to %(package)s.")
    return said % {"client": client.name, "package": package.name}


def _again(
    request: HttpRequest, space: Space, client: Company, package: Package | None, typed: _Typed
) -> HttpResponse:
    context = _section(space, client, str(package.id) if package else "", typed)
    return page(
        request, space, "integrations/connection.html", here="clients", client=client, **context
    )


def _section(space: Space, client: Company, wanted: str, typed: _Typed | None) -> dict[str, object]:
    bound = queries.integrations_of(space.firm, client.pk)
    package = _chosen(space, bound, wanted)
    loaded = registry().get(package.connector_id) if package else None
    form = _bound(space, client, package, bound)
    own = form.integration if form else None
    given = _given(form, typed)
    fields = loaded.spec.client_settings if loaded else ()
    refused = typed.refused if typed else None
    replaced = _replaced(bound, package)
    return {
        "section": {
            "client": client,
            "shares": typed.shares if typed else client.shares_documents,
            "shared_since": client.shared_since if client.shares_documents else None,
            "packages": _offered(space, bound),
            "package": package,
            "bound": bound,
            "is_single": len(bound) <= 1,
            "flows": flows_of(bound),
            "places": views_of(space.firm, client.pk, [own]).get(own.id, []) if own else [],
            "own": own,
            "groups": groups_of(fields, given, language()) if loaded else (),
            "problem": packages.refusal_of(refused) if refused else "",
            "problems": unplaced(fields, given, language()),
            "uses": packages.uses_of(refused),
            "shared_reason": typed.shared_reason if typed else "",
            "waiting": _waiting(space, client),
            "replaced": replaced,
            "asks_to_replace": bool(typed and typed.asks_to_replace),
            "counts": _unsent(space, client, replaced),
            "may_edit": space.may(Permission.MANAGE_CLIENTS),
            "may_configure": space.may(Permission.MANAGE_CONNECTIONS),
        }
    }


def _waiting(space: Space, client: Company) -> list[ChangeRow]:
    is_asked = space.may(Permission.MANAGE_CLIENTS)
    return waiting_changes(space.firm, client=client.pk) if is_asked else []


def _bound(
    space: Space, client: Company, package: Package | None, bound: Sequence[Binding]
) -> Bound | None:
    """Give whose form it is; none without a package whose extension is loaded."""
    loaded = registry().get(package.connector_id) if package else None
    if package is None or loaded is None:
        return None
    return Bound(
        space=space,
        client=client,
        package=package,
        loaded=loaded,
        integration=next((one for one in bound if one.connection_id == package.id), None),
        may_ask=space.may(Permission.MANAGE_CLIENTS),
    )


def _given(form: Bound | None, typed: _Typed | None) -> Given:
    if form is None:
        return Given()
    own, settings = form.integration, form.package.settings
    values = typed.values if typed else (own.settings if own else {})
    kept = queries.kept_secrets(form.space.firm, form.package.id, own.id) if own else ()
    return Given(
        values=values,
        starts=settings,
        kept=kept,
        codes=packages.codes_of(typed.refused) if typed else {},
        reasons=packages.reasons_of(typed.refused) if typed else {},
        effects=effects_of(form.loaded.spec.firm_settings, settings),
        sender=sender_of(settings),
        offers=offers_of(form, values),
    )


def _offered(space: Space, bound: Sequence[Binding]) -> list[Package]:
    """Give the packages to choose from: those that are switched on, and what is bound already."""
    mine = {one.connection_id for one in bound}
    every = queries.connections_of(space.firm)
    return [one for one in every if one.is_active or one.id in mine]


def _chosen(space: Space, bound: Sequence[Binding], wanted: str) -> Package | None:
    """Give the package that was chosen, else the one that is bound; several have no one form."""
    if len(bound) > 1:
        return None
    offered = {str(one.id): one for one in _offered(space, bound)}
    return offered.get(wanted) or (bound[0].connection if bound else None)


def _replaced(bound: Sequence[Binding], package: Package | None) -> Binding | None:
    """Give the integration that ends when this package is saved."""
    if len(bound) != 1 or package is None or bound[0].connection_id == package.id:
        return None
    return bound[0]


def _unsent(space: Space, client: Company, replaced: Binding | None) -> PackageCounts:
    if replaced is None or not space.reads_documents:
        return PackageCounts()
    return count_integrations(space.firm, client.pk).get(replaced.id, PackageCounts())
