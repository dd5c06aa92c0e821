"""The extension store: what there is, what it asks for, who let it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from posthorn.connections import consents, queries
from posthorn.connections.registry import registry
from posthorn.sdk.spec import OAuth2
from posthorn.tenancy.roles import Permission
from posthorn.web import packages, signing
from posthorn.web.access import opens
from posthorn.web.extensions import card_of, cards, connector_name
from posthorn.web.labels import kind_name
from posthorn.web.languages import language
from posthorn.web.shell import page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.connections.registry import Loaded
    from posthorn.web.access import Space

_HERE = "extensions"
_A_DAY_S = 86_400


@opens()
@require_safe
def store(request: HttpRequest, space: Space) -> HttpResponse:
    """Show every extension, or those with the words that were typed."""
    text = request.GET.get("q", "")[:100]
    every = cards()
    installed = {one.connector_id for one in queries.connections_of(space.firm)}
    found = [
        (card, space.url("extension", card.id), card.id in installed)
        for card in every
        if card.matches(text)
    ]
    return page(
        request,
        space,
        "extensions/store.html",
        here=_HERE,
        q=text,
        found=found,
        number=len(found),
        refused=sorted(registry().refused.items()) if _installs(space) and not text else [],
    )


@opens()
@require_safe
def shown(request: HttpRequest, space: Space, connector_id: str) -> HttpResponse:
    """Show one extension; what a firm has of one that is not loaded any more stays visible."""
    loaded = registry().get(connector_id)
    own = queries.connections_with(space.firm, connector_id)
    given = consents.consents_of(space.firm, connector_id)
    if loaded is None and not (own or given):
        raise Http404
    is_confirmed = loaded is not None and consents.is_confirmed(given, loaded)
    words = packages.words_of_packages(space.firm)
    signs_in = loaded is not None and isinstance(loaded.spec.auth, OAuth2)
    asks = signing.asked_first(loaded) if loaded and signs_in and is_confirmed and not own else None
    response = page(
        request,
        space,
        "extensions/page.html",
        here=_HERE,
        name=connector_name(connector_id),
        card=card_of(loaded) if loaded else None,
        own=[(one, words(one)) for one in own],
        leaving=None if own else signing.left_behind(space.firm, connector_id),
        consents=given,
        access=_access_words(loaded) if loaded else [],
        is_confirmed=is_confirmed,
        must_confirm_again=bool(own and given and loaded) and not is_confirmed,
        may_install=_installs(space),
        signs_in=signs_in,
        may_add=not signs_in or signing.may_add_account(),
        form=asks,
        action=space.url("extension_sign_in", connector_id),
    )
    return signing.may_leave(response, loaded) if loaded and asks else response


@opens(Permission.MANAGE_CONNECTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def install(request: HttpRequest, space: Space, connector_id: str) -> HttpResponse:
    """Show what an extension asks for, and keep who confirmed it."""
    loaded = registry().get(connector_id)
    if loaded is None:
        raise Http404
    own = queries.connections_with(space.firm, connector_id)
    if request.method == "POST":
        return _confirmed(request, space, loaded, is_installed=bool(own))
    return page(
        request,
        space,
        "extensions/confirm.html",
        here=_HERE,
        card=card_of(loaded),
        access=_access_words(loaded),
        signs_in=isinstance(loaded.spec.auth, OAuth2),
    )


def _confirmed(
    request: HttpRequest, space: Space, loaded: Loaded, *, is_installed: bool
) -> HttpResponse:
    version = request.POST.get("version", "")

    def confirm() -> None:
        consents.confirm_access(space.firm, loaded.id, version, actor=space.actor)

    refused = packages.attempt(confirm)
    if refused is not None:
        messages.error(request, packages.refusal_of(refused))
        return HttpResponseRedirect(space.url("extension_install", loaded.id))
    messages.success(request, _("The access permissions are confirmed."))
    if is_installed or isinstance(loaded.spec.auth, OAuth2):
        return HttpResponseRedirect(space.url("extension", loaded.id))
    return HttpResponseRedirect(space.url("package_add", loaded.id))


def _access_words(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Give what an extension asks for: icon, sentence, and the names behind it."""
    access = consents.access_of(loaded)
    declared = (*loaded.spec.firm_settings, *loaded.spec.client_settings)
    labels = {one.id: one.label[language()] for one in declared}
    found = [
        (
            "file-text",
            _("It gets the documents of the clients connected to it."),
            ", ".join(kind_name(kind) for kind in access.kinds),
        )
    ]
    if access.hosts:
        said = _("It contacts these servers, and no others.")
        found.append(("globe", said, ", ".join(access.hosts)))
    else:
        said = _("It contacts no server itself; mail leaves through the mail server you set.")
        found.append(("globe", said, ""))
    if access.login:
        said = _("Somebody signs in on the package's own page, and lets it do this there.")
        found.append(("log-in", said, _permissions(loaded)))
    if access.secrets:
        said = _("It keeps these secrets, encrypted; nobody can read them again.")
        found.append(("key-round", said, ", ".join(labels[name] for name in access.secrets)))
    return found


def _permissions(loaded: Loaded) -> str:
    auth = loaded.spec.auth
    named = auth.permissions if isinstance(auth, OAuth2) else ()
    said = "; ".join(text[language()] for text in named)
    return said or _("Whatever that person may do")


def _installs(space: Space) -> bool:
    return space.may(Permission.MANAGE_CONNECTIONS)


@login_required
@require_safe
def logo(request: HttpRequest, connector_id: str) -> HttpResponse:
    """Give an extension's logo: a drawing that can load and run nothing."""
    del request
    loaded = registry().get(connector_id)
    if loaded is None or not loaded.assets.logo:
        raise Http404
    response = HttpResponse(loaded.assets.logo, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={_A_DAY_S}"
    return response
