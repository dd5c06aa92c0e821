"""Takes files that people choose or drop, each told of by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from posthorn.archive.errors import ArchiveError
from posthorn.archive.intake import Incoming, shown_name
from posthorn.archive.intake import take as take_in
from posthorn.archive.queries import documents_visible_to
from posthorn.archive.storage import StorageError
from posthorn.tenancy.access import may
from posthorn.tenancy.roles import Permission
from posthorn.web import uploads
from posthorn.web.access import opens
from posthorn.web.client_picker import client_to_work_on
from posthorn.web.forms import Told, ToldForm, chosen
from posthorn.web.shell import page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from posthorn.web.access import Space

MAX_FILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a file: its document's address, or why it was refused."""

    name: str
    document: UUID | None = None
    url: str = ""
    refused: str = ""


@opens(Permission.WORK_DOCUMENTS)
@require_safe
def shown(request: HttpRequest, space: Space) -> HttpResponse:
    """Show the field for files, and the documents that came of the last ones."""
    taken = chosen(request.GET.getlist("taken"))
    rows = documents_visible_to(space.firm, space.viewer).filter(pk__in=taken)
    form = ToldForm(request.GET, space)
    return page(
        request,
        space,
        "documents/upload.html",
        here="documents",
        rows=rows.order_by("file_name") if taken else (),
        form=form,
        told=form.told(),
        finds_owners=space.is_firm and may(space.viewer, Permission.WORK_DOCUMENTS, None),
        max_bytes=settings.POSTHORN.max_upload,
        max_files=MAX_FILES,
    )


@csrf_exempt
def take(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Limit the files before anything reads them, then take them in."""
    request.upload_bound = uploads.bound(request, settings.POSTHORN.max_upload)  # type: ignore[attr-defined]  # ours
    return _take(request, *args, **kwargs)


@csrf_protect
@opens(Permission.WORK_DOCUMENTS)
@require_POST
def _take(request: HttpRequest, space: Space) -> HttpResponse:
    form = ToldForm(request.POST, space)
    told = _told(form, space)
    if told is None:
        return _asked_again(request, space, form)
    ends = [_one(space, file, told) for file in request.FILES.getlist("files")[:MAX_FILES]]
    return _answer(request, space, [*ends, *_too_large(request)])


def _told(form: ToldForm, space: Space) -> Told | None:
    """Give whose the files are; None for a client on whom this person may not work."""
    told = form.told()
    if not space.is_firm:
        return Told(client=space.id, direction=told.direction)
    if told.client is None:
        return None if "client" in form.errors else told
    return told if client_to_work_on(space, told.client) else None


def _asked_again(request: HttpRequest, space: Space, form: ToldForm) -> HttpResponse:
    """Take nothing in and say why; the page shows who may be meant."""
    if _is_json(request):
        said = form.errors.get("client", [gettext("Choose a client.")])[0]
        meant = ", ".join(map(str, form.candidates))
        said = f"{said} {meant}".strip()
        return JsonResponse({"files": [{"name": "", "url": "", "refused": said}]})
    messages.warning(request, gettext("Nothing was taken in: choose the client first."))
    asked = {name: request.POST.get(name, "") for name in ("client", "direction")}
    return HttpResponseRedirect(f"{space.url('upload')}?{urlencode(asked)}")


def _too_large(request: HttpRequest) -> Iterator[Taken]:
    limit = filesizeformat(settings.POSTHORN.max_upload)
    said = gettext("The file is too large: at most %(limit)s are accepted. Send less at once.")
    bound = cast("uploads.BoundedUpload", request.upload_bound)  # type: ignore[attr-defined]  # ours
    for name in bound.refused:
        yield Taken(name=shown_name(name), refused=said % {"limit": limit})


def _one(space: Space, file: UploadedFile, told: Told) -> Taken:
    name = shown_name(file.name or "")
    incoming = Incoming(
        data=file.read(),
        file_name=name,
        source="web",
        client=told.client,
        direction=told.direction,
        actor=space.actor,
    )
    try:
        taken = take_in(space.firm, incoming, within=None if space.is_firm else space.id)
    except (ArchiveError, StorageError) as error:
        return Taken(name=name, refused=str(error))
    # Whoever may not see every client cannot open what is nobody's yet.
    is_open = told.client is not None or may(space.viewer, Permission.WORK_DOCUMENTS, None)
    url = space.url("document", taken.document_id) if is_open else ""
    return Taken(name=name, document=taken.document_id, url=url)


def _is_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _answer(request: HttpRequest, space: Space, ends: list[Taken]) -> HttpResponse:
    if _is_json(request):
        answers = [{"name": one.name, "url": one.url, "refused": one.refused} for one in ends]
        return JsonResponse({"files": answers})
    done = [one for one in ends if not one.refused]
    if done:
        said = ngettext(
            "%(number)s file was taken in.", "%(number)s files were taken in.", len(done)
        )
        messages.success(request, said % {"number": len(done)})
    for one in ends:
        if one.refused:
            messages.warning(request, f"{one.name}: {one.refused}" if one.name else one.refused)
    if not ends:
        messages.warning(request, gettext("Choose files first."))
    listed = "&".join(f"taken={one.document}" for one in done)
    return HttpResponseRedirect(f"{space.url('upload')}?{listed}")
