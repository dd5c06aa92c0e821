"""Tells a machine whether this installation works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from posthorn.delivery.sweep import overdue

if TYPE_CHECKING:
    from django.http import HttpRequest


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 `ok`, or 503 with one line that says what is wrong."""
    del request
    try:
        late = overdue(settings.POSTHORN.lease)
    except Error:
        return _line("The database does not answer.", 503)
    if late:
        return _line(f"Overdue by more than 60 seconds: {late}.", 503)
    return _line("ok", 200)


def _line(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
