"""What is done to one accounting package: renamed, paused, switched on and off, removed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from posthorn.connections import removal, services
from posthorn.connections.errors import ConnectionsError
from posthorn.connections.registry import registry
from posthorn.delivery.queries.packages import count_package
from posthorn.delivery.resuming import Resume, count_held, resume_connection
from posthorn.web import packages, signing
from posthorn.web.forms import ReasonForm
from posthorn.web.shell import acted, page
from posthorn.web.views.packages import HERE, asked, office, package_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from posthorn.web.access import Space
    from posthorn.web.rows import Package

_RESUMED: Final = {
    Resume.ALL: gettext_noop("%(name)s is active. What was held goes now."),
    Resume.UNTAKEN: gettext_noop(
        "%(name)s is active. What no other package took goes now; the rest is cancelled."
    ),
    Resume.NONE: gettext_noop("%(name)s is active. What was held is cancelled."),
}


@office
@asked
def rename(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Give an accounting package another name."""
    package = package_of(space, package_id)
    name = request.POST.get("name", package.name)
    refused = None
    if request.method == "POST":
        change = partial(
            services.rename_connection, space.firm, package_id, name, actor=space.actor
        )
        refused = packages.attempt(change)
        if refused is None:
            messages.success(request, _("The accounting package has its new name."))
            return HttpResponseRedirect(space.url("package", package_id))
    problem = packages.refusal_of(refused) if refused else ""
    return page(
        request,
        space,
        "packages/rename.html",
        here=HERE,
        package=package,
        name=name,
        name_error=problem,
    )


@office
@asked
def pause(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Hold everything for an accounting package, with a reason."""
    package = package_of(space, package_id)
    if request.method != "POST":
        return _asked(request, space, package, "packages/pause.html")
    reason = ReasonForm(request.POST).reason_given()
    stop = partial(
        services.pause_connection, space.firm, package_id, actor=space.actor, reason=reason
    )
    done = _("%(name)s is paused. What is released meanwhile waits on hold.")
    return _done(request, space, package, done, stop)


@office
@require_POST
def release(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """End the pause of an accounting package."""
    go = partial(services.release_connection, space.firm, package_id, actor=space.actor)
    done = _("%(name)s is released. What waited goes now.")
    return _done(request, space, package_of(space, package_id), done, go)


@office
@require_POST
def on_unknown(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Choose what follows a lost answer."""
    package = package_of(space, package_id)
    asks = request.POST.get("asks") == "on"
    choose = partial(services.ask_on_unknown, space.firm, package_id, asks=asks, actor=space.actor)
    asked = _("After a lost answer a person decides.")
    again = _("After a lost answer the same copy is sent again.")
    return _done(request, space, package, asked if asks else again, choose)


@office
@require_POST
def switch(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Switch it on or off; off is asked about first, and on where something is held."""
    package = package_of(space, package_id)
    if request.POST.get("active") != "on":
        return HttpResponseRedirect(space.url("package_off", package_id))
    if count_held(space.firm, package_id).every:
        return HttpResponseRedirect(space.url("package_on", package_id))
    go = partial(services.activate_connection, space.firm, package_id, actor=space.actor)
    return _done(request, space, package, _("%(name)s is active. What waited goes now."), go)


@office
@asked
def switch_on(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Switch it on with a word on what is held; none is chosen beforehand."""
    package = package_of(space, package_id)
    chosen = request.POST.get("resume", "")
    if request.method != "POST" or chosen not in set(Resume):
        held = count_held(space.firm, package_id)
        return page(
            request,
            space,
            "packages/on.html",
            here=HERE,
            package=package,
            held=held,
            is_unanswered=request.method == "POST",
        )
    go = partial(
        resume_connection, space.firm, package_id, answer=Resume(chosen), actor=space.actor
    )
    return _done(request, space, package, _(_RESUMED[Resume(chosen)]), go)


@office
@asked
def switch_off(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """Switch an accounting package off for every client, after a confirmation with the numbers."""
    package = package_of(space, package_id)
    if request.method != "POST":
        return _asked(request, space, package, "packages/off.html")
    stop = partial(services.deactivate_connection, space.firm, package_id, actor=space.actor)
    done = _("%(name)s is switched off. What is released meanwhile waits on hold.")
    return _done(request, space, package, done, stop)


@office
@asked
def remove(request: HttpRequest, space: Space, package_id: UUID) -> HttpResponse:
    """End everything about an accounting package, after a confirmation that says what stays."""
    package = package_of(space, package_id)
    if request.method != "POST":
        leaving = signing.leaving_of(space.firm, package)
        return _asked(request, space, package, "packages/remove.html", leaving=leaving)
    removed: list[removal.Removed] = []

    def end() -> None:
        removed.append(removal.remove_connection(space.firm, package_id, actor=space.actor))

    refused = packages.attempt(end)
    if refused is not None:
        messages.error(request, packages.refusal_of(refused))
        return HttpResponseRedirect(space.url("packages"))
    done = _("%(name)s is removed. What had not left waits on hold.")
    messages.success(request, done % {"name": removed[0].name})
    is_loaded = registry().get(package.connector_id) is not None
    page_after = ("extension", package.connector_id) if is_loaded else ("packages",)
    return HttpResponseRedirect(space.url(*page_after))


def _asked(
    request: HttpRequest, space: Space, package: Package, template: str, **context: object
) -> HttpResponse:
    counts = count_package(space.firm, package.id)
    return page(request, space, template, here=HERE, package=package, counts=counts, **context)


def _done(
    request: HttpRequest,
    space: Space,
    package: Package,
    done: str,
    action: Callable[[], object],
) -> HttpResponse:
    back = space.url("package", package.id)
    said = done % {"name": package.name} if "%(" in done else done
    return acted(request, back, said, action, ConnectionsError)
