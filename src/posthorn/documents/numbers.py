"""One way to write a number that comes in many: VAT, enterprise and account numbers."""

from __future__ import annotations

import re

from stdnum import iban as iban_number
from stdnum.be import vat as belgian
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError

_BELGIAN_ENTERPRISE = "0208"  # ISO/IEC 6523 ICD list, "Numero d'entreprise / ondernemingsnummer"
_PADDED = 11
# Electronic address schemes (Peppol code list 9.7) whose numbers are VAT numbers:
# Belgium, Germany, Luxembourg, the Netherlands, France.
_VAT_SCHEMES = frozenset({"9925", "9930", "9938", "9944", "9957"})


def as_sent(number: str) -> str:
    """Return the number in upper case and without blanks."""
    return "".join(number.split()).upper()


def vat(number: str) -> str:
    """Return a valid VAT number with its country and no separators; any other as sent."""
    sent = as_sent(number)
    # `BE(0)417.710.407` and the nine digits of before 2005 are the same number.
    try:
        return european.validate(sent)
    except ValidationError:
        return sent


def enterprise(number: str, scheme: str | None) -> str:
    """Return a valid Belgian enterprise number (scheme 0208) as ten digits; any other as sent."""
    return belgian_enterprise(number) if scheme == _BELGIAN_ENTERPRISE else as_sent(number)


def endpoint(number: str, scheme: str | None) -> str:
    """Return a valid address of a known scheme in one way; any other as sent, without blanks."""
    if scheme == _BELGIAN_ENTERPRISE:
        return belgian_enterprise(number)
    return vat(number) if scheme in _VAT_SCHEMES else "".join(number.split())


def belgian_enterprise(number: str) -> str:
    """Return a valid Belgian enterprise number as ten digits; any other as sent."""
    sent = as_sent(number)
    try:
        # Banks put a zero before the ten digits.
        return belgian.validate(sent[1:] if len(sent) == _PADDED and sent[0] == "0" else sent)
    except ValidationError:
        return sent


def iban(number: str) -> str:
    """Return a valid IBAN in upper case and without separators; any other number as sent."""
    sent = as_sent(number)
    try:
        # Only the check digits: the bank codes of a country change faster than a library.
        return iban_number.validate(sent, check_country=False)
    except ValidationError:
        return sent


def belgian_account(number: str) -> str | None:
    """Return the IBAN of a valid Belgian account number of twelve digits; any other as sent."""
    sent = as_sent(number)
    if not re.fullmatch(r"\d{12}", sent, re.ASCII) or int(sent[:10]) % 97 != int(sent[10:]) % 97:
        return sent or None
    return f"BE{iban_number.calc_check_digits(f'BE00{sent}')}{sent}"
