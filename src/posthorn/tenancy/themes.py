"""Names the colours that a person may choose for the pages."""

from __future__ import annotations

from enum import StrEnum


class Theme(StrEnum):
    """Light or dark, or whichever the person's own system shows."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
