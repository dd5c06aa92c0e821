"""Shapes of what people type about clients; what it means is for the services to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from posthorn.delivery.queries.clients import ClientFilter, ClientStatus, Order, Whose
from posthorn.tenancy.life import ApprovalMode
from posthorn.tenancy.numbers import NumberScheme
from posthorn.web.countries import countries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ORDERS = (
    (Order.URGENCY.value, _("Most urgent first")),
    (Order.NAME.value, _("By name")),
    (Order.NUMBER.value, _("By dossier number")),
)
SCHEMES = (
    (NumberScheme.ENTERPRISE.value, _("Enterprise number")),
    (NumberScheme.VAT.value, _("VAT number")),
    (NumberScheme.ENDPOINT.value, _("Electronic address (Peppol)")),
    (NumberScheme.IBAN.value, _("Bank account (IBAN)")),
)
APPROVALS = (
    (
        ApprovalMode.BY_HAND.value,
        pgettext_lazy("approval", "By hand: somebody approves each purchase document."),
    ),
    (
        ApprovalMode.TRUSTED_SUPPLIERS.value,
        pgettext_lazy("approval", "Trusted suppliers: their valid documents go without a person."),
    ),
    (
        ApprovalMode.ALL_VALID.value,
        pgettext_lazy(
            "approval", "All valid: every valid purchase document goes without a person."
        ),
    ),
)


class ClientFilterForm(forms.Form):
    """A filter in the address; a value that is no choice of ours counts as not given."""

    q = forms.CharField(max_length=200, required=False)
    status = forms.ChoiceField(
        choices=[(one.value, one.value) for one in ClientStatus], required=False
    )
    whose = forms.ChoiceField(choices=[(one.value, one.value) for one in Whose], required=False)
    package = forms.ChoiceField(label=_("Accounting package"), required=False)
    order = forms.ChoiceField(label=_("Order"), choices=_ORDERS, required=False)
    archived = forms.BooleanField(required=False)

    def __init__(self, data: object, packages: Iterable[tuple[str, str]]) -> None:
        """Take the address's query and the accounting packages to choose from."""
        super().__init__(data)  # type: ignore[arg-type]  # a request's QueryDict
        self.fields["q"].widget.attrs.update(type="search", autocomplete="off")
        choices = [("", _("All packages")), *packages]
        self.fields["package"].choices = choices  # type: ignore[attr-defined]
        self.is_valid()

    def wanted(self) -> ClientFilter:
        """Give what is looked for."""
        given = self.cleaned_data
        return ClientFilter(
            text=given.get("q", ""),
            whose=Whose(given["whose"]) if given.get("whose") else None,
            status=ClientStatus(given["status"]) if given.get("status") else None,
            connection=UUID(given["package"]) if given.get("package") else None,
            is_archived=bool(given.get("archived")),
            order=Order(given.get("order") or Order.URGENCY),
        )

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything narrows the list."""
        given = self.cleaned_data
        return any(given.get(name) for name in ("q", "whose", "status", "package", "archived"))


class ClientForm(forms.Form):
    """What is known of a client."""

    name = forms.CharField(label=_("Name"), max_length=200)
    dossier_number = forms.CharField(
        label=_("Dossier number"),
        max_length=40,
        help_text=_("The firm's own number for this client, as its accounting package knows it."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="BE")
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        initial="nl",
        help_text=_("The one in which its own people are invited."),
    )

    def __init__(self, data: object = None, *, initial: Mapping[str, object] | None = None) -> None:
        """Take what was typed and what is known; a country of no list stays as it is."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a request's QueryDict
        field = self.fields["country"]
        known = str(self.get_initial_for_field(field, "country"))
        if known not in dict(field.choices):  # type: ignore[attr-defined]
            field.choices = [(known, known), *field.choices]  # type: ignore[attr-defined]


class NewClientForm(ClientForm):
    """What is asked of a client that is added."""

    number = forms.CharField(
        label=_("Enterprise or VAT number"),
        max_length=60,
        required=False,
        help_text=_("Documents that name this number are given to this client."),
    )
    approval = forms.ChoiceField(
        label=_("Approval of purchase documents"),
        choices=APPROVALS,
        initial=ApprovalMode.BY_HAND.value,
        widget=forms.RadioSelect,
    )


class NumberForm(forms.Form):
    """A number under which documents name a client."""

    scheme = forms.ChoiceField(label=_("Kind of number"), choices=SCHEMES)
    value = forms.CharField(label=_("Number"), max_length=60)


class ApprovalForm(forms.Form):
    """Which purchase documents need no person."""

    approval = forms.ChoiceField(
        label=_("Approval of purchase documents"), choices=APPROVALS, widget=forms.RadioSelect
    )


class SupplierForm(forms.Form):
    """A seller whose valid documents need no person."""

    number = forms.CharField(label=_("VAT number of the supplier"), max_length=60)


class InviteForm(forms.Form):
    """An address to be let into the client's Business Space."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
