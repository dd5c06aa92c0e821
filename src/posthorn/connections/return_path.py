"""Where bounces come back to: an envelope sender that names its mail and that nobody can forge."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from posthorn.connections.keyring import keyring
from posthorn.sdk.relay import relay_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PURPOSE = b"posthorn return path 1"
_MAC_BYTES = 10
_HIGHEST_REVISION = 0xFFFF
# 29 bytes in base32 are 47 characters: with "r-" 49, below the 64 of RFC 5321 section 4.5.3.1.1.
# Letters and digits alone, since relays fold case and some rewrite "+" and "=".
_LOCAL_PART = re.compile(r"r-([a-z2-7]{47})", re.IGNORECASE)


class Posted(StrEnum):
    """What kind of mail a return path belongs to."""

    DELIVERY = "d"
    TRIAL = "t"


class ForgedTagError(ValueError):
    """Ignore the mail: its address looks like one of ours and was not made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What a return path says: which mail it was, and of which revision."""

    posted: Posted
    id: UUID
    revision: int


def bounce_domain() -> str:
    """Return the operator's domain for bounces in lower case; empty where there is none."""
    domain: str = settings.POSTHORN.bounce_domain
    return domain.lower()


def return_path(runtime_settings: Mapping[str, str], tag: Tag) -> str:
    """Return the envelope sender of a mail, or nothing where the usual sender stays.

    A firm's own mail server sends for its own domain alone: it would refuse the operator's.
    Raises KeyringError.
    """
    domain = bounce_domain()
    if not domain or relay_of(runtime_settings) is not None:
        return ""
    return f"{local_part(tag, _keys()[0])}@{domain}"


def local_part(tag: Tag, key: bytes) -> str:
    """Write a tag as the part before the @, signed."""
    said = _said(tag)
    encoded = base64.b32encode(said + _mac(said, key)).decode("ascii")
    return f"r-{encoded.rstrip('=').lower()}"


def tag_in(addresses: Iterable[str]) -> Tag | None:
    """Find the tag among the addresses a mail came to; None where none looks like ours.

    Raises ForgedTagError when one looks like ours and no key made it, and KeyringError.
    """
    looks = [found for address in addresses if (found := _look(address))]
    if not looks:
        return None
    keys = _keys()
    read = [tag for found in looks if (tag := read_local_part(found, keys))]
    if not read:
        raise ForgedTagError(looks[0])
    return read[0]


def _look(address: str) -> str:
    local, _, domain = address.strip().strip("<>").rpartition("@")
    is_ours = domain.lower() == bounce_domain() and _LOCAL_PART.fullmatch(local)
    return local if is_ours and domain else ""


def read_local_part(local: str, keys: Sequence[bytes]) -> Tag | None:
    """Read a signed tag; None when it is no tag, or when none of the keys made it."""
    found = _LOCAL_PART.fullmatch(local)
    if found is None:
        return None
    try:
        data = base64.b32decode(f"{found.group(1).upper()}=")
    except binascii.Error:  # 47 characters of the alphabet always decode; a change must not crash
        return None
    said, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    # Every key is tried, whatever the first one says: the time tells nothing.
    matches = [hmac.compare_digest(mac, _mac(said, key)) for key in keys]
    return _tag(said) if any(matches) else None


def _said(tag: Tag) -> bytes:
    revision = min(tag.revision, _HIGHEST_REVISION)
    return tag.posted.value.encode("ascii") + tag.id.bytes + revision.to_bytes(2, "big")


def _tag(said: bytes) -> Tag | None:
    try:
        posted = Posted(said[:1].decode("ascii"))
    except ValueError:
        return None
    return Tag(posted=posted, id=UUID(bytes=said[1:17]), revision=int.from_bytes(said[17:], "big"))


def _mac(said: bytes, key: bytes) -> bytes:
    own = hmac.digest(key, _PURPOSE, hashlib.sha256)  # never the key that encrypts, itself
    return hmac.digest(own, said, hashlib.sha256)[:_MAC_BYTES]


def _keys() -> list[bytes]:
    return list(keyring().keys.values())
