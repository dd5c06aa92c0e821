"""The table of notices: what people are told by mail, who of them, and what they may switch off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from posthorn.tenancy.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


class NoticeKind(StrEnum):
    """One kind of thing that people are told."""

    SIGN_IN_REPLACED = "sign_in_replaced"
    SIGN_IN_ENDED = "sign_in_ended"
    SIGN_IN_IDLE = "sign_in_idle"
    DELIVERIES_WAIT = "deliveries_wait"
    ADDRESS_CHANGED = "address_changed"
    DECISION_WANTED = "decision_wanted"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # the name of a kind
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who is told of a kind, in which words, and for how long it is news.

    `permission` is what somebody's role in the firm must carry; None for notices about one's own
    account, which nobody can switch off. `subject` and `text` take the values of the fact.
    """

    label: _StrPromise
    subject: _StrPromise
    text: _StrPromise
    button: _StrPromise
    permission: Permission | None = None
    lives: timedelta = timedelta(days=5)
    is_on: bool = True

    @property
    def is_own(self) -> bool:
        """Tell a notice about one's own account from one about a firm."""
        return self.permission is None


_WHAT_IF = _(
    "Was this not you? Set another password at once, sign out on all other devices, and tell"
    " an administrator of your firm."
)
_SIGN_IN = _("Sign in again")
_SECURITY = _("Look at sign-in and security")
_WEEK = timedelta(days=7)


def _own(label: _StrPromise, subject: _StrPromise) -> Terms:
    return Terms(label=label, subject=subject, text=_WHAT_IF, button=_SECURITY, lives=_WEEK)


NOTICES: Mapping[NoticeKind, Terms] = {
    NoticeKind.SIGN_IN_REPLACED: Terms(
        label=_("A sign-in to an accounting package was replaced by a newer one"),
        subject=_("The sign-in to %(package)s was replaced by a newer one"),
        text=_(
            "Somebody signed in elsewhere with the same account, and only the newest sign-in"
            " counts. Documents for this package wait; they go by themselves once you sign in"
            " again."
        ),
        button=_SIGN_IN,
        permission=Permission.MANAGE_CONNECTIONS,
    ),
    NoticeKind.SIGN_IN_ENDED: Terms(
        label=_("An accounting package needs somebody to sign in again"),
        subject=_("%(package)s needs somebody to sign in again"),
        text=_(
            "The package no longer accepts the sign-in. Documents for it wait; they go by"
            " themselves once you sign in again."
        ),
        button=_SIGN_IN,
        permission=Permission.MANAGE_CONNECTIONS,
    ),
    NoticeKind.SIGN_IN_IDLE: Terms(
        label=_("A sign-in to an accounting package could not be extended for three weeks"),
        subject=_("The sign-in to %(package)s has not been extended for three weeks"),
        text=_(
            "If this goes on, the sign-in runs out and documents wait. Sign in again, or ask"
            " whoever runs this installation why the package cannot be reached."
        ),
        button=_SIGN_IN,
        permission=Permission.MANAGE_CONNECTIONS,
    ),
    NoticeKind.DELIVERIES_WAIT: Terms(
        label=_("Deliveries need somebody: once a day, and only when there are new ones"),
        subject=ngettext_lazy(
            "%(number)s delivery needs somebody", "%(number)s deliveries need somebody", "number"
        ),
        text=ngettext_lazy(
            "%(fresh)s delivery is new since the last notice: it is on hold, was refused or came"
            " back. For each cause the page says what to do.",
            "%(fresh)s deliveries are new since the last notice: they are on hold, were refused"
            " or came back. For each cause the page says what to do.",
            "fresh",
        ),
        button=_("Look at the deliveries"),
        permission=Permission.READ_LEDGER,
        lives=timedelta(hours=20),
    ),
    NoticeKind.ADDRESS_CHANGED: Terms(
        label=_("An import address was changed"),
        subject=_("The import address of %(client)s was changed"),
        text=_(
            "%(author)s changed where documents go: %(addresses)s. If nobody at your firm wanted"
            " this, change it back and find out how it happened."
        ),
        button=_("Look at the addresses"),
        permission=Permission.MANAGE_PEOPLE,
    ),
    NoticeKind.DECISION_WANTED: Terms(
        label=_("A changed import address waits for a second person"),
        subject=_("A changed import address of %(client)s waits for a second person"),
        text=_(
            "%(author)s wants documents to go elsewhere: %(addresses)s. Until somebody else"
            " confirms it, they go to the old address."
        ),
        button=_("Confirm or refuse"),
        permission=Permission.MANAGE_CLIENTS,
    ),
    NoticeKind.PASSWORD_CHANGED: _own(
        _("Your password was changed"), _("Your password was changed")
    ),
    NoticeKind.APP_ADDED: _own(
        _("An authenticator app was added or removed"), _("An authenticator app was added")
    ),
    NoticeKind.APP_REMOVED: _own(
        _("An authenticator app was added or removed"), _("Your authenticator app was removed")
    ),
    NoticeKind.PASSKEY_ADDED: _own(_("A passkey was added or removed"), _("A passkey was added")),
    NoticeKind.PASSKEY_REMOVED: _own(
        _("A passkey was added or removed"), _("A passkey was removed")
    ),
    NoticeKind.CODES_MADE: _own(
        _("New recovery codes were made"), _("New recovery codes were made")
    ),
}
