"""Does the same with several clients at once: assign people, pause, release, archive."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from posthorn.delivery.queries.client_open import count_open
from posthorn.tenancy import clients as services
from posthorn.tenancy.assignments import assign_many
from posthorn.tenancy.errors import TenancyError
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.queries import clients_visible_to
from posthorn.tenancy.roles import Permission
from posthorn.web.access import opens
from posthorn.web.shell import acted, page
from posthorn.web.views.client_deeds import accountants, chosen_people

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest

    from posthorn.web.access import Space
    from posthorn.web.rows import Company

MAX_AT_ONCE = 200
_SHOWN_REFUSALS = 3
office = opens(Permission.MANAGE_CLIENTS)


@office
@require_POST
def pause(request: HttpRequest, space: Space) -> HttpResponse:
    """Stop sending for the chosen clients; an undo releases those that were not paused before."""
    rows = [row for row in _chosen(request, space) if row.paused_at is None]
    with transaction.atomic():
        for row in rows:
            services.pause_client(space.firm, row.pk, actor=space.actor)
    if rows:
        words = ngettext(
            "%(number)s client is paused.", "%(number)s clients are paused.", len(rows)
        )
        undo = urlencode([("chosen", row.pk) for row in rows])
        undo = f"{space.url('clients_release')}?{undo}"
        messages.success(request, words % {"number": len(rows)}, extra_tags=undo)
    return _back(request, space, is_done=bool(rows))


@office
@require_POST
def release(request: HttpRequest, space: Space) -> HttpResponse:
    """End the pause of the chosen clients."""
    rows = [row for row in _chosen(request, space) if row.paused_at is not None]
    with transaction.atomic():
        for row in rows:
            services.release_client(space.firm, row.pk, actor=space.actor)
    if rows:
        words = ngettext(
            "%(number)s client is released.", "%(number)s clients are released.", len(rows)
        )
        messages.success(request, words % {"number": len(rows)})
    return _back(request, space, is_done=bool(rows))


@office
@require_POST
def archive(request: HttpRequest, space: Space) -> HttpResponse:
    """Say what stops; once somebody is sure, archive the chosen clients, each by itself."""
    rows = _chosen(request, space)
    if not rows:
        return _back(request, space, is_done=False)
    if "sure" not in request.POST:
        stops = None
        if space.reads_documents:
            stops = count_open(space.firm, space.viewer, [row.pk for row in rows])
        return _ask(request, space, "clients/archive_many.html", rows, stops=stops)

    def deed(row: Company) -> None:
        services.change_state(space.firm, row.pk, ClientState.ARCHIVED, actor=space.actor)

    done, refused = _each(rows, deed)
    if done:
        words = ngettext("%(number)s client is archived.", "%(number)s clients are archived.", done)
        messages.success(request, words % {"number": done})
    for row, why in refused[:_SHOWN_REFUSALS]:
        messages.error(request, f"{row.name}: {why}")
    _tell_of_more(request, len(refused) - _SHOWN_REFUSALS)
    return _back(request, space, is_done=True)


@opens(Permission.MANAGE_PEOPLE)
@require_POST
def assign(request: HttpRequest, space: Space) -> HttpResponse:
    """Ask which accountants; then let them work on the chosen clients too."""
    rows = _chosen(request, space)
    if not rows:
        return _back(request, space, is_done=False)
    people = accountants(space)
    wanted = chosen_people(request, people)
    if not wanted:
        return _ask(
            request,
            space,
            "clients/assign_many.html",
            rows,
            people=[(one, False) for one in people],
            is_missing="sure" in request.POST,
        )
    words = ngettext(
        "The people are assigned to %(number)s client.",
        "The people are assigned to %(number)s clients.",
        len(rows),
    )

    def action() -> None:
        assign_many(space.firm, wanted, [row.pk for row in rows], actor=space.actor)

    back = _address(request, space)
    return acted(request, back, words % {"number": len(rows)}, action, TenancyError)


def _chosen(request: HttpRequest, space: Space) -> list[Company]:
    """Give the clients that somebody chose; one that is not there for them is not found."""
    given = request.POST.getlist("chosen") or request.GET.getlist("chosen")
    try:
        ids = {UUID(one) for one in given[:MAX_AT_ONCE]}
    except ValueError:
        raise Http404 from None
    rows: list[Company] = list(clients_visible_to(space.firm, space.viewer).filter(pk__in=ids))
    if len(rows) != len(ids):
        raise Http404
    return rows


def _each(
    rows: Sequence[Company], deed: Callable[[Company], None]
) -> tuple[int, list[tuple[Company, str]]]:
    refused = []
    for row in rows:
        try:
            with transaction.atomic():
                deed(row)
        except TenancyError as error:
            refused.append((row, str(error)))
    return len(rows) - len(refused), refused


def _tell_of_more(request: HttpRequest, number: int) -> None:
    if number > 0:
        words = ngettext("%(number)s more was refused.", "%(number)s more were refused.", number)
        messages.error(request, words % {"number": number})


def _ask(
    request: HttpRequest, space: Space, template: str, rows: Sequence[Company], **more: object
) -> HttpResponse:
    back = _address(request, space)
    return page(request, space, template, here="clients", rows=rows, back=back, **more)


def _address(request: HttpRequest, space: Space) -> str:
    """Give the list with the filters that it was left with."""
    own = space.url("clients")
    asked = request.POST.get("next", "")
    return asked if asked == own or asked.startswith(f"{own}?") else own


def _back(request: HttpRequest, space: Space, *, is_done: bool) -> HttpResponse:
    if not is_done:
        messages.warning(request, gettext("This changes nothing for the clients you chose."))
    return HttpResponseRedirect(_address(request, space))
