"""A field in which people type a client: by number, by name, or from what is suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from posthorn.delivery.queries.picking import (
    Pick,
    UnclearClientError,
    pick_client,
    suggest_clients,
)
from posthorn.tenancy.access import may_add_documents
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.queries import clients_visible_to
from posthorn.web.access import opens

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from posthorn.web.access import Space

_LONGEST = 250


class ClientField(forms.CharField):
    """Reads the id of the client that is meant, None for none; knows who else may be meant.

    `picked` and `candidates` are there once the field was read, for its piece of the page.
    """

    def __init__(self, space: Space, *, is_working: bool = False) -> None:
        """Take the space whose clients are meant; `is_working` leaves out those that are over."""
        super().__init__(label=_("Client"), max_length=_LONGEST, required=False)
        self.space = space
        self.is_working = is_working
        self.picked: Pick | None = None
        self.candidates: tuple[Pick, ...] = ()

    def clean(self, value: Any) -> UUID | None:  # noqa: ANN401  # what was sent
        """Find the client; raises ValidationError, the candidates kept for the page."""
        text = super().clean(value)
        if not text:
            return None
        try:
            self.picked = self._find(text)
        except UnclearClientError as error:
            self.candidates = error.candidates
            raise forms.ValidationError(said_of(error), code="unclear_client") from error
        return self.picked.id

    def _find(self, text: str) -> Pick:
        viewer = self.space.viewer
        return pick_client(self.space.firm, viewer, text, is_working=self.is_working)


def client_to_work_on(space: Space, client: UUID | None) -> Pick | None:
    """Give a client on whose documents this person may work; None for any other."""
    rows = clients_visible_to(space.firm, space.viewer)
    row = rows.filter(pk=client).first() if client else None
    if row is None or not may_add_documents(space.viewer, row.pk, ClientState(row.state)):
        return None
    return Pick(id=row.pk, dossier_number=row.dossier_number, name=row.name)


def said_of(error: UnclearClientError) -> str:
    """Say which client was not found, or which ones may be meant."""
    if not error.candidates:
        said = gettext("No client has the name or number %(text)s.")
    elif len(error.candidates) == 1:
        said = gettext("No client is called just %(text)s. Is this the one?")
    else:
        said = gettext("More than one client may be meant by %(text)s. Which one?")
    return said % {"text": f"“{error.text}”"}


@opens()
@require_safe
def suggest(request: HttpRequest, space: Space) -> HttpResponse:
    """Give the clients that typed text may mean, as options of a list."""
    text = request.GET.get("client", "")[:_LONGEST]
    is_working = "working" in request.GET
    found = suggest_clients(space.firm, space.viewer, text, is_working=is_working)
    return render(request, "ui/client_options.html", {"options": found})
