"""Tells an IBAN from another account number, and one with a slip of the pen from a right one."""

from __future__ import annotations

import re
from typing import Final

from stdnum import iban as iban_number

from posthorn.documents import numbers

_FORM: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", re.ASCII)


def has_form_of_iban(account: str) -> bool:
    """Say whether an account is written as an IBAN, whatever its check digits."""
    return _FORM.fullmatch(numbers.as_sent(account)) is not None


def is_iban(account: str) -> bool:
    """Say whether an account is an IBAN whose check digits hold (ISO 7064, modulo 97)."""
    sent = numbers.as_sent(account)
    return has_form_of_iban(sent) and bool(iban_number.is_valid(sent, check_country=False))
