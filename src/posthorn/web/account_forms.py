"""Shapes of what people type about themselves, their firm and whom they invite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from posthorn.tenancy.people import Preferences
from posthorn.tenancy.roles import Role
from posthorn.tenancy.themes import Theme
from posthorn.tenancy.wording import ROLES
from posthorn.web.client_boxes import ClientsField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.utils.functional import _StrPromise

_LONGEST_NAME = 200
_LONGEST_EMAIL = 254

ROLE_SENTENCES: Mapping[Role, _StrPromise] = {
    Role.ADMINISTRATOR: _("Everything of the firm: people, packages, clients and documents."),
    Role.CLIENT_MANAGER: _("Adds and sets up clients. Sees no documents anywhere."),
    Role.ACCOUNTANT: _("Reads and handles the documents of the clients assigned, and no others."),
}
THEMES: Mapping[Theme, _StrPromise] = {
    Theme.SYSTEM: _("As my device"),
    Theme.LIGHT: _("Light"),
    Theme.DARK: _("Dark"),
}


def _described(role: Role) -> str:
    return format_html("<strong>{}</strong><br>{}", ROLES[role], ROLE_SENTENCES[role])


def _languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


class PreferencesForm(forms.Form):
    """What people choose for themselves."""

    name = forms.CharField(label=_("Name"), max_length=_LONGEST_NAME)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=_languages,
        help_text=_("Of the pages, and of the mails that you get."),
    )
    theme = forms.ChoiceField(
        label=_("Colours"), choices=[(one.value, word) for one, word in THEMES.items()]
    )
    is_keyboard_on = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Such as j and k to move through a list. Switch it off if you dictate."),
    )

    def preferences(self) -> Preferences:
        """Give what was chosen."""
        given = self.cleaned_data
        return Preferences(
            name=given["name"],
            language=given["language"],
            theme=Theme(given["theme"]),
            is_keyboard_on=given["is_keyboard_on"],
        )


class FirmForm(forms.Form):
    """What is known of a firm."""

    name = forms.CharField(
        label=_("Name"),
        max_length=_LONGEST_NAME,
        help_text=_("As your clients see it, also in invitations."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=_languages,
        help_text=_("Of invitations, unless another one is chosen. People choose their own."),
    )
    asks_second_person = forms.BooleanField(
        label=_("A second person must confirm changed import addresses"),
        required=False,
        help_text=_(
            "Until then documents go to the old address. A client's first address needs nobody."
        ),
    )


class _RoleForm(forms.Form):
    """A role, and for an accountant the clients."""

    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
    )
    clients = ClientsField()

    def __init__(
        self, data: Mapping[str, object] | None, clients: Iterable[UUID], **values: object
    ) -> None:
        super().__init__(data, **values)  # type: ignore[arg-type]  # as a form takes them
        self.fields["role"].choices = [(role.value, _described(role)) for role in Role]  # type: ignore[attr-defined]
        self.fields["clients"].allowed = frozenset(map(str, clients))  # type: ignore[attr-defined]

    @property
    def role_given(self) -> Role:
        """The role that was chosen."""
        return Role(self.cleaned_data["role"])

    @property
    def clients_given(self) -> list[UUID]:
        """The ids of the clients; none unless the role takes clients."""
        if self.role_given is not Role.ACCOUNTANT:
            return []
        return list(dict.fromkeys(self.cleaned_data["clients"]))


class MemberForm(_RoleForm):
    """What a member may do, and for whom."""


class InvitationForm(_RoleForm):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=_LONGEST_EMAIL)
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=_languages, required=True
    )
    field_order = ("email", "language", "role", "clients")


class NewPersonForm(forms.Form):
    """Who somebody is that accepts an invitation and never signed in."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=_LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=4_096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters, and not one that everybody knows."),
    )
