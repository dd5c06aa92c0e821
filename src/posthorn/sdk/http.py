"""The HTTP a connector sees: our own words, because the library behind them will change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer as it came, unpacked; header names are lower-case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def date(self) -> datetime | None:
        """The other side's clock (its Date header), aware, UTC; None when it does not say."""
        try:
            said = parsedate_to_datetime(self.headers.get("date", ""))
        except ValueError:
            return None
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)

    def text(self) -> str:
        """Return the body as UTF-8, unreadable bytes replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> object:
        """Return the body read as JSON. Raises ValueError when it is not."""
        result: object = json.loads(self.body)
        return result


class Http(Protocol):
    """Calls the package: logged in, limited to the declared hosts, never raising for a status.

    A `url` is whole, or begins with / and continues `base`. No redirect is followed and no cookie
    kept. `scope` names what shares the package's limits with other calls, such as the id of an
    administration; empty: the connection as a whole. Both calls raise AuthorizationLost when the
    package no longer accepts our login, RateLimited when a known limit leaves no room (nothing
    left then), and Misconfigured for an address that is not declared or not public.
    """

    @property
    def base(self) -> str:
        """The chosen site of the package, such as https://eu.example; empty without sites."""
        ...

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
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
        scope: str = "",
    ) -> Response:
        """Send something that may change their books.

        Raises Unavailable when nothing left this machine, Uncertain when bytes left and no whole
        answer came back.
        """
        ...
