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
class Arrived:
    """A mail, and the number under which the mail server stored it."""

    number: int
    mail: EmailMessage


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

    def arrivals_of(self, address: str, data: bytes) -> list[Arrived]:
        """Give the mails to an address that carry these very bytes as a file, oldest first."""
        mails = (
            Arrived(number=one["number"], mail=self._mail(one["number"]))
            for one in self._listed()
            if address in one["to"]
        )
        return [one for one in mails if data in files_of(one.mail).values()]

    def await_arrival(self, address: str, data: bytes, *, count: int = 1) -> Arrived:
        """Give the mail that carries these bytes for the `count`-th time; waits for it."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            found = self.arrivals_of(address, data)
            if len(found) >= count:
                assert len(found) == count
                return found[-1]
            time.sleep(_LOOK_EVERY_S)
        raise AssertionError(f"The file did not come to {address} {count} times.")

    def refuse_for_now(self, address: str) -> None:
        """Have the mail server turn an address away once, as one that is busy does."""
        fault = {"at": "rcpt", "action": "reply", "code": 451, "recipient": address, "times": 1}
        self._get("faults", json.dumps(fault).encode())

    def _listed(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self._get("messages"))
        return listed

    def _mail(self, number: int) -> EmailMessage:
        return message_from_bytes(self._get(f"messages/{number}"), policy=policy.default)

    def _get(self, path: str, data: bytes | None = None) -> bytes:
        address = f"{self.url}{path}"
        with urlopen(address, data, timeout=10) as answer:  # noqa: S310  # our own server
            content: bytes = answer.read()
        return content


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """Give the attached files by name."""
    parts = (
        (part.get_filename(), part.get_payload(decode=True)) for part in mail.iter_attachments()
    )
    return {name: data for name, data in parts if name and isinstance(data, bytes)}
