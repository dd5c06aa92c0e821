"""Renders pages of a space with what stands on all of them: menus, counts, a hold of all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from posthorn.delivery import instance
from posthorn.delivery.queries.overview import count_attention
from posthorn.kernel.zone import zone
from posthorn.web import menu
from posthorn.web.extensions import apps_of, discover_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Space


def page(request: HttpRequest, space: Space, template: str, **context: object) -> HttpResponse:
    """Render a page of a space; asked for as a dialog, its content alone.

    A page that has counted what needs somebody gives it as `attention`.
    """
    counted = context.get("attention")
    attention = counted if isinstance(counted, int) else _attention(space)
    shared = {
        "space": space,
        "attention": attention,
        "standing": instance.standing() if space.is_firm else None,
        "zone": str(zone()),
        "frame": "dialog.html" if request.headers.get("X-Dialog") else "space.html",
        "menu": menu.menu_of(space, attention),
        "own_menu": menu.own_menu(),
        "apps": apps_of(space),
        "discover_url": discover_url(space) if space.is_firm else "",
        "spaces": menu.spaces_behind(space.entrances),
    }
    return render(request, template, {**shared, **context})


def _attention(space: Space) -> int:
    return count_attention(space.firm, space.viewer) if space.reads_documents else 0


def next_page(request: HttpRequest, after: str) -> str:
    """Give the address of the next page of a list with the same filters; empty at the end."""
    if not after:
        return ""
    asked = request.GET.copy()
    asked["after"] = after
    return f"?{asked.urlencode()}"


@contextmanager
def not_there(*missing: type[Exception]) -> Iterator[None]:
    """Answer 404 where a service says that something is not there for this space."""
    try:
        yield
    except missing as error:
        raise Http404 from error


def acted(
    request: HttpRequest,
    back: str,
    done: str,
    action: Callable[[], object],
    refusals: type[Exception] | tuple[type[Exception], ...],
    *,
    undo: str = "",
) -> HttpResponse:
    """Do something, say how it ended and go back; a refusal leaves nothing changed.

    `undo` is the address of what takes it back, for a button beside the message.
    """
    try:
        with transaction.atomic():
            action()
    except refusals as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done, extra_tags=undo)
    return HttpResponseRedirect(back)
