"""Signing in to accounting packages: out to the package's login page, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from posthorn.connections import consents, queries, signed, signing
from posthorn.connections.errors import (
    ConnectionsError,
    NotFoundError,
    SignInOverError,
    SignInRefusedError,
)
from posthorn.connections.registry import registry
from posthorn.connections.signed import Placed
from posthorn.sdk.errors import Outcome
from posthorn.sdk.spec import OAuth2
from posthorn.web import packages
from posthorn.web.declared import settings_from
from posthorn.web.extensions import card_of, connector_name
from posthorn.web.shell import not_there, page
from posthorn.web.signing import asked_first, may_leave, visitor_of
from posthorn.web.views.packages import HERE, asked, office, package_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from posthorn.connections.grant_models import SignIn
    from posthorn.connections.registry import Loaded
    from posthorn.web.access import Space
    from posthorn.web.rows import Package


@office
@asked
def first(request: HttpRequest, space: Space, connector_id: str) -> HttpResponse:
    """Send somebody to the package's login page; before that, say in plain words what follows."""
    loaded = _loaded(connector_id)
    given = consents.consents_of(space.firm, connector_id)
    if not consents.is_confirmed(given, loaded):
        return HttpResponseRedirect(space.url("extension", connector_id))
    return _asked_or_sent(request, space, loaded, None)


@office
@asked
def again(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Send somebody to sign in anew to a package that is there; its integrations stay."""
    package = package_of(space, package_id)
    return _asked_or_sent(request, space, _loaded(package.connector_id), package)


def _asked_or_sent(
    request: HttpRequest, space: Space, loaded: Loaded, package: Package | None
) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, space, loaded, package, package.settings if package else {})
    values = settings_from(loaded.spec.firm_settings, request.POST)
    sent: list[str] = []

    def begin() -> None:
        url = signing.begin(
            space.firm,
            loaded.id,
            values,
            visitor=visitor_of(request),
            connection_id=package.id if package else None,
        )
        sent.append(url)

    refused = packages.attempt(begin)
    if refused is not None:
        return _shown(request, space, loaded, package, values, refused)
    return HttpResponseRedirect(sent[0])


def _shown(
    request: HttpRequest,
    space: Space,
    loaded: Loaded,
    package: Package | None,
    values: Mapping[str, str],
    refused: ConnectionsError | None = None,
) -> HttpResponse:
    codes = packages.codes_of(refused)
    own = queries.connections_with(space.firm, loaded.id)
    response = page(
        request,
        space,
        "extensions/sign_in.html",
        here=HERE,
        card=card_of(loaded),
        package=package,
        there=own[0] if own and package is None else None,
        form=asked_first(loaded, values, codes),
        action=request.path,
        problem=packages.refusal_of(refused) if refused and not codes else "",
    )
    return may_leave(response, loaded)


@login_required
@never_cache
@require_safe
def returned(request: HttpRequest) -> HttpResponse:
    """Take somebody back from a package's login page, once, and only whom we sent there."""
    try:
        row = signing.claim(request.GET.get("state", ""), visitor=visitor_of(request))
    except SignInOverError as over:
        messages.error(request, packages.refusal_of(over))
        return HttpResponseRedirect(reverse("home"))
    code = request.GET.get("code", "")
    if not code or "error" in request.GET:
        signing.refuse(row)
        name = connector_name(row.connector_id)
        messages.error(request, _("%(name)s gave no access. Nothing changed.") % {"name": name})
        return HttpResponseRedirect(_back(row))
    try:
        signing.take_code(row, code)
    except SignInRefusedError as refused:
        messages.error(request, _refusal(row, refused))
        return HttpResponseRedirect(_back(row))
    return _recognised(request, row)


@login_required
@never_cache
@require_POST
def identified(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Ask the package once more who signed in."""
    with not_there(NotFoundError):
        row = signing.resume(sign_in_id, visitor=visitor_of(request))
    return _recognised(request, row)


def _recognised(request: HttpRequest, row: SignIn) -> HttpResponse:
    waits = HttpResponseRedirect(reverse("firm:sign_in", args=[row.firm_id, row.id]))
    try:
        if not row.account_id:
            signing.identify(row)
    except Outcome:
        return waits
    try:
        placed = signed.place(row.firm_id, row.id, visitor=visitor_of(request), replaces=False)
    except ConnectionsError as refused:
        messages.error(request, packages.refusal_of(refused))
        return HttpResponseRedirect(_back(row))
    if not isinstance(placed, Placed):
        return waits
    return _welcomed(request, row.firm_id, row.connector_id, placed)


@office
@asked
def waiting(request: HttpRequest, space: Space, sign_in_id: UUID) -> HttpResponse:
    """Ask whether this account takes the place of the one that is there, for n clients."""
    visitor = visitor_of(request)
    with not_there(NotFoundError):
        row = signing.pending(space.firm, sign_in_id, visitor=visitor)
    loaded = _loaded(row.connector_id)
    if request.method == "POST" and row.account_id:
        return _answered(request, space, row)
    question = None
    if row.account_id:
        question = signed.question(space.firm, sign_in_id, visitor=visitor)
    return page(
        request,
        space,
        "extensions/exchange.html",
        here=HERE,
        card=card_of(loaded),
        row=row,
        question=question,
    )


def _answered(request: HttpRequest, space: Space, row: SignIn) -> HttpResponse:
    visitor = visitor_of(request)
    if request.POST.get("answer") != "yes":
        signed.decline(space.firm, row.id, visitor=visitor)
        messages.success(request, _("Nothing changed here."))
        return HttpResponseRedirect(_back(row))
    placed = signed.place(space.firm, row.id, visitor=visitor, replaces=True)
    if not isinstance(placed, Placed):
        raise Http404
    return _welcomed(request, space.firm, row.connector_id, placed)


def _welcomed(request: HttpRequest, firm: UUID, connector_id: str, placed: Placed) -> HttpResponse:
    name = connector_name(connector_id)
    words = {"name": name, "who": placed.account, "where": placed.detail or name}
    said = _("Connected as %(who)s to %(where)s.") % words
    if placed.is_new:
        said = f"{_('%(name)s was installed successfully.') % words} {said}"
    messages.success(request, said)
    return HttpResponseRedirect(reverse("firm:package", args=[firm, placed.connection]))


def _refusal(row: SignIn, refused: SignInRefusedError) -> str:
    said = _(
        "%(name)s gave no access. Try again; if that does not help, tell this platform's operator."
    )
    words = said % {"name": connector_name(row.connector_id)}
    return f"{words} ({refused.detail})" if refused.detail else words


def _back(row: SignIn) -> str:
    if row.connection_id is not None:
        return reverse("firm:package", args=[row.firm_id, row.connection_id])
    return reverse("firm:extension", args=[row.firm_id, row.connector_id])


def _loaded(connector_id: str) -> Loaded:
    loaded = registry().get(connector_id)
    if loaded is None or not isinstance(loaded.spec.auth, OAuth2):
        raise Http404
    return loaded
