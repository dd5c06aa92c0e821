"""Shows one client of a firm: its documents, its package, what was done, what is agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import BadRequest
from django.views.decorators.http import require_safe

from posthorn.delivery.queries.documents import DocumentFilter, list_documents
from posthorn.tenancy.activity import timeline_of
from posthorn.tenancy.pages import BadCursorError
from posthorn.tenancy.queries import clients_visible_to
from posthorn.web import client_pages, wording
from posthorn.web.access import opens
from posthorn.web.client_pages import client_page, head_of
from posthorn.web.section import connection_section
from posthorn.web.shell import next_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.documents import DocumentRow
    from posthorn.web.access import Space
    from posthorn.web.wording import Words

_LAST = 10


@opens()
@require_safe
def shown(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Show a client's last documents and its accounting package connection below them."""
    head = head_of(space, client_id, client_pages.DOCUMENTS)
    if not head.reads:
        head = head_of(space, client_id, client_pages.CONNECTION)
    client = clients_visible_to(space.firm, space.viewer).get(pk=client_id)
    return client_page(
        request,
        space,
        head,
        "clients/page.html",
        rows=_last_documents(space, client_id) if head.reads else (),
        **connection_section(request, space, client),
    )


def _last_documents(space: Space, client_id: UUID) -> list[tuple[DocumentRow, Words]]:
    found = list_documents(space.firm, space.viewer, DocumentFilter(client=client_id))
    return [(row, wording.words_of_standing(row.standing)) for row in found.rows[:_LAST]]


@opens()
@require_safe
def timeline(request: HttpRequest, space: Space, client_id: UUID) -> HttpResponse:
    """Show what was done for a client, the newest first."""
    head = head_of(space, client_id, client_pages.TIMELINE)
    after = request.GET.get("after", "")
    try:
        found = timeline_of(space.firm, space.viewer, client_id, after=after)
    except BadCursorError as error:
        raise BadRequest from error
    return client_page(
        request,
        space,
        head,
        "clients/timeline.html",
        happenings=found.rows,
        next_page=next_page(request, found.after),
        first_page=space.url("client_timeline", client_id),
        is_later=bool(after),
    )
