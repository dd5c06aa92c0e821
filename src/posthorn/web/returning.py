"""Finds the way back: the page from which somebody did something, if it is one of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Give the address that a form named as `next`; another site's counts as none."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else otherwise


def carried(request: HttpRequest, *without: str, **changed: str) -> str:
    """Give the filters of this address as those of another, with `?`; empty without any."""
    asked: QueryDict = request.GET.copy()
    for name in ("after", *without):
        asked.pop(name, None)
    for name, value in changed.items():
        asked[name] = value
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    return f"?{asked.urlencode()}" if asked else ""
