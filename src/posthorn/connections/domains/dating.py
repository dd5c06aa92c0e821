"""Dates a DKIM signature with a time that is given, so that one mail always gets the same bytes."""

from __future__ import annotations

import dkim  # type: ignore[import-untyped]  # dkimpy carries no types


class Dated(dkim.DKIM):  # type: ignore[misc]  # as above
    """Puts a time of ours into t=, where dkimpy takes the clock's: every time other bytes."""

    stamp = b"0"

    def gen_header(
        self, fields: list[tuple[bytes, bytes]], *others: object, **named: object
    ) -> bytes:
        """Write the header with our time."""
        dated = [(tag, self.stamp if tag == b"t" else value) for tag, value in fields]
        header: bytes = super().gen_header(dated, *others, **named)
        return header
