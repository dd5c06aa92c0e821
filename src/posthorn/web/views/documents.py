"""Lists documents, and shows the one that is pointed at beside the list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from csp.decorators import csp_update
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from posthorn.delivery.queries.documents import (
    DocumentFilter,
    Where,
    count_up_to,
    list_documents,
    open_document,
)
from posthorn.delivery.queries.pages import CursorError
from posthorn.tenancy.access import may
from posthorn.tenancy.roles import Permission
from posthorn.web import wording
from posthorn.web.access import opens
from posthorn.web.document_deeds import deeds_of
from posthorn.web.document_lines import lines_of_documents
from posthorn.web.forms import WHERES, DocumentFilterForm
from posthorn.web.returning import carried
from posthorn.web.shell import next_page, page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Space

# What a document is drawn on stands in a frame of its own.
FRAMES = {"frame-src": ["'self'"]}
_COUNTED = (Where.TO_DECIDE, Where.ATTENTION)


@csp_update(FRAMES)
@opens(Permission.READ_DOCUMENTS)
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show one page of the list."""
    form = filter_form(request, space)
    wanted, after = form.wanted(), request.GET.get("after", "")
    try:
        found = list_documents(space.firm, space.viewer, wanted, after=after)
    except CursorError as error:
        raise BadRequest from error
    may_assign = space.is_firm and may(space.viewer, Permission.WORK_DOCUMENTS, None)
    return page(
        request,
        space,
        "documents/list.html",
        here="documents",
        form=form,
        is_firm=space.is_firm,
        lines=lines_of_documents(space, found.rows, carried(request)),
        next_page=next_page(request, found.after),
        first_page=f"{space.url('documents')}{carried(request)}",
        is_later=bool(after),
        is_filtered=form.is_filtered,
        chips=_chips(request, space, form),
        carried=carried(request),
        may_decide=not space.is_firm or space.may(Permission.WORK_DOCUMENTS),
        may_assign=may_assign,
        unassigned=_counted(space, Where.UNASSIGNED, None) if may_assign else "",
    )


def filter_form(request: HttpRequest, space: Space) -> DocumentFilterForm:
    """Read the filters of an address."""
    return DocumentFilterForm(request.GET, space)


def _chips(
    request: HttpRequest, space: Space, form: DocumentFilterForm
) -> list[Mapping[str, object]]:
    """Give a chip for each place where documents stand."""
    here, base = form.cleaned_data.get("where", ""), space.url("documents")
    client = form.cleaned_data.get("client")
    return [
        {
            "label": word,
            "url": base + carried(request, where="" if where.value == here else where.value),
            "is_on": where.value == here,
            "count": _counted(space, where, client) if where in _COUNTED else "",
        }
        for where, word in WHERES.items()
    ]


def _counted(space: Space, where: Where, client: UUID | None) -> str:
    """Count as far as anybody reads; empty for none."""
    wanted = DocumentFilter(where=where, client=client)
    count = count_up_to(space.firm, space.viewer, wanted)
    if not count.number:
        return ""
    return f"{count.number}+" if count.is_more else str(count.number)


@csp_update(FRAMES)
@opens(Permission.READ_DOCUMENTS)
@require_safe
def preview(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Show a document beside the list; opened by itself it is a small page."""
    found = open_document(space.firm, space.viewer, document_id)
    if found is None:
        raise Http404
    values = {
        "row": found.row,
        "document": found.document,
        "words": wording.words_of_standing(found.row.standing),
        "deeds": deeds_of(space, found),
        "carried": carried(request),
        "back": f"{space.url('documents')}{carried(request)}",
    }
    if not request.headers.get("HX-Request"):
        return page(request, space, "documents/preview.html", here="documents", **values)
    return render(request, "documents/_preview.html", {"space": space, **values})
