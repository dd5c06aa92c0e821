"""Shows documents that nobody claims, and gives them to their clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from posthorn.archive.bulk import assign_many as give_many
from posthorn.archive.nearness import near_clients
from posthorn.archive.queries import workable
from posthorn.delivery.queries.documents import DocumentFilter, Where, list_documents
from posthorn.delivery.queries.pages import CursorError
from posthorn.tenancy.access import may
from posthorn.tenancy.roles import Permission
from posthorn.web.access import opens
from posthorn.web.client_picker import client_to_work_on
from posthorn.web.forms import ToldForm, chosen
from posthorn.web.returning import way_back
from posthorn.web.shell import next_page, page
from posthorn.web.tellings import Ending, tell
from posthorn.web.views.documents import FRAMES

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from posthorn.web.access import Space


@csp_update(FRAMES)
@opens(Permission.WORK_DOCUMENTS)
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show the documents without a client, each with the client that it may be meant for."""
    if not may(space.viewer, Permission.WORK_DOCUMENTS, None):
        raise Http404
    wanted = DocumentFilter(where=Where.UNASSIGNED, text=request.GET.get("q", ""))
    after = request.GET.get("after", "")
    try:
        found = list_documents(space.firm, space.viewer, wanted, after=after)
    except CursorError as error:
        raise BadRequest from error
    near = near_clients(space.firm, [row.id for row in found.rows])
    return page(
        request,
        space,
        "documents/unassigned.html",
        here="documents",
        rows=[(row, near.get(row.id)) for row in found.rows],
        next_page=next_page(request, found.after),
        first_page=space.url("unassigned"),
        is_later=bool(after),
        q=wanted.text,
        carried="?where=unassigned",
    )


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def assign_many(request: HttpRequest, space: Space) -> HttpResponse:
    """Give chosen documents to a client; asks first which one and in which direction."""
    asked = chosen(request.POST.getlist("chosen"))
    may_give = workable(space.firm, space.viewer, asked)
    ids = [row for row in asked if row in may_give]
    back = way_back(request, space.url("unassigned"))
    if not ids:
        messages.warning(request, gettext("Choose documents first."))
        return HttpResponseRedirect(back)
    form = ToldForm(request.POST, space)
    told = form.told()
    client = client_to_work_on(space, told.client)
    if client is None or "direction" not in request.POST:
        return _ask(request, space, ids, form, back)
    given = give_many(space.firm, ids, client.id, told.direction, actor=space.actor)
    one = gettext("%(number)s document was given to %(client)s.")
    many = gettext("%(number)s documents were given to %(client)s.")
    name = client.name.replace("%", "%%")
    words = tuple(text.replace("%(client)s", name) for text in (one, many))
    refused = [*map(str, given.refused.values())]
    tell(request, Ending(done=len(given.done), words=(words[0], words[1]), refused=refused))
    return HttpResponseRedirect(back)


def _ask(
    request: HttpRequest, space: Space, ids: list[UUID], form: ToldForm, back: str
) -> HttpResponse:
    if "direction" in request.POST and not form.errors:
        form.add_error("client", gettext("Choose a client."))
    return page(
        request,
        space,
        "documents/assign.html",
        here="documents",
        ids=ids,
        form=form,
        told=form.told(),
        back=back,
    )
