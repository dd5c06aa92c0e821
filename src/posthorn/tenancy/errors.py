"""Why a change to firms, people or clients was refused; each with a stable code."""

from __future__ import annotations

from typing import ClassVar


class TenancyError(Exception):
    """Correct what the message names and try again."""

    code: ClassVar[str] = "refused"


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
