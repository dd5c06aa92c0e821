"""Gives documents download addresses that nobody can guess and that need no look-up to be made."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from posthorn.sdk.errors import Misconfigured

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.sdk.links import Linkable

# Other signatures under the same key must never pass for an address, nor the reverse.
_PURPOSE = b"posthorn download link 1"
PATH = "/d/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMaker:
    """Makes the addresses of one firm, and remembers which documents got one.

    `site` is where others reach this installation, without a slash at its end; empty gives none.
    """

    site: str
    secret: str = field(repr=False)
    firm: UUID
    given: dict[str, str] = field(default_factory=dict, repr=False)  # token: SHA-256 of document

    def address(self, document: Linkable, *, key: str) -> str:
        """Return a document's address in one delivery, the same for the same.

        Raises Misconfigured where the installation has no address of its own.
        """
        if not self.site:
            raise Misconfigured("links_not_available")
        token = self.token(document.sha256, key=key)
        self.given[token] = document.sha256
        return f"{self.site}{PATH}{token}/"

    def token(self, document_sha256: str, *, key: str) -> str:
        """Return 256 bits as 43 letters that only the installation's secret gives."""
        about = f"{self.firm} {key} {document_sha256}".encode()
        inner = hmac.digest(self.secret.encode(), _PURPOSE, "sha256")
        digest = hmac.digest(inner, about, "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def hash_of(token: str) -> str:
    """Return what is kept of a token: its SHA-256 in lower-case hex."""
    return sha256(token.encode()).hexdigest()
