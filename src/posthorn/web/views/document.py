"""Shows one document: what it looks like, where it stands, and all that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from csp.decorators import csp_update
from django.http import Http404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from posthorn.archive.drawing import NotDrawnError, exhibit_of
from posthorn.archive.exhibit import Exhibit
from posthorn.archive.findings import grouped
from posthorn.archive.storage import StorageError
from posthorn.delivery.queries.documents import neighbours, open_document
from posthorn.delivery.queries.story import stories_of
from posthorn.tenancy.roles import Permission
from posthorn.web import timeline, wording
from posthorn.web.access import opens
from posthorn.web.document_deeds import deeds_of
from posthorn.web.languages import language
from posthorn.web.returning import carried
from posthorn.web.shell import page
from posthorn.web.views.documents import FRAMES, filter_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from posthorn.archive.findings import Findings
    from posthorn.delivery.queries.documents import DocumentPage
    from posthorn.web.access import Space

_NOTHING: Final = Exhibit(is_drawn=False)
_PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One way to look at a document."""

    code: str
    label: str
    url: str
    is_here: bool
    count: int = 0


@csp_update(FRAMES)
@opens(Permission.READ_DOCUMENTS)
@require_safe
def shown(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Show one document."""
    found = open_document(space.firm, space.viewer, document_id)
    if found is None:
        raise Http404
    document = found.document
    # A page that follows what happens asks again for where it stands, not for the picture.
    seen = _NOTHING if request.headers.get("HX-Request") else _seen(space, found)
    findings = grouped(document, language())
    stories = stories_of(space.firm, found.deliveries)
    wanted = filter_form(request, space).wanted()
    tabs = list(_tabs(request, found, seen, findings))
    return page(
        request,
        space,
        "documents/page.html",
        here="documents",
        found=found,
        row=found.row,
        document=document,
        seen=seen,
        is_pdf=document.media_type == _PDF or document.format in {"pdf", "facturx"},
        tabs=tabs,
        tab=next((tab.code for tab in tabs if tab.is_here), ""),
        check=wording.words_of_check(document.verdict),
        findings=findings,
        goes_as_received=_goes(found) and document.verdict == "invalid",
        parts=[(row, wording.words_of_standing(row.standing)) for row in found.parts],
        words=wording.words_of_standing(found.row.standing),
        deeds=deeds_of(space, found),
        events=timeline.of_document(found),
        stories=[timeline.of_delivery(story) for story in stories],
        near=neighbours(space.firm, space.viewer, wanted, document_id),
        carried=carried(request, "tab"),
        back=f"{space.url('documents')}{carried(request, 'tab')}",
    )


def _seen(space: Space, found: DocumentPage) -> Exhibit:
    """Look into the file; what cannot be drawn has its plain facts."""
    if found.document.reading != "read":
        return _NOTHING
    try:
        return exhibit_of(space.firm, found.document.sha256)
    except (NotDrawnError, StorageError):
        return _NOTHING


def _tabs(
    request: HttpRequest, found: DocumentPage, seen: Exhibit, findings: Findings
) -> Iterator[Tab]:
    asked = request.GET.get("tab", "")
    labels = {"": (gettext("Document"), 0)}
    if found.document.reading == "read":
        labels["checks"] = (gettext("Checks"), len(findings.groups) + findings.more)
    if seen.files:
        labels["files"] = (gettext("Attachments"), len(seen.files))
    if seen.folds:
        labels["xml"] = (gettext("XML"), 0)
    here = asked if asked in labels else ""
    for code, (label, count) in labels.items():
        url = carried(request, "tab", **({"tab": code} if code else {})) or "?"
        yield Tab(code=code, label=label, url=url, is_here=code == here, count=count)


def _goes(found: DocumentPage) -> bool:
    return found.document.released_at is not None and not found.document.not_planned
