"""Lists documents, shows one, hands out its original, and lets people decide on it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from posthorn.archive import lifecycle
from posthorn.archive.errors import ArchiveError
from posthorn.archive.findings import grouped
from posthorn.archive.storage import StorageError, storage
from posthorn.delivery.queries.documents import list_documents, open_document
from posthorn.delivery.queries.pages import CursorError
from posthorn.delivery.queries.standing import Stand
from posthorn.tenancy.queries import clients_visible_to
from posthorn.tenancy.roles import Permission
from posthorn.web import wording
from posthorn.web.access import opens
from posthorn.web.forms import DocumentFilterForm, ReasonForm
from posthorn.web.languages import language
from posthorn.web.refusals import refusal
from posthorn.web.shell import acted, next_page, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from posthorn.delivery.queries.documents import DocumentPage
    from posthorn.web.access import Space

_MAX_NAME = 150  # characters; file systems end at 255 bytes


@opens(Permission.READ_DOCUMENTS)
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show one page of the list."""
    clients = clients_visible_to(space.firm, space.viewer)
    form = DocumentFilterForm(request.GET, [(str(row.pk), str(row)) for row in clients])
    after = request.GET.get("after", "")
    try:
        found = list_documents(space.firm, space.viewer, form.wanted(), after=after)
    except CursorError as error:
        raise BadRequest from error
    return page(
        request,
        space,
        "documents/list.html",
        here="documents",
        form=form,
        rows=[(row, wording.words_of_standing(row.standing)) for row in found.rows],
        next_page=next_page(request, found.after),
        is_filtered=any(form.cleaned_data.values()),
    )


@opens(Permission.READ_DOCUMENTS)
@require_safe
def shown(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Show one document."""
    found = _found(space, document_id)
    document = found.document
    stand = found.row.standing.where if found.is_workable else None
    return page(
        request,
        space,
        "documents/page.html",
        here="documents",
        found=found,
        row=found.row,
        document=document,
        check=wording.words_of_check(document.verdict),
        findings=grouped(document, language()),
        goes_as_received=_goes(found) and document.verdict == "invalid",
        parts=[(row, wording.words_of_standing(row.standing)) for row in found.parts],
        words=wording.words_of_standing(found.row.standing),
        deliveries=[(row, wording.words_of_delivery(row)) for row in found.deliveries],
        may_approve=stand is Stand.TO_APPROVE,
        may_send=stand is Stand.TO_SEND,
        may_send_anyway=stand in {Stand.DUPLICATE, Stand.CHECK_FAILED},
        may_reject=stand in {Stand.TO_APPROVE, Stand.TO_SEND, Stand.CHECK_FAILED},
    )


def _goes(found: DocumentPage) -> bool:
    return found.document.released_at is not None and not found.document.not_planned


@opens(Permission.READ_DOCUMENTS)
@require_safe
def file(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Hand out the very bytes that arrived, verified; never to be shown by the browser."""
    document = _found(space, document_id).document
    try:
        data = storage().open(space.firm, document.sha256)
    except StorageError:
        messages.error(request, "The stored file is missing or damaged. The operator restores it.")
        return HttpResponseRedirect(space.url("document", document_id))
    digest = base64.b64encode(bytes.fromhex(document.sha256)).decode("ascii")
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=_file_name(document.file_name)
            ),
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Repr-Digest": f"sha-256=:{digest}:",  # RFC 9530
        },
    )


def _file_name(name: str) -> str:
    kept = "".join(char if char.isprintable() and char not in '/\\"' else "_" for char in name)
    return kept[:_MAX_NAME].strip(". ") or "document"


def _found(space: Space, document_id: UUID) -> DocumentPage:
    found = open_document(space.firm, space.viewer, document_id)
    if found is None:
        raise Http404
    return found


class NotReleasedError(Exception):
    """Tell the person the sentence; the document stands as it stood."""


def _decide(
    request: HttpRequest,
    space: Space,
    document_id: UUID,
    done: str,
    action: Callable[[], lifecycle.Released | None],
) -> HttpResponse:
    if not _found(space, document_id).is_workable:
        raise Http404

    def decided() -> None:
        released = action()
        if released is not None and document_id in released.refused:
            raise NotReleasedError(refusal(released.refused[document_id]))

    back = space.url("document", document_id)
    return acted(request, back, done, decided, (NotReleasedError, ArchiveError))


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def approve(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Release what the client bought."""

    def action() -> lifecycle.Released:
        return lifecycle.approve(space.firm, [document_id], actor=space.actor)

    return _decide(request, space, document_id, "It is approved.", action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def send(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Release what the client sold."""

    def action() -> lifecycle.Released:
        return lifecycle.send(space.firm, [document_id], actor=space.actor)

    return _decide(request, space, document_id, "It is released and goes in its turn.", action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def send_anyway(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Release on somebody's word a duplicate, or a statement that contradicts itself."""

    def action() -> lifecycle.Released:
        return lifecycle.send_anyway(space.firm, document_id, actor=space.actor)

    return _decide(request, space, document_id, "It is released and goes in its turn.", action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def reject(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Decide that it does not go."""
    reason = ReasonForm(request.POST).reason_given()

    def action() -> None:
        lifecycle.reject(space.firm, document_id, reason, actor=space.actor)

    return _decide(request, space, document_id, "It is rejected.", action)
