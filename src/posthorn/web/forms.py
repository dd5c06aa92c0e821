"""Shapes of what people type; what it means is for the services to judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from posthorn.archive.directions import Direction
from posthorn.delivery.queries.deliveries import DeliveryFilter
from posthorn.delivery.queries.documents import DocumentFilter, Where
from posthorn.delivery.queries.words import Flow, KindOfPaper
from posthorn.delivery.states import STATES, State
from posthorn.web.client_picker import ClientField
from posthorn.web.wording import state_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from posthorn.delivery.queries.picking import Pick
    from posthorn.web.access import Space

    Choices = Sequence[tuple[str, str | _StrPromise]]

ATTENTION = "attention"
_MAX_PACKAGES = 100
MAX_CHOSEN = 200

WHERES: dict[Where, _StrPromise] = {
    Where.TO_DECIDE: _("To approve or send"),
    Where.ATTENTION: _("Needs attention"),
    Where.ON_ITS_WAY: _("On its way"),
    Where.ARRIVED: _("Accepted or in the package"),
    Where.NOWHERE: _("Goes nowhere"),
    Where.DUPLICATE: _("Duplicate"),
    Where.REJECTED: _("Rejected"),
}
KINDS: dict[KindOfPaper, _StrPromise] = {
    KindOfPaper.INVOICE: _("Invoice"),
    KindOfPaper.CREDIT_NOTE: _("Credit note"),
    KindOfPaper.STATEMENT: _("Bank statement"),
    KindOfPaper.OTHER: _("Other"),
}
FLOWS: dict[Flow, _StrPromise] = {
    Flow.PURCHASE: _("Purchase"),
    Flow.SALES: _("Sales"),
}


class _Day(forms.DateInput):
    """A day as browsers ask for it, which is not how people write it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Filter(forms.Form):
    """A filter in the address; a value that is no choice of ours counts as not given."""

    def __init__(self, data: object, space: Space) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a request's QueryDict
        if space.is_firm:
            self.fields["client"] = ClientField(space)
        self.is_valid()

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything narrows the list."""
        return any(self.cleaned_data.values())


class DocumentFilterForm(_Filter):
    """Looks for documents."""

    q = forms.CharField(
        label=_("Search"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Number, name, amount, hash…")}
        ),
    )
    where = forms.ChoiceField(
        choices=[("", ""), *((one.value, one.value) for one in Where)],
        required=False,
        widget=forms.HiddenInput,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("All kinds")), *((one.value, word) for one, word in KINDS.items())],
        required=False,
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("", _("Both")), *((one.value, word) for one, word in FLOWS.items())],
        required=False,
    )
    since = forms.DateField(label=_("Arrived from"), required=False, widget=_Day)
    until = forms.DateField(label=_("Arrived up to"), required=False, widget=_Day)

    def wanted(self) -> DocumentFilter:
        """Give what is looked for."""
        given = self.cleaned_data
        last: date | None = given.get("until")
        return DocumentFilter(
            client=given.get("client"),
            where=Where(given["where"]) if given.get("where") else None,
            text=given.get("q", ""),
            category=KindOfPaper(given["kind"]) if given.get("kind") else None,
            direction=Flow(given["direction"]) if given.get("direction") else None,
            since=given.get("since"),
            until=last + timedelta(days=1) if last and last < date.max else None,
        )


def _states() -> Choices:
    """Give the states in the language of the page."""
    known = [(one.value, state_word(one)) for one in STATES]
    return [("", _("All states")), (ATTENTION, _("Needs attention")), *known]


class DeliveryFilterForm(_Filter):
    """Looks for deliveries."""

    state = forms.ChoiceField(label=_("State"), choices=_states, required=False)
    connection = forms.UUIDField(
        label=_("Accounting package"), required=False, widget=forms.HiddenInput
    )
    reason = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    code = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: object,
        space: Space,
        packages: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(data, space)
        if 1 < len(packages) <= _MAX_PACKAGES:
            choices = [("", _("All packages")), *packages]
            self.fields["connection"].widget = forms.Select(choices=choices)

    def wanted(self) -> DeliveryFilter:
        """Give what is looked for."""
        given = self.cleaned_data
        state = given.get("state", "")
        return DeliveryFilter(
            client=given.get("client"),
            connection=given.get("connection"),
            state=State(state) if state and state != ATTENTION else None,
            reason=given.get("reason", ""),
            code=given.get("code", ""),
            is_attention=state == ATTENTION,
        )


class ReasonForm(forms.Form):
    """A reason that is kept with the deed."""

    reason = forms.CharField(max_length=300, required=False)

    def reason_given(self) -> str:
        """Give the reason; empty when none usable was typed."""
        return str(self.cleaned_data.get("reason", "")) if self.is_valid() else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What people say of documents: whose they are, and whether that client bought or sold."""

    client: UUID | None = None
    direction: Direction = Direction.NONE


class ToldForm(forms.Form):
    """Whose documents are, and in which direction; both may be left open."""

    direction = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Direction], required=False
    )

    def __init__(self, data: object, space: Space) -> None:
        """Take what was sent; in a client's own space there is no client to choose."""
        super().__init__(data)  # type: ignore[arg-type]  # a request's QueryDict
        if space.is_firm:
            self.fields["client"] = ClientField(space, is_working=True)

    @property
    def candidates(self) -> Sequence[Pick]:
        """The clients that may be meant where it is not clear which one."""
        field = self.fields.get("client")
        return field.candidates if isinstance(field, ClientField) else ()

    def told(self) -> Told:
        """Give what was said; what was not understood counts as not said."""
        self.is_valid()
        given = self.cleaned_data
        return Told(client=given.get("client"), direction=Direction(given.get("direction") or ""))


def chosen(values: Sequence[str]) -> list[UUID]:
    """Read the ids of chosen rows, each once, at most MAX_CHOSEN; others are no ids of ours."""
    found: dict[UUID, None] = {}
    for value in values[:MAX_CHOSEN]:
        try:
            found[UUID(value)] = None
        except ValueError:
            continue
    return list(found)
