"""One way to write a number that comes in many: VAT, enterprise and account numbers."""

from __future__ import annotations

import re

from stdnum import iban as iban_number
from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.be import vat as belgian
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError

_BELGIAN_ENTERPRISE = "0208"  # ISO/IEC 6523 ICD list, "Numero d'entreprise / ondernemingsnummer"
_PADDED = 11
# Electronic address schemes (Peppol code list 9.7) whose numbers are VAT numbers:
# Belgium, Germany, Luxembourg, the Netherlands, France.
_VAT_SCHEMES = frozenset({"9925", "9930", "9938", "9944", "9957"})
_CREDITOR_REFERENCE = re.compile(r"RF\d\d[A-Z\d]{1,21}", re.ASCII)


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


def structured_communication(text: str) -> str | None:
    """Return a valid Belgian structured communication as twelve digits; None for any other text.

    It is printed `+++123/4567/89012+++` or with asterisks, and sent with and without these signs.
    The last two digits are the first ten modulo 97, with 97 for 0 (Febelfin, OGM-VCS).
    """
    try:
        return ogm_vcs.validate(text.replace("*", ""))
    except ValidationError:
        return None


def creditor_reference(text: str) -> str | None:
    """Return a valid creditor reference (ISO 11649), `RF18539007547034`; None for any other."""
    sent = as_sent(text)
    try:
        return sent if _CREDITOR_REFERENCE.fullmatch(sent) and iso11649.validate(sent) else None
    except ValidationError:
        return None


def payment_reference(text: str) -> str:
    """Return a valid structured reference without its separators; any other text as sent."""
    return structured_communication(text) or creditor_reference(text) or text
