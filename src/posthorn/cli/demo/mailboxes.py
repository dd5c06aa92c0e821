"""Asks the stand-in mail server, over its admin surface, what arrived in which mailbox."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from posthorn.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMEOUT_S = 10.0
_TEST = "trial."


class MailboxesError(CommandError):
    """Start the demonstration again: its stand-in mail server does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail: to whom it came, and the SHA-256 of each file it carries, in lower-case hex.

    `key` is what Posthorn calls it, empty for a mail of somebody else.
    """

    recipients: tuple[str, ...]
    attachments: tuple[str, ...]
    key: str = ""
    sender: str = ""  # of the envelope: where a notice that it came back goes

    @property
    def is_test(self) -> bool:
        """Tell whether it only tries an address."""
        return self.key.startswith(_TEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """The mailboxes behind one admin surface on this machine."""

    port: int

    @property
    def url(self) -> str:
        """The page on which a person reads the mails."""
        return f"http://127.0.0.1:{self.port}/"

    def is_open(self) -> bool:
        """Tell whether the server answers."""
        try:
            self.count()
        except MailboxesError:
            return False
        return True

    def count(self) -> int:
        """Count the mails that arrived."""
        return len(self._listed())

    def mails(self) -> list[Mail]:
        """Read every mail, oldest first."""
        return [self._mail(entry) for entry in self._listed()]

    def _mail(self, entry: dict[str, object]) -> Mail:
        parsed = message_from_bytes(self._get(f"/messages/{entry['number']}"), policy=policy.SMTP)
        # From the raw mail: what a sandbox made of it could hide a fault of ours.
        files = [part.get_payload(decode=True) for part in parsed.iter_attachments()]
        to = entry["to"]
        return Mail(
            recipients=tuple(map(str, to if isinstance(to, list) else [to])),
            attachments=tuple(
                sha256(content).hexdigest() for content in files if isinstance(content, bytes)
            ),
            key=str(parsed["X-Posthorn-Delivery"] or ""),
            sender=str(entry["from"]),
        )

    def _listed(self) -> list[dict[str, object]]:
        listed: list[dict[str, object]] = json.loads(self._get("/messages"))
        return listed

    def _get(self, path: str) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException) as error:
            message = f"The stand-in mail server on port {self.port} does not answer: {error}."
            raise MailboxesError(message) from error
        finally:
            connection.close()
        if answer.status != 200:  # noqa: PLR2004  # HTTP's OK
            message = f"The stand-in mail server answers {answer.status} for {path}."
            raise MailboxesError(message)
        return body


def mailbox(address: str) -> str:
    """Write an address so that equal mailboxes read the same: only its domain ignores case."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def per_mailbox(mails: Sequence[Mail]) -> Counter[str]:
    """Count the mails of each mailbox."""
    return Counter(mailbox(to) for mail in mails for to in mail.recipients)


def copies(mails: Sequence[Mail]) -> Counter[tuple[str, tuple[str, ...]]]:
    """Count how often the same files came to the same mailbox."""
    return Counter((mailbox(to), mail.attachments) for mail in mails for to in mail.recipients)
