"""How allauth behaves here: no open sign-up, second factors encrypted with our keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from posthorn.connections.keyring import open_text, seal_text

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
        """Encrypt a secret into text."""
        return seal_text(text, place=_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt what `encrypt` gave."""
        return open_text(encrypted_text, place=_PLACE)

    def get_totp_issuer(self) -> str:
        """Name the product in the app, whatever host name the site was reached by."""
        return "Posthorn"
