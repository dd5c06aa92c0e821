"""Reads base64 as strictly as a schema does: what is sent with a fault stands for nothing."""

from __future__ import annotations

import binascii


def octets_of(base64: str | bytes) -> bytes | None:
    """Return what base64 stands for, blanks left out; None for base64 with a fault."""
    letters = b"".join(base64.split()) if isinstance(base64, bytes) else "".join(base64.split())
    # Python's strict mode takes more padding than there may be, a schema does not.
    if len(letters) % 4 or letters[-3:] in {"===", b"==="}:
        return None
    try:
        return binascii.a2b_base64(letters, strict_mode=True)
    except ValueError:  # letters that are no ASCII, and binascii.Error, which is one too
        return None
