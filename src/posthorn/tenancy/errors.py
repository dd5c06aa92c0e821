"""Why a change to firms, people or clients was refused; each with a stable code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from django.utils.functional import Promise


class TenancyError(Exception):
    """Correct what the message names and try again.

    The message may be lazy: it speaks the language of whoever reads it, with `values` filled in.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str | Promise, **values: object) -> None:
        """Take a sentence with %(name)s for each of the values."""
        super().__init__(message)
        self.values = values

    def __str__(self) -> str:
        sentence = str(self.args[0])
        values = getattr(self, "values", None)
        return sentence % values if values else sentence


class NotFoundError(TenancyError):
    """Check the number or name: this firm has nothing under it."""

    code = "not_found"


class EmptyNameError(TenancyError):
    """Give a name or number; it may not be empty."""

    code = "empty_name"


class EmailTakenError(TenancyError):
    """Use the person who has this e-mail address already, or another address."""

    code = "email_taken"


class BadEmailError(TenancyError):
    """Write the e-mail address as name@domain."""

    code = "bad_email"


class WeakPasswordError(TenancyError):
    """Choose a longer password that is not in common lists and not the person's name."""

    code = "weak_password"


class AlreadyMemberError(TenancyError):
    """Change the role that the person has already instead of adding it again."""

    code = "already_member"


class LastAdministratorError(TenancyError):
    """Make somebody else administrator first: a firm needs one."""

    code = "last_administrator"


class NotAnAccountantError(TenancyError):
    """Assign accountants only; administrators and client managers reach every client already."""

    code = "not_an_accountant"


class DossierNumberTakenError(TenancyError):
    """Choose another dossier number: another client of the firm has this one."""

    code = "dossier_number_taken"


class BadNumberError(TenancyError):
    """Check the number for a typing error: its check digits do not hold."""

    code = "bad_number"


class NumberTakenError(TenancyError):
    """Remove the number from the client that has it first: documents could not be told apart."""

    code = "number_taken"


class IllegalLifeMoveError(TenancyError):
    """Take one of the steps that the client's state allows."""

    code = "illegal_life_move"


class TooLongError(TenancyError):
    """Shorten the name or number to what the message allows."""

    code = "too_long"


class BadLanguageError(TenancyError):
    """Choose one of the languages of the product: nl, fr, en or de."""

    code = "bad_language"


class BadCountryError(TenancyError):
    """Write the country in two letters, such as BE or NL."""

    code = "bad_country"


class UnknownInvitationError(TenancyError):
    """Use the link of the newest invitation mail, whole, or ask for another one."""

    code = "invitation_unknown"


class UsedInvitationError(TenancyError):
    """Sign in: the invitation was accepted already."""

    code = "invitation_used"


class ExpiredInvitationError(TenancyError):
    """Ask for another invitation: they are good for seven days."""

    code = "invitation_expired"


class RevokedInvitationError(TenancyError):
    """Use the newest invitation, or ask for another one: this one was taken back."""

    code = "invitation_revoked"


class WrongPersonError(TenancyError):
    """Sign in with the address to which the invitation was sent."""

    code = "wrong_person"


class LinkEndedError(TenancyError):
    """Invite the client's own people again: only they bring back a client that ended the link."""

    code = "link_ended"


class NoSecondPersonError(TenancyError):
    """Invite a second administrator or client manager first."""

    code = "no_second_person"
