"""Shapes of what people type; what it means is for the services to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from posthorn.delivery.queries.deliveries import DeliveryFilter
from posthorn.delivery.queries.documents import DocumentFilter, Where
from posthorn.delivery.states import STATES, State

if TYPE_CHECKING:
    from collections.abc import Iterable

ATTENTION = "attention"
WHERES = {
    Where.ATTENTION: "Needs attention",
    Where.TO_DECIDE: "To approve or send",
    Where.UNASSIGNED: "Unassigned",
    Where.ON_ITS_WAY: "On its way",
    Where.ARRIVED: "Accepted or in the package",
    Where.NOWHERE: "Goes nowhere",
    Where.DUPLICATE: "Duplicate",
    Where.REJECTED: "Rejected",
}


class _Filter(forms.Form):
    """A filter in the address; a value that is no choice of ours counts as not given."""

    client = forms.ChoiceField(required=False)

    def __init__(self, data: object, clients: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a request's QueryDict
        self.fields["client"].choices = [("", "All clients"), *clients]  # type: ignore[attr-defined]
        self.is_valid()


class DocumentFilterForm(_Filter):
    """Looks for documents."""

    q = forms.CharField(label="Search", max_length=200, required=False)
    where = forms.ChoiceField(
        choices=[("", "Everything"), *((one.value, word) for one, word in WHERES.items())],
        required=False,
    )

    def wanted(self) -> DocumentFilter:
        """Give what is looked for."""
        given = self.cleaned_data
        return DocumentFilter(
            client=given.get("client") or None,
            where=Where(given["where"]) if given.get("where") else None,
            text=given.get("q", ""),
        )


class DeliveryFilterForm(_Filter):
    """Looks for deliveries."""

    state = forms.ChoiceField(
        choices=[
            ("", "All states"),
            (ATTENTION, "Needs attention"),
            *((one.value, meaning.word) for one, meaning in STATES.items()),
        ],
        required=False,
    )
    connection = forms.UUIDField(required=False)
    reason = forms.CharField(max_length=40, required=False)
    code = forms.CharField(max_length=60, required=False)

    def wanted(self) -> DeliveryFilter:
        """Give what is looked for."""
        given = self.cleaned_data
        state = given.get("state", "")
        return DeliveryFilter(
            client=given.get("client") or None,
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
