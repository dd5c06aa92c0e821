"""One way to write names and addresses of people and companies."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from posthorn.tenancy.errors import BadEmailError, EmptyNameError


def named(text: str, what: str) -> str:
    """Give a name on one line without control characters; raises EmptyNameError without any."""
    shown = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    name = " ".join(shown.split())
    if not name:
        message = f"{what} is empty: give one."
        raise EmptyNameError(message)
    return name


def address(email: str) -> str:
    """Give an e-mail address in lower case, as people are found by it; raises BadEmailError."""
    written = email.strip().lower()
    try:
        validate_email(written)
    except ValidationError as error:
        message = f"{email!r} is not an e-mail address: write it as name@domain."
        raise BadEmailError(message) from error
    return written
