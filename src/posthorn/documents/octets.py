"""Reads base64 as strictly as a schema does: what is sent with a fault stands for nothing."""

from __future__ import annotations

import binascii


def octets_of(base64: str | bytes) -> bytes | None:
    """Return what base64 stands for, blanks left out; None for base64 with a fault."""
    # What is no ASCII becomes a question mark, which is no base64 either.
    sent = base64.encode("ascii", "replace") if isinstance(base64, str) else base64
    letters = b"".join(sent.split())
    # Python's strict mode takes more padding than there may be, a schema does not.
    if len(letters) % 4 or letters.endswith(b"==="):
        return None
    try:
        return binascii.a2b_base64(letters, strict_mode=True)
    except binascii.Error:
        return None
