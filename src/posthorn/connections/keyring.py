"""Encrypts what must stay secret: AES-256-GCM, keys with ids, each ciphertext bound to its row."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NONCE_BYTES = 12


class KeyringError(RuntimeError):
    """Put the key that the message names back into POSTHORN_KEYRING or the keyring file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A ciphertext and the id of its key; `data` is the nonce, then the ciphertext and its tag."""

    key_id: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Keys by id; the first one encrypts, all of them decrypt."""

    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read `id:base64` pairs between commas or on lines, newest first; raises KeyringError."""
        keys: dict[str, bytes] = {}
        for part in text.replace("\n", ",").split(","):
            key_id, _, encoded = part.strip().partition(":")
            if not key_id:
                continue
            keys[key_id] = _decoded(key_id, encoded)
        if not keys:
            message = "The keyring is empty: it needs at least one `id:base64` pair."
            raise KeyringError(message)
        return cls(keys=keys)

    @property
    def newest(self) -> str:
        """The id of the key that encrypts."""
        return next(iter(self.keys))

    def seal(self, plain: str, *, place: str) -> Sealed:
        """Encrypt a text for one place (table, column and row); elsewhere it does not decrypt."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = AESGCM(self.keys[self.newest])
        return Sealed(
            key_id=self.newest, data=nonce + cipher.encrypt(nonce, plain.encode(), place.encode())
        )

    def open(self, sealed: Sealed, *, place: str) -> str:
        """Decrypt a text at its place; raises KeyringError for a lost key or a moved ciphertext."""
        key = self.keys.get(sealed.key_id)
        if key is None:
            message = (
                f"The key {sealed.key_id!r} is not in the keyring;"
                " put it back to read the stored secrets."
            )
            raise KeyringError(message)
        nonce, data = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            return AESGCM(key).decrypt(nonce, data, place.encode()).decode()
        except InvalidTag:
            message = (
                f"A stored secret at {place} does not match its place or its key {sealed.key_id!r}."
            )
            raise KeyringError(message) from None


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:  # noqa: PLR2004  # AES-256
        message = f"The key {key_id!r} is not 32 bytes in base64."
        raise KeyringError(message)
    return key


def fresh_key(key_id: str) -> str:
    """Make one `id:base64` pair."""
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


def keyring_file(data: Path) -> Path:
    """Give the place of the keyring that Posthorn keeps itself."""
    return data / "keyring"


def keyring() -> Keyring:
    """Give the keyring; raises KeyringError when there is none.

    Read again when the file changes, so that a running worker knows a key that was added.
    """
    configured = settings.POSTHORN.keyring
    if configured:
        return _parsed(configured)
    file = keyring_file(settings.POSTHORN.data)
    try:
        stamp = file.stat()
        return _from_file(file, (stamp.st_mtime_ns, stamp.st_ino))
    except FileNotFoundError:
        raise KeyringError(
            f"There is no keyring at {file}. Restore it from the back-up, or set POSTHORN_KEYRING."
        ) from None


@lru_cache(maxsize=2)
def _parsed(text: str) -> Keyring:
    return Keyring.parse(text)


@lru_cache(maxsize=2)
def _from_file(file: Path, _stamp: tuple[int, int]) -> Keyring:
    return Keyring.parse(file.read_text("utf-8"))


def seal_text(plain: str, *, place: str) -> str:
    """Encrypt a text for one place into text: JSON of the key's id and the data in hex."""
    sealed = keyring().seal(plain, place=place)
    return json.dumps([sealed.key_id, sealed.data.hex()])


def open_text(text: str, *, place: str) -> str:
    """Decrypt what `seal_text` gave; raises KeyringError."""
    return keyring().open(parse_text(text), place=place)


def parse_text(text: str) -> Sealed:
    """Read what `seal_text` gave, without decrypting it."""
    key_id, data = json.loads(text)
    return Sealed(key_id=key_id, data=bytes.fromhex(data))
