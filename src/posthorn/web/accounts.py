"""How allauth behaves here: no open sign-up, second factors encrypted with our keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import translation

from posthorn.connections.keyring import open_text, seal_text
from posthorn.kernel.ids import new_id
from posthorn.tenancy.notice_kinds import NoticeKind
from posthorn.tenancy.notices import Fact, tell_person
from posthorn.web.mail import Letter, can_send, post_later, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.http import HttpRequest

    from posthorn.web.access import Person

_PLACE = "mfa_authenticator.data"
_SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Lets nobody sign up: people are added by the command line or by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        """Refuse everybody."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Write to somebody in their own language; without a relay nothing is written."""
        if not can_send():
            return
        language = getattr(context.get("user"), "language", "") or translation.get_language()
        letter = Letter(name=template_prefix, to=email, language=language or "en", facts=context)
        post_later(written(letter))

    def set_password(self, user: Person, password: str) -> None:
        """Set another password and tell its owner, both or neither; whichever page it came from."""
        with transaction.atomic():
            super().set_password(user, password)
            tell_person(user.pk, Fact(kind=NoticeKind.PASSWORD_CHANGED, key=str(new_id())))


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

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the site to authenticators: the product, at the host under which it was reached."""
        named = cast("dict[str, str]", super().get_public_key_credential_rp_entity())
        return {**named, "name": "Posthorn"}


def second_factors(people: Iterable[UUID]) -> frozenset[UUID]:
    """Give those of the people who sign in with more than a password."""
    rows = Authenticator.objects.filter(user_id__in=list(people), type__in=_SECOND)
    return frozenset(rows.values_list("user_id", flat=True))
