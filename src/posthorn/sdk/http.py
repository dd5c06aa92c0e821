"""The HTTP a connector sees: our own words, because the library behind them will change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer as it came; header names are lower-case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def text(self) -> str:
        """Return the body as UTF-8, unreadable bytes replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> object:
        """Return the body read as JSON. Raises ValueError when it is not."""
        result: object = json.loads(self.body)
        return result


class Http(Protocol):
    """Calls the package: logged in, limited to the declared hosts, never raising for a status."""

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask without changing anything there. Raises Unavailable when no answer came."""
        ...

    def write(
        self,
        method: str,
        url: str,
        *,
        body: bytes,
        media_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send something that may change their books.

        Raises Unavailable when nothing left this machine, Uncertain when bytes left and no answer
        came back.
        """
        ...
