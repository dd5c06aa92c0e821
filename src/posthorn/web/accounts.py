"""How allauth behaves here: no open sign-up, second factors encrypted with our keyring."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from posthorn.connections.keyring import Sealed, keyring

if TYPE_CHECKING:
    from django.http import HttpRequest

_PLACE = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Lets nobody sign up: people are added by the command line or by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        """Refuse everybody."""
        return False


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Encrypts authenticator secrets, which allauth itself keeps in clear."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret into `key id:hex`."""
        sealed = keyring().seal(text, place=_PLACE)
        return json.dumps([sealed.key_id, sealed.data.hex()])

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt what `encrypt` gave."""
        key_id, data = json.loads(encrypted_text)
        return keyring().open(Sealed(key_id=key_id, data=bytes.fromhex(data)), place=_PLACE)
