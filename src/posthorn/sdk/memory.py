"""What a connector learned of its package and may forget: saves asking the same thing again."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol


class Memory(Protocol):
    """Keeps short facts of one connection for a while; may forget any of them at any time.

    Nothing may depend on it but the number of calls. No secret goes in.
    """

    def recall(self, name: str) -> str | None:
        """Return what is kept under a name, None when it is forgotten."""
        ...

    def keep(self, name: str, value: str, *, lasts: timedelta) -> None:
        """Keep a fact under a name for at most so long."""
        ...


class Forgetful:
    """Keeps nothing: stands where a call is made once."""

    def recall(self, name: str) -> None:
        """Return nothing."""
        del name

    def keep(self, name: str, value: str, *, lasts: timedelta) -> None:
        """Forget it at once."""
        del name, value, lasts
