"""The form of one integration: a client's settings at a package, and what goes where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posthorn.connections import queries
from posthorn.connections.change_queries import waiting_changes
from posthorn.connections.errors import BothNeededError
from posthorn.connections.flows import choices_of
from posthorn.connections.integrations import Wish
from posthorn.connections.routes import OWN
from posthorn.connections.senders import sender_of
from posthorn.sdk.fields import effects_of
from posthorn.sdk.kinds import Kind
from posthorn.tenancy.roles import Permission
from posthorn.web import packages
from posthorn.web.declared import Given, groups_of, settings_from, unplaced
from posthorn.web.extensions import card_of
from posthorn.web.languages import language
from posthorn.web.offers import Bound, ask, chosen, offers_of
from posthorn.web.shell import page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from posthorn.connections.change_queries import ChangeRow
    from posthorn.connections.errors import ConnectionsError
    from posthorn.web.access import Space

HERE = "clients"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An integration as a form shows it."""

    bound: Bound
    wish: Wish = field(default_factory=Wish)
    refused: ConnectionsError | None = None

    @property
    def given(self) -> Given:
        """What the form starts from."""
        bound = self.bound
        kept: frozenset[str] = frozenset()
        if bound.integration:
            ids = (bound.space.firm, bound.package.id, bound.integration.id)
            kept = queries.kept_secrets(*ids)
        return Given(
            values=self.wish.values,
            starts=bound.package.settings,
            kept=kept,
            codes=packages.codes_of(self.refused),
            reasons=packages.reasons_of(self.refused),
            effects=effects_of(bound.loaded.spec.firm_settings, bound.package.settings),
            sender=sender_of(bound.package.settings),
            offers=offers_of(bound, self.wish.values),
        )


def shown_form(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show the form."""
    bound, wish, refused = draft.bound, draft.wish, draft.refused
    fields = bound.loaded.spec.client_settings
    given = draft.given
    mine = bound.integration.id if bound.integration else None
    every = queries.integrations_of(bound.space.firm, bound.client.pk)
    others = [one for one in every if one.id != mine]
    choices = choices_of(bound.loaded, dict(wish.routes), list(wish.both), others)
    return page(
        request,
        bound.space,
        "integrations/form.html",
        here=HERE,
        client=bound.client,
        package=bound.package,
        card=card_of(bound.loaded),
        integration=bound.integration,
        groups=groups_of(fields, given, language()),
        problem=packages.refusal_of(refused) if refused else "",
        problems=unplaced(fields, given, language()),
        asks_both=isinstance(refused, BothNeededError),
        uses=packages.uses_of(refused),
        shared_reason=wish.shared_reason,
        waiting=waiting_of(bound.space, bound.client.pk),
        choices=choices,
        shared=[one for one in choices if one.others],
        has_ways=any(one.value != OWN and one.is_chosen for each in choices for one in each.ways),
    )


def shown_after_asking(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Have the list asked for whose button was pressed, and show what was typed, unsaved."""
    ask(draft.bound, request.POST.get("fetch", ""))
    return shown_form(request, draft)


def wish_of(request: HttpRequest, bound: Bound) -> Wish:
    """Read what was posted; a line of a list stands for its value."""
    posted = request.POST
    routes = {kind.value: posted.get(f"route-{kind}", "") or OWN for kind in Kind}
    values = settings_from(bound.loaded.spec.client_settings, posted)
    return Wish(
        values=chosen(values, offers_of(bound, values)),
        routes={kind: route for kind, route in routes.items() if route != OWN},
        both=[kind.value for kind in Kind if kind in posted.getlist("both")],
        shared_reason=posted.get("shared_reason", ""),
    )


def waiting_of(space: Space, client_id: UUID) -> list[ChangeRow]:
    """Give what waits for a second person, to those who may be it."""
    is_asked = space.may(Permission.MANAGE_CLIENTS)
    return waiting_changes(space.firm, client=client_id) if is_asked else []
