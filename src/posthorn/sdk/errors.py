"""The six outcomes an attempt can come to besides a receipt, and nothing else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

DETAIL_MAX_CHARS = 2_000


class Scope(StrEnum):
    """What a failure blocks: the whole connection, one client's documents, or this one alone."""

    CONNECTION = "connection"
    CLIENT = "client"
    DOCUMENT = "document"


class Outcome(Exception):  # noqa: N818  outcomes are bare words: they are answers, not mistakes
    """Raise one of the six subclasses, never this root.

    `code` is lower_snake, stable and explained in the connector's errors.toml; `detail` holds the
    other side's own words, cut at 2,000 characters.
    """

    def __init__(self, code: str, *, detail: str = "") -> None:
        self.code = code
        self.detail = detail[:DETAIL_MAX_CHARS]
        super().__init__(f"{code}: {self.detail}" if self.detail else code)


class Rejected(Outcome):
    """Raise when this document will never be taken as it is: a person must correct it."""


class Misconfigured(Outcome):
    """Raise when nothing will work until a setting changes; `field` is the id of that setting."""

    def __init__(self, code: str, *, field: str = "", detail: str = "") -> None:
        self.field = field
        super().__init__(code, detail=detail)


class AuthorizationLost(Misconfigured):
    """Raise when the package no longer accepts our login: somebody must connect again."""

    def __init__(
        self, code: str = "authorization_lost", *, field: str = "", detail: str = ""
    ) -> None:
        super().__init__(code, field=field, detail=detail)


class Unavailable(Outcome):
    """Raise when the document was certainly not applied and waiting can help.

    `scope` is the connection or the document; who knows a time for one client says RateLimited.
    """

    def __init__(self, code: str, *, scope: Scope = Scope.CONNECTION, detail: str = "") -> None:
        self.scope = scope
        super().__init__(code, detail=detail)


class RateLimited(Outcome):
    """Raise when it was not applied and they named a time; `until` is aware, UTC.

    `scope` says who waits: the connection, or this client alone where each has limits of its own.
    """

    def __init__(
        self,
        code: str = "rate_limited",
        *,
        until: datetime,
        scope: Scope = Scope.CONNECTION,
        detail: str = "",
    ) -> None:
        if until.tzinfo is None:
            msg = "RateLimited needs an aware time"
            raise ValueError(msg)
        self.until = until
        self.scope = scope
        super().__init__(code, detail=detail)


class Uncertain(Outcome):
    """Raise when it may have been applied: bytes left and no readable answer came back."""
