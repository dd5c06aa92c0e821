"""Lets people decide on documents, one or many: approve, send, reject, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from posthorn.archive import bulk, lifecycle, reading
from posthorn.archive.errors import ArchiveError
from posthorn.archive.queries import workable
from posthorn.delivery.queries.documents import open_document
from posthorn.tenancy.roles import Permission
from posthorn.web.access import opens
from posthorn.web.asking import Question, ask
from posthorn.web.forms import ReasonForm, chosen
from posthorn.web.refusals import refusal
from posthorn.web.returning import way_back
from posthorn.web.shell import acted
from posthorn.web.tellings import Ending, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from posthorn.archive.lifecycle import Released
    from posthorn.web.access import Space


class NotReleasedError(Exception):
    """Tell the person the sentence; the document stands as it stood."""


def _decide(
    request: HttpRequest,
    space: Space,
    document_id: UUID,
    done: str,
    action: Callable[[], lifecycle.Released | None],
) -> HttpResponse:
    _demand(space, document_id)

    def decided() -> None:
        released = action()
        if released is not None and document_id in released.refused:
            raise NotReleasedError(refusal(released.refused[document_id]))

    back = way_back(request, space.url("document", document_id))
    return acted(request, back, done, decided, (NotReleasedError, ArchiveError))


def _demand(space: Space, document_id: UUID) -> None:
    found = open_document(space.firm, space.viewer, document_id)
    if found is None or not found.is_workable:
        raise Http404


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def approve(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Release what the client bought."""

    def action() -> lifecycle.Released:
        return lifecycle.approve(space.firm, [document_id], actor=space.actor)

    return _decide(request, space, document_id, gettext("It is approved."), action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def send(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Release what the client sold."""

    def action() -> lifecycle.Released:
        return lifecycle.send(space.firm, [document_id], actor=space.actor)

    done = gettext("It is released and goes in its turn.")
    return _decide(request, space, document_id, done, action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def send_anyway(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Release on somebody's word a duplicate, or a statement that contradicts itself."""

    def action() -> lifecycle.Released:
        return lifecycle.send_anyway(space.firm, document_id, actor=space.actor)

    done = gettext("It is released and goes in its turn.")
    return _decide(request, space, document_id, done, action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def reject(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Decide that it does not go; asks for the reason first."""
    _demand(space, document_id)
    reason = ReasonForm(request.POST).reason_given()
    if not reason.strip():
        return _ask_why(request, space, [document_id], space.url("reject", document_id))

    def action() -> None:
        lifecycle.reject(space.firm, document_id, reason, actor=space.actor)

    undo = space.url("take_back", document_id)
    back = way_back(request, space.url("document", document_id))
    done = gettext("It is rejected.")
    return acted(request, back, done, action, ArchiveError, undo=undo)


def _ask_why(request: HttpRequest, space: Space, ids: list[UUID], url: str) -> HttpResponse:
    title = ngettext("Reject %(number)s document", "Reject %(number)s documents", len(ids))
    question = Question(
        title=title % {"number": len(ids)},
        text=gettext("It does not go to the accounting package. You can take this back."),
        url=url,
        verb=gettext("Reject"),
        fields=tuple(("chosen", str(row)) for row in ids),
        reason=gettext("Write why the document is rejected."),
        is_danger=True,
    )
    return ask(request, space, question, here="documents")


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def take_back(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Take a rejection back."""

    def action() -> None:
        lifecycle.take_back(space.firm, document_id, actor=space.actor)

    done = gettext("The rejection is taken back.")
    return _decide(request, space, document_id, done, action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def read_again(request: HttpRequest, space: Space, document_id: UUID) -> HttpResponse:
    """Give a document that could not be read another try."""

    def action() -> None:
        reading.read_again(space.firm, document_id, actor=space.actor)

    return _decide(request, space, document_id, gettext("It is being read again."), action)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def approve_many(request: HttpRequest, space: Space) -> HttpResponse:
    """Release chosen documents that clients bought."""
    one = gettext("%(number)s document was approved.")
    return _release(request, space, lifecycle.approve, (one, gettext("%(number)s were approved.")))


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def send_many(request: HttpRequest, space: Space) -> HttpResponse:
    """Release chosen documents that clients sold."""
    one = gettext("%(number)s document was released and goes in its turn.")
    many = gettext("%(number)s were released and go in their turn.")
    return _release(request, space, lifecycle.send, (one, many))


def _release(
    request: HttpRequest,
    space: Space,
    deed: Callable[..., Released],
    words: tuple[str, str],
) -> HttpResponse:
    ids, foreign = _theirs(request, space)
    with transaction.atomic():
        released = deed(space.firm, ids, actor=space.actor)
    refused = [refusal(why) for why in released.refused.values()]
    ending = Ending(
        done=len(released.released), words=words, refused=[*refused, *_not_there(foreign)]
    )
    return _told(request, space, ending)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def reject_many(request: HttpRequest, space: Space) -> HttpResponse:
    """Decide that chosen documents do not go; asks for the reason first."""
    ids, foreign = _theirs(request, space)
    reason = ReasonForm(request.POST).reason_given()
    if not reason.strip() and ids:
        return _ask_why(request, space, ids, space.url("reject_many"))
    decided = bulk.reject_many(space.firm, ids, reason, actor=space.actor)
    one, many = gettext("%(number)s document was rejected."), gettext("%(number)s were rejected.")
    chosen_again = "&".join(f"chosen={row}" for row in decided.done)
    ending = Ending(
        done=len(decided.done),
        words=(one, many),
        refused=[*map(str, decided.refused.values()), *_not_there(foreign)],
        undo=f"{space.url('take_back_many')}?{chosen_again}",
    )
    return _told(request, space, ending)


@opens(Permission.WORK_DOCUMENTS)
@require_POST
def take_back_many(request: HttpRequest, space: Space) -> HttpResponse:
    """Take the rejections of the documents in the address back."""
    asked = chosen(request.GET.getlist("chosen"))
    ids = [row for row in asked if row in workable(space.firm, space.viewer, asked)]
    decided = bulk.take_back_many(space.firm, ids, actor=space.actor)
    one = gettext("%(number)s rejection was taken back.")
    many = gettext("%(number)s rejections were taken back.")
    ending = Ending(
        done=len(decided.done), words=(one, many), refused=_not_there(len(asked) - len(ids))
    )
    return _told(request, space, ending)


def _theirs(request: HttpRequest, space: Space) -> tuple[list[UUID], int]:
    """Give the chosen documents that this person may decide on, and how many others there were."""
    asked = chosen(request.POST.getlist("chosen"))
    may = workable(space.firm, space.viewer, asked)
    ids = [row for row in asked if row in may]
    return ids, len(asked) - len(ids)


def _not_there(number: int) -> list[str]:
    return [gettext("There is no such document.")] * number


def _told(request: HttpRequest, space: Space, ending: Ending) -> HttpResponse:
    if not ending.done and not ending.refused:
        messages.warning(request, gettext("Choose documents first."))
    tell(request, ending)
    return HttpResponseRedirect(way_back(request, space.url("documents")))
