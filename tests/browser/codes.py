"""One-time codes as an authenticator app makes them (RFC 6238: SHA-1, 30 seconds, 6 digits)."""

from __future__ import annotations

import hmac
import time
from base64 import b32decode
from hashlib import sha1

_PERIOD_S = 30
_DIGITS = 6
_SPARE_S = 3


def code_of(secret: str, at: float) -> str:
    """Give the code of a moment; `secret` in Base32."""
    counter = int(at // _PERIOD_S).to_bytes(8, "big")
    digest = hmac.new(b32decode(secret), counter, sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def code_now(secret: str) -> str:
    """Give a code that holds for a few seconds yet."""
    left = _PERIOD_S - time.time() % _PERIOD_S
    if left < _SPARE_S:
        time.sleep(left)
    return code_of(secret, time.time())
