"""Turns whatever happened around a connector into one of the six outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.delivery.policy import INTERNAL_ERROR
from posthorn.delivery.states import Hold
from posthorn.kernel.redact import redact
from posthorn.sdk import Misconfigured, Outcome, Scope, Unavailable, Uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posthorn.sdk import Http, Mailer, MailReply, Quota, Response


def attempt_outcome(error: Exception, *, has_left: bool) -> Outcome:
    """Give the outcome itself, or what a bug counts as: uncertain once bytes had left."""
    if isinstance(error, Outcome):
        return error
    if has_left:
        return Uncertain(INTERNAL_ERROR, detail=type(error).__name__)
    return Unavailable(INTERNAL_ERROR, scope=Scope.DOCUMENT, detail=type(error).__name__)


class WatchedHttp:
    """Passes calls on and remembers whether a write may have left."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self.has_left = False

    @property
    def base(self) -> str:
        """Return the chosen site."""
        return self._http.base

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        """Ask; what only reads leaves no mark."""
        return self._http.read(url, params=params, headers=headers, scope=scope)

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
        """Send; only an outcome that says so leaves no mark."""
        had_left, self.has_left = self.has_left, True
        try:
            return self._http.write(
                method, url, body=body, media_type=media_type, headers=headers, scope=scope
            )
        except Uncertain:
            raise
        except Outcome:
            self.has_left = had_left
            raise


class WatchedMailer:
    """Passes mail on, under its return path, and remembers whether a message may have left."""

    def __init__(self, mailer: Mailer, return_path: str = "") -> None:
        self._mailer = mailer
        self._return_path = return_path
        self.has_left = False

    @property
    def sender(self) -> str:
        """Return the From and envelope address."""
        return self._mailer.sender

    def check(self) -> MailReply:
        """Connect, log in and leave."""
        return self._mailer.check()

    def send(
        self,
        message: bytes,
        *,
        sender: str,
        recipient: str,
        envelope_id: str = "",
        quotas: Sequence[Quota] = (),
    ) -> MailReply:
        """Hand a message over; certain refusals take the mark back."""
        self.has_left = True
        try:
            return self._mailer.send(
                message,
                sender=self._return_path or sender,
                recipient=recipient,
                envelope_id=envelope_id,
                quotas=quotas,
            )
        except Uncertain:
            raise
        except Outcome:
            self.has_left = False
            raise


def preparation_obstacle(error: Misconfigured) -> Hold:
    """Say why a delivery waits that could not be prepared for a setting's sake."""
    return Hold.MISSING_ADDRESS if error.code == Hold.MISSING_ADDRESS else Hold.MISCONFIGURED


def tidy(text: str, max_chars: int = 2000) -> str:
    """Make foreign words safe to keep: no secrets, no control characters, no flood."""
    return redact(text, max_chars=max_chars)
