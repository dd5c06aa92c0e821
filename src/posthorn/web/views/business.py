"""A client's own pages: what waits, what its accountant has, who of the company comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from posthorn.delivery.queries.client_open import count_open
from posthorn.delivery.queries.deliveries import DeliveryFilter, list_deliveries
from posthorn.delivery.queries.documents import DocumentFilter, list_documents
from posthorn.delivery.queries.pages import CursorError
from posthorn.tenancy.business_space import end_link
from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.facts import client_facts
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.queries import firm_facts
from posthorn.web import wording
from posthorn.web.access import opens, person_of
from posthorn.web.business_words import sentence_of
from posthorn.web.shell import acted, next_page, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from posthorn.delivery.queries.deliveries import DeliveryRow
    from posthorn.web.access import Space
    from posthorn.web.wording import Words

_LAST = 5


@opens()
@require_safe
def overview(request: HttpRequest, space: Space) -> HttpResponse:
    """Show what this space is, what waits for its people, and what was shared last."""
    firm = firm_facts(space.firm).name
    shared = list_deliveries(space.firm, space.viewer, DeliveryFilter()).rows[:_LAST]
    documents = list_documents(space.firm, space.viewer, DocumentFilter()).rows[:_LAST]
    return page(
        request,
        space,
        "business/overview.html",
        here="overview",
        firm=firm,
        upload_url=space.url("upload"),
        client=client_facts(space.firm, space.id),
        open_work=count_open(space.firm, space.viewer, [space.id]),
        documents=[(row, wording.words_of_standing(row.standing)) for row in documents],
        shared=_told(shared, firm),
    )


@opens()
@require_safe
def shared(request: HttpRequest, space: Space) -> HttpResponse:
    """Show what was shared with the accountant, when, and what became of it."""
    firm = firm_facts(space.firm).name
    after = request.GET.get("after", "")
    try:
        found = list_deliveries(space.firm, space.viewer, DeliveryFilter(), after=after)
    except CursorError as error:
        raise BadRequest from error
    return page(
        request,
        space,
        "business/shared.html",
        here="shared",
        firm=firm,
        client=client_facts(space.firm, space.id),
        shared=_told(found.rows, firm),
        next_page=next_page(request, found.after),
        first_page=space.url("shared"),
        is_later=bool(after),
    )


def _told(rows: tuple[DeliveryRow, ...], firm: str) -> list[tuple[DeliveryRow, Words, str]]:
    return [(row, wording.words_of_state(row.state), sentence_of(row, firm)) for row in rows]


@opens()
@require_safe
def company(request: HttpRequest, space: Space) -> HttpResponse:
    """Show what the accountant knows of the company, and who of it comes in."""
    return page(
        request,
        space,
        "business/company.html",
        here="company",
        firm=firm_facts(space.firm).name,
        client=client_facts(space.firm, space.id),
        own=person_of(request).pk,
    )


@opens()
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, space: Space) -> HttpResponse:
    """Say what happens when the link with the firm ends; then end it."""
    firm = firm_facts(space.firm).name
    client = client_facts(space.firm, space.id)
    if request.method == "POST":
        said = gettext("The link with %(firm)s has ended. Your documents stay here for you.")

        def action() -> None:
            end_link(space.firm, space.id, person_of(request).pk)

        return acted(request, space.url("company"), said % {"firm": firm}, action, TenancyError)
    return page(
        request,
        space,
        "business/end.html",
        here="company",
        firm=firm,
        client=client,
        may_end=ClientState.LOST in client.next_states,
        stops=count_open(space.firm, space.viewer, [space.id]),
    )
