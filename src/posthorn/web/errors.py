"""Answers what went wrong in the product's own words; these pages ask the database nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from django.http import HttpRequest

_AGAIN_AFTER_S = "10"


def _answer(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address or form that we did not make."""
    del request, exception
    return _answer(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is known but not allowed; the product itself says *not found* instead."""
    del request, exception
    return _answer(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what does not exist for this person."""
    del request, exception
    return _answer(404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; a database that does not answer is a passing one."""
    del request
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = _answer(503)
        response["Retry-After"] = _AGAIN_AFTER_S
        return response
    return _answer(500)
