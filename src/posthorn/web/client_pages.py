"""Renders the pages of one client, all under the same head: its name, its state, its tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext, pgettext

from posthorn.delivery.queries.client_signs import signs_of
from posthorn.delivery.queries.client_standing import status_of
from posthorn.kernel.clock import now
from posthorn.tenancy.access import may_read_documents
from posthorn.tenancy.errors import NotFoundError
from posthorn.tenancy.facts import ClientFacts, client_facts
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.roles import Permission
from posthorn.web.client_words import sentence_of, words_of_client
from posthorn.web.shell import page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Space
    from posthorn.web.wording import Words

DOCUMENTS, CONNECTION, INTEGRATIONS = "documents", "connection", "integrations"
TIMELINE, DETAILS = "timeline", "details"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One part of a client's page, with its own address."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above every page of a client."""

    client: ClientFacts
    words: Words
    sentence: str
    tabs: tuple[Tab, ...]
    reads: bool  # its documents
    may_manage: bool
    may_assign: bool

    @property
    def is_paused(self) -> bool:
        """Tell whether nothing is sent for it until somebody releases it."""
        return self.client.paused_at is not None

    @property
    def may_archive(self) -> bool:
        """Tell whether it can be put away now."""
        return self.may_manage and ClientState.ARCHIVED in self.client.next_states

    @property
    def may_take_back(self) -> bool:
        """Tell whether it was put away and can be had again."""
        return self.may_manage and self.client.state is ClientState.ARCHIVED


def head_of(space: Space, client_id: UUID, part: str) -> Head:
    """Give the head of a client's page; a client that is not there for this person is not found."""
    signs = signs_of(space.firm, space.viewer, client_id, now=now())
    if signs is None:
        raise Http404
    try:
        client = client_facts(space.firm, client_id)
    except NotFoundError:
        raise Http404 from None
    shares = client.shares_documents
    reads = may_read_documents(space.viewer, client_id, client.state, shares=shares)
    return Head(
        client=client,
        words=words_of_client(status_of(signs)),
        sentence=sentence_of(client, signs),
        tabs=_tabs(space, client_id, part, reads=reads),
        reads=reads,
        may_manage=space.may(Permission.MANAGE_CLIENTS),
        may_assign=space.may(Permission.MANAGE_PEOPLE),
    )


def client_page(
    request: HttpRequest, space: Space, head: Head, template: str, **context: object
) -> HttpResponse:
    """Render a page of a client under its head."""
    return page(request, space, template, here="clients", head=head, client=head.client, **context)


def _tabs(space: Space, client_id: UUID, part: str, *, reads: bool) -> tuple[Tab, ...]:
    tabs = (
        (DOCUMENTS, gettext("Documents"), "client"),
        (CONNECTION, gettext("Accounting package connection"), "connection"),
        (INTEGRATIONS, gettext("Integrations"), "integrations"),
        (TIMELINE, gettext("Timeline"), "client_timeline"),
        (DETAILS, pgettext("tab of a client", "Details"), "client_details"),
    )
    return tuple(
        Tab(label=label, url=space.url(route, client_id), is_here=name == part)
        for name, label, route in tabs
        if name != DOCUMENTS or reads
    )
