"""Check digits of the identifiers that Peppol looks into."""

from __future__ import annotations

import re
from typing import Final

_INTEGER: Final = r"[ \t\r\n]*[+-]?[0-9]+[ \t\r\n]*"
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{0,30}")
_IPA: Final = re.compile(r"[A-Za-z0-9]{6}")
_ABN_WEIGHTS: Final = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_EVEN: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # a digit doubled, and its digits added (Luhn)


def are_digits(text: str, count: int) -> bool:
    """Tell whether a text is that many digits of ASCII."""
    return len(text) == count and text.isascii() and text.isdigit()


def is_integer(text: str) -> bool:
    """Tell whether a text is a whole number (XML Schema 2, 3.3.13)."""
    return re.fullmatch(_INTEGER, text) is not None


def is_gln(text: str) -> bool:
    """Tell whether digits of any number end in GS1's check digit (GS1 General Specifications)."""
    if not (text.isascii() and text.isdigit()):
        return False
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(text[-2::-1])
    )
    return (10 - total % 10) % 10 == int(text[-1])


def is_norwegian(text: str) -> bool:
    """Tell whether nine digits are an organisation number of Norway (modulus 11)."""
    if not are_digits(text, 9) or text == "000000000":
        return False
    weighed = sum(int(digit) * (place % 6 + 2) for place, digit in enumerate(text[-2::-1]))
    return (11 - weighed % 11) % 11 == int(text[-1])


def is_belgian(text: str) -> bool:
    """Tell whether ten digits are an enterprise number of Belgium (97 less the rest by 97)."""
    return are_digits(text, 10) and 97 - int(text[:8]) % 97 == int(text[8:])


def is_luhn(text: str) -> bool:
    """Tell whether the last of some digits is the check digit of Luhn."""
    places = enumerate(reversed(text))
    return sum(_EVEN[int(digit)] if place % 2 else int(digit) for place, digit in places) % 10 == 0


def is_swedish(text: str) -> bool:
    """Tell whether the first ten of some digits are an organisation number of Sweden (Luhn)."""
    return text.isascii() and text.isdigit() and len(text) > 9 and is_luhn(text[:10])  # noqa: PLR2004


def is_greek(text: str) -> bool:
    """Tell whether a text begins with a tax number of Greece: nine digits, modulus 11, then 10."""
    if not are_digits(text[:9], 9):
        return False
    weighed = sum((int(digit) << place) for place, digit in enumerate(text[7::-1], 1))
    return weighed % 11 % 10 == int(text[8])


def is_australian(text: str) -> bool:
    """Tell whether eleven digits are a business number of Australia (ABN, modulus 89)."""
    if not are_digits(text, 11):
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(text, _ABN_WEIGHTS, strict=True))
    return (weighed - _ABN_WEIGHTS[0]) % 89 == 0


def is_danish(text: str) -> bool:
    """Tell whether a text is a CVR number of Denmark: eight digits, with or without DK."""
    return are_digits(text.removeprefix("DK"), 8)


def is_italian_office(text: str) -> bool:
    """Tell whether a text is a code of an Italian office (IPA): six letters or digits."""
    return _IPA.fullmatch(text) is not None


def is_italian_tax_code(text: str) -> bool:
    """Tell whether a text is a codice fiscale: eleven digits, or letters and digits in places."""
    if len(text) != 16:  # noqa: PLR2004
        return len(text) == 11 and is_integer(text)  # noqa: PLR2004
    letters = text[:6] + text[8] + text[15]
    return (
        letters.isascii()
        and letters.isalpha()
        and all(is_integer(part) for part in (text[6:8], text[9:11], text[14]))
    )


def is_italian_vat(text: str) -> bool:
    """Tell whether what begins with IT goes on with eleven digits, the last of them Luhn's."""
    return text[:2] not in {"IT", "it"} or (are_digits(text[2:], 11) and is_luhn(text[2:]))


def is_iban(text: str) -> bool:
    """Tell whether a text without blanks is an IBAN (ISO 13616, modulus 97)."""
    if _IBAN.fullmatch(text) is None:
        return False
    turned = text[4:] + text[:4]
    # A small letter counts for 32 more than its capital, so that it makes the number wrong.
    figures = "".join(str(ord(char) - (55 if char > "@" else 48)) for char in turned)
    return int(figures) % 97 == 1
