"""Hands out what a document is: its drawing, its very bytes, and the files inside it.

Nothing of it runs in the page's own name: each answer has a policy of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from posthorn.archive.drawing import NotDrawnError, inside_of, page_of
from posthorn.archive.storage import StorageError, storage
from posthorn.delivery.queries.documents import open_document
from posthorn.tenancy.roles import Permission
from posthorn.web.access import opens
from posthorn.web.handing import handed, proven, shown
from posthorn.web.languages import language

if TYPE_CHECKING:
    from django.http import HttpRequest

    from posthorn.delivery.queries.documents import DocumentPage
    from posthorn.web.access import Space

_DRAWN = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_PDF = b"%PDF-"


@opens(Permission.READ_DOCUMENTS)
@require_safe
def rendering(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Draw the document, for a frame without scripts."""
    document = _found(space, document_id).document
    try:
        drawn = page_of(space.firm, document.sha256, language())
    except (NotDrawnError, StorageError):
        drawn = ""
    response = HttpResponse(drawn) if drawn else render(request, "documents/not_drawn.html")
    response.headers["Content-Security-Policy"] = _DRAWN
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@opens(Permission.READ_DOCUMENTS)
@require_safe
def file(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Hand out the very bytes that arrived, verified; never to be shown by the browser."""
    document = _found(space, document_id).document
    try:
        data = storage().open(space.firm, document.sha256)
    except StorageError:
        return _gone(request, space, document_id)
    return proven(handed(data, document.file_name), document.sha256)


@opens(Permission.READ_DOCUMENTS)
@require_safe
def pdf(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Show an original that is a PDF in the browser's own viewer."""
    document = _found(space, document_id).document
    try:
        data = storage().open(space.firm, document.sha256)
    except StorageError:
        return _gone(request, space, document_id)
    if not data.startswith(_PDF):
        raise Http404
    return shown(data, document.file_name)


@opens(Permission.READ_DOCUMENTS)
@require_safe
def inside(request: HttpRequest, space: Space, document_id: UUID, place: int) -> HttpResponse:
    """Hand out a file inside the document; a PDF is shown where `open` is asked for."""
    document = _found(space, document_id).document
    try:
        found = inside_of(space.firm, document.sha256, place)
    except (NotDrawnError, StorageError) as error:
        raise Http404 from error
    if "open" in request.GET and found.content.startswith(_PDF):
        return shown(found.content, found.name)
    return handed(found.content, found.name)


def _found(space: Space, document_id: UUID) -> DocumentPage:
    found = open_document(space.firm, space.viewer, document_id)
    if found is None:
        raise Http404
    return found


def _gone(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    said = gettext("The stored file is missing or damaged. The operator restores it.")
    messages.error(request, said)
    return HttpResponseRedirect(space.url("document", document_id))
