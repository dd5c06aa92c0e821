"""What arrived in the stand-in mailboxes, as whoever reads them finds it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

if TYPE_CHECKING:
    from email.message import EmailMessage

_LOOK_EVERY_S = 0.2
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """The mailboxes behind the admin surface at `url`."""

    url: str

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Give what came to an address, oldest first."""
        return [self._mail(one["number"]) for one in self._listed() if address in one["to"]]

    def await_mail(self, address: str, *, after: int = 0) -> EmailMessage:
        """Give the first mail to an address beyond those that were there; waits for it."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            found = self.mails_to(address)
            if len(found) > after:
                return found[after]
            time.sleep(_LOOK_EVERY_S)
        raise AssertionError(f"No mail came to {address} within {_PATIENCE_S:.0f} seconds.")

    def _listed(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self._get("messages"))
        return listed

    def _mail(self, number: int) -> EmailMessage:
        return message_from_bytes(self._get(f"messages/{number}"), policy=policy.default)

    def _get(self, path: str) -> bytes:
        with urlopen(f"{self.url}{path}", timeout=10) as answer:  # noqa: S310  # our own server
            content: bytes = answer.read()
        return content


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """Give the attached files by name."""
    parts = (
        (part.get_filename(), part.get_payload(decode=True)) for part in mail.iter_attachments()
    )
    return {name: data for name, data in parts if name and isinstance(data, bytes)}
