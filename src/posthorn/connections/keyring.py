"""Encrypts what must stay secret: AES-256-GCM, keys with ids, each ciphertext bound to its row."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from functools import cache
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

    keys: Mapping[str, bytes]

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


@cache
def keyring() -> Keyring:
    """Give this process's keyring; raises KeyringError when there is none."""
    configured = settings.POSTHORN.keyring
    if configured:
        return Keyring.parse(configured)
    try:
        return Keyring.parse(keyring_file(settings.POSTHORN.data).read_text("utf-8"))
    except FileNotFoundError:
        message = (
            f"There is no keyring at {keyring_file(settings.POSTHORN.data)}."
            " Restore it from the back-up, or set POSTHORN_KEYRING."
        )
        raise KeyringError(message) from None
