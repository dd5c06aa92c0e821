"""What a browser test looks for; apart from the rows, which need Django."""

from __future__ import annotations

ADMINISTRATOR = "an@kantoor.example"
CLIENT_PERSON = "bakker@janssens.example"
HELD_NUMBER = "2026-117"
