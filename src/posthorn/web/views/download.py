"""Hands a document to whoever has its address from a mail: no sign-in, no page, no list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from posthorn.archive.storage import StorageError
from posthorn.delivery.links import (
    AN_HOUR_S,
    LinkNotFoundError,
    TooManyFetchesError,
    Visit,
    fetch,
)
from posthorn.web.handing import handed, proven

if TYPE_CHECKING:
    from django.http import HttpRequest

# A copy beside the mail's own must be found nowhere: no search engine, cache or next page has it.
_SILENT = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the document out; asking for its head alone counts for nothing."""
    visit = Visit(
        address=get_adapter(request).get_client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
        is_look=request.method == "HEAD",
    )
    try:
        found = fetch(token, visit)
    except TooManyFetchesError:
        return _wait()
    except LinkNotFoundError as error:
        raise Http404 from error
    except StorageError:
        return _silent(HttpResponse(render_to_string("503.html"), status=503))
    return _silent(proven(handed(found.data, found.file_name), found.sha256))


def _wait() -> HttpResponse:
    response = HttpResponse(render_to_string("429.html"), status=429)
    response.headers["Retry-After"] = str(AN_HOUR_S)
    return _silent(response)


def _silent(response: HttpResponse) -> HttpResponse:
    for name, value in _SILENT.items():
        response.headers[name] = value
    return response
