"""One way to write names and addresses of people and companies."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from posthorn.sdk.languages import LANGUAGES
from posthorn.tenancy.errors import (
    BadCountryError,
    BadEmailError,
    BadLanguageError,
    EmptyNameError,
    TooLongError,
)

if TYPE_CHECKING:
    from django.utils.functional import Promise

NAME_CHARS = 200
DOSSIER_NUMBER_CHARS = 40
_ADDRESS_CHARS = 254  # of a path without its angle brackets (RFC 5321, 4.5.3.1.3)


def named(text: str, what: str | Promise, *, max_chars: int = NAME_CHARS) -> str:
    """Give a name on one line without control characters; raises EmptyNameError, TooLongError."""
    shown = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    name = " ".join(shown.split())
    if not name:
        raise EmptyNameError(_("%(what)s is empty: give one."), what=what)
    if len(name) > max_chars:
        message = _("%(what)s is longer than %(max)s characters: shorten it.")
        raise TooLongError(message, what=what, max=max_chars)
    return name


def address(email: str) -> str:
    """Give an e-mail address in lower case, as people are found by it; raises BadEmailError."""
    written = email.strip().lower()
    try:
        validate_email(written)
    except ValidationError as error:
        raise _bad_address(email) from error
    if len(written) > _ADDRESS_CHARS:
        raise _bad_address(email)
    return written


def _bad_address(email: str) -> BadEmailError:
    message = _("“%(email)s” is not an e-mail address: write it as name@domain.")
    return BadEmailError(message, email=email[:_ADDRESS_CHARS])


def language(code: str) -> str:
    """Give one of the product's languages; raises BadLanguageError."""
    if code not in LANGUAGES:
        message = _("“%(language)s” is not a language of Posthorn: choose nl, fr, en or de.")
        raise BadLanguageError(message, language=code)
    return code


def country(code: str) -> str:
    """Give a country in two upper-case letters; raises BadCountryError."""
    letters = code.strip().upper()
    if not re.fullmatch("[A-Z]{2}", letters):
        message = _("“%(country)s” is not a country: write two letters, such as BE.")
        raise BadCountryError(message, country=code)
    return letters
