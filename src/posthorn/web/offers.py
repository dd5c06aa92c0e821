"""Says what a package gives to choose from: its options as people read them, and how old they are.

Short lists are chosen from; in long ones, and where the package cannot be asked, people type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from posthorn.connections.choices import Listed, begin, lists_of, remote_fields
from posthorn.sdk.fields import shown, started
from posthorn.web.languages import language
from posthorn.web.wording import explanation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from posthorn.connections.registry import Loaded
    from posthorn.sdk.fields import RemoteChoice
    from posthorn.web.access import Space
    from posthorn.web.rows import Binding, Company, Package

_FEW: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The list of one field; `options` are value and line, each line once."""

    url: str  # where it is asked for, and where it says how far that is
    options: tuple[tuple[str, str], ...]
    when: str  # how old it is; empty while there is none
    problem: str = ""  # why there is no newer one
    detail: str = ""
    waits_for: str = ""  # what must be known before it can be asked for
    is_running: bool = False
    is_askable: bool = True
    asks_by_itself: bool = False  # nobody has asked for it yet

    @property
    def is_typed(self) -> bool:
        """Tell whether people type, with the lines to complete from."""
        return not self.options or len(self.options) > _FEW or bool(self.problem)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is completed from while somebody types."""
        return tuple(line for _, line in self.options) if self.is_typed else ()

    def line_of(self, value: str) -> str:
        """Give what people read for a value; the value itself where the list does not have it."""
        return dict(self.options).get(value, value)

    def misses(self, value: str) -> bool:
        """Tell whether a value is not in a list that there is."""
        return bool(value and self.options) and value not in dict(self.options)

    def warning(self, value: str) -> str:
        """Say that a value is not in the list."""
        said = gettext("“%(value)s” is not in the list of the package. It is kept as it is.")
        return said % {"value": value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Whose form it is: a client's, at a package, with the integration it has there, if any."""

    space: Space
    client: Company
    package: Package
    loaded: Loaded
    integration: Binding | None
    may_ask: bool = True


def offers_of(bound: Bound, values: Mapping[str, str]) -> dict[str, Offer]:
    """Give the lists of a form's fields; `values` are those it shows."""
    mine = bound.integration.id if bound.integration else None
    found = lists_of(bound.space.firm, bound.package.id, bound.loaded, mine)
    if not found:
        return {}
    fields = bound.loaded.spec.client_settings
    starts = {one.id: started(one, bound.package.settings, ()) for one in fields}
    visible = {one.id for one in shown(fields, {**starts, **values})}
    declared = remote_fields(bound.loaded)
    return {
        name: _offer(bound, declared[name], listed, is_shown=name in visible)
        for name, listed in found.items()
    }


def ask(bound: Bound, field: str) -> None:
    """Have a worker ask for a list; a field without one asks for nothing."""
    if field not in remote_fields(bound.loaded):
        return
    integration = bound.integration.id if bound.integration else None
    firm, actor = bound.space.firm, bound.space.actor
    begin(firm, bound.package.id, field, integration=integration, actor=actor)


def chosen(values: Mapping[str, str], offers: Mapping[str, Offer]) -> dict[str, str]:
    """Give posted values with those that were typed as a line of their list in its place."""
    return {name: _value(value, offers.get(name)) for name, value in values.items()}


def options_of(one: RemoteChoice, offer: Offer, value: str) -> Sequence[tuple[str, str]]:
    """Give what can be chosen; what is stored stays, though the list lost it."""
    if offer.is_typed:
        return ()
    none = () if one.required or one.default else (("", gettext("None chosen")),)
    lost = ((value, value),) if offer.misses(value) else ()
    return (*none, *lost, *offer.options)


def _value(typed: str, offer: Offer | None) -> str:
    if offer is None or typed in dict(offer.options):
        return typed
    wanted = typed.strip().casefold()
    return next((value for value, line in offer.options if line.casefold() == wanted), typed)


def _offer(bound: Bound, one: RemoteChoice, listed: Listed, *, is_shown: bool) -> Offer:
    problem = explanation(bound.loaded.id, listed.code) or listed.code
    is_askable = bound.may_ask and listed.is_askable
    is_new = listed.asked_at is None and not listed.is_running
    return Offer(
        url=bound.space.url("choices", bound.client.pk, bound.package.id, one.id),
        options=_told_apart(listed.options),
        when=_when(listed.fetched_at) if listed.fetched_at else "",
        problem=problem,
        detail=listed.detail,
        waits_for="" if listed.is_askable else _needed(bound.loaded, one),
        is_running=listed.is_running and bound.may_ask,
        is_askable=is_askable,
        asks_by_itself=is_askable and is_new and is_shown,
    )


def _told_apart(options: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Give each option a line of its own: two that read alike are told apart by their value."""
    labels = [label.casefold() for _, label in options]
    return tuple(
        (value, f"{label} · {value}" if labels.count(label.casefold()) > 1 else label)
        for value, label in options
    )


def _needed(loaded: Loaded, one: RemoteChoice) -> str:
    every = (*loaded.spec.firm_settings, *loaded.spec.client_settings)
    labels = [each.label[language()] for each in every if each.id in one.depends_on]
    return ", ".join(labels)


def _when(at: datetime) -> str:
    local = timezone.localtime(at)
    days = (timezone.localdate() - local.date()).days
    if days == 0:
        return gettext("List fetched today at %(time)s.") % {"time": date_format(local, "H:i")}
    if days == 1:
        return gettext("List fetched yesterday.")
    return gettext("List fetched on %(date)s.") % {"date": date_format(local, "DATE_FORMAT")}
