"""Makes the key that signs a domain's mail, and the DNS record that lets others verify it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

# RFC 8301 section 3.2. Ed25519 (RFC 8463) is verified by too few receivers to be the only key.
_BITS = 2048
_EXPONENT = 65_537
_TAG = re.compile(r"\s*([a-z][a-z0-9_]*)\s*=\s*([^;]*?)\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A fresh key: PEM of the private half, base64 of the public one."""

    private: str = field(repr=False)
    public: str


def make_key() -> KeyPair:
    """Make an RSA key of 2,048 bits."""
    key = rsa.generate_private_key(public_exponent=_EXPONENT, key_size=_BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(private=private.decode("ascii"), public=base64.b64encode(public).decode("ascii"))


def key_name(selector: str, domain: str) -> str:
    """Return where the record stands (RFC 6376 section 3.6.2.1)."""
    return f"{selector}._domainkey.{domain}"


def key_record(public: str) -> str:
    """Return the text of the record (RFC 6376 section 3.6.1)."""
    return f"v=DKIM1; k=rsa; p={public}"


def published_key(text: str) -> str | None:
    """Return the p= of a key record without blanks; None when the text is no key record.

    Empty for a key that was taken back.
    """
    tags = {name.lower(): value for name, value in _TAG.findall(text)}
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return None
    return re.sub(r"\s", "", tags["p"])
