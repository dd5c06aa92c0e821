"""The first page of a firm: what needs somebody, what waits, what arrived today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_safe

from posthorn.delivery.queries.deliveries import list_causes
from posthorn.delivery.queries.documents import Where, count_documents
from posthorn.delivery.queries.overview import count_deliveries, list_trouble
from posthorn.web import wording
from posthorn.web.access import opens
from posthorn.web.shell import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Space


@opens()
@require_safe
def overview(request: HttpRequest, space: Space) -> HttpResponse:
    """Show counts and causes; people who read no documents see the connections alone."""
    trouble = [(one, wording.words_of_trouble(one)) for one in list_trouble(space.firm)]
    if not space.reads_documents:
        return page(request, space, "overview/overview.html", here="overview", trouble=trouble)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    causes = list_causes(space.firm, space.viewer)
    return page(
        request,
        space,
        "overview/overview.html",
        here="overview",
        trouble=trouble,
        counts=count_deliveries(space.firm, space.viewer, today=today),
        to_decide=count_documents(space.firm, space.viewer, Where.TO_DECIDE),
        unassigned=count_documents(space.firm, space.viewer, Where.UNASSIGNED),
        causes=[(cause, wording.words_of_cause(cause)) for cause in causes],
    )
