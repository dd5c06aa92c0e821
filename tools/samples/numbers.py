"""Invented numbers that hold by their check digits, from ranges that nobody has been given."""

from __future__ import annotations

import hashlib

_ELEVEN_PROOF = (9, 8, 7, 6, 5, 4, 3, 2)
_LAST_DIGIT = 9


def enterprise(serial: int) -> str:
    """Return a Belgian enterprise number: 97 minus the first eight digits modulo 97 at its end."""
    base = 9_991_000 + serial * 137
    return f"0{base:07}{97 - base % 97:02}"


def kvk(serial: int) -> str:
    """Return a number as the Dutch chamber of commerce gives them; it has no check digit."""
    return f"{99_001_200 + serial * 31:08}"


def dutch_vat(serial: int) -> str:
    """Return a Dutch VAT number of a company: eight digits and their check, B and a suffix."""
    base = 89_910_020 + serial * 17
    while _remainder(base) > _LAST_DIGIT:
        base += 1
    return f"NL{base}{_remainder(base)}B01"


def _remainder(base: int) -> int:
    digits = map(int, str(base))
    return sum(digit * weight for digit, weight in zip(digits, _ELEVEN_PROOF, strict=True)) % 11


def belgian_iban(serial: int) -> str:
    """Return a Belgian IBAN; no bank has the code 539, which the standard's own example uses."""
    base = 539_000_0000 + serial * 104_729 % 10_000_000
    return _iban("BE", f"{base}{base % 97 or 97:02}")


def dutch_iban(serial: int) -> str:
    """Return a Dutch IBAN of a bank that does not exist."""
    return _iban("NL", f"DEMO{417_160_000 + serial * 7_919:010}")


def _iban(country: str, account: str) -> str:
    turned = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    return f"{country}{98 - int(turned) % 97:02}{account}"


def structured(serial: int) -> str:
    """Return a Belgian structured communication of twelve digits, the last two modulo 97."""
    base = 2_600_000_000 + serial * 7_907
    return f"{base:010}{base % 97 or 97:02}"


def printed(communication: str) -> str:
    """Return a structured communication as it is printed on a transfer form."""
    return f"+++{communication[:3]}/{communication[3:7]}/{communication[7:]}+++"


def pick(seed: str, below: int) -> int:
    """Return a number from 0 up to `below`, always the same one for the same seed."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % below
