"""Signs a mail for the domain it comes from (RFC 6376): always the same bytes for one mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# What a forger would change; those missing are signed as missing, so nobody can add them.
_HEADERS = (
    b"from",
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"mime-version",
    b"content-type",
    b"auto-submitted",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A proven domain of a firm and its key in PEM."""

    domain: str
    selector: str
    private: str = field(repr=False)

    def sign(self, message: bytes, at: datetime) -> bytes:
        """Return the message with a DKIM-Signature in front, dated `at` and not now."""
        # It brings the whole of DNS along, which no command but a sending one needs.
        from posthorn.connections.domains.dating import Dated  # noqa: PLC0415

        signing = Dated(message)
        signing.stamp = str(int(at.timestamp())).encode("ascii")
        header: bytes = signing.sign(
            self.selector.encode("ascii"),
            self.domain.encode("ascii"),
            self.private.encode("ascii"),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_HEADERS,
        )
        return header + message


def signer_of(signers: Mapping[str, Signer], message: bytes) -> Signer | None:
    """Return the signer for the domain of a mail's From, which need not be its envelope's."""
    head, _, _ = message.partition(b"\r\n\r\n")
    sender = BytesHeaderParser().parsebytes(head + b"\r\n\r\n").get("From", "")
    return signers.get(parseaddr(str(sender))[1].rpartition("@")[2].lower())
