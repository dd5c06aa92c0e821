"""Shows what others wrote: names, numbers and lines that may hold anything."""

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})


def shown(text: str) -> str:
    """Show foreign words with their invisible characters named, so that none can reorder a line."""
    plain = str(text)
    if plain.isprintable():
        return plain
    return "".join(
        f"[U+{ord(char):04X}]" if unicodedata.category(char) in _INVISIBLE else char
        for char in plain
    )


def shown_lines(text: str) -> str:
    """Show foreign lines as `shown` does, each still on its own line."""
    return "\n".join(shown(line) for line in str(text).split("\n"))
