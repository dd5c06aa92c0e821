"""Brings people to the space they work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from posthorn.tenancy.entrances import entrances_of
from posthorn.web import menu
from posthorn.web.access import person_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to the one space there is, offer a choice of several, explain when there is none."""
    spaces = menu.spaces_behind(entrances_of(person_of(request).pk))
    if len(spaces) == 1:
        return HttpResponseRedirect(spaces[0].url)
    return render(request, "home/choose.html", {"spaces": spaces})
