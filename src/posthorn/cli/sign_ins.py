"""Shows who is signed in to a package, and the page on which somebody signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from posthorn.connections import revocations
from posthorn.connections.sign_in_queries import sign_in_of
from posthorn.connections.stages import Revocation

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.connections.removal import Removed


def record_of(firm: UUID, connection: UUID) -> dict[str, object]:
    """Give who is signed in, inside the firm's scope; empty texts where nobody is."""
    found = sign_in_of(firm, connection)
    if found is None:
        return {"account": "", "detail": "", "signed_in_by": "", "standing": "not_signed_in"}
    return {
        "account": found.account,
        "detail": found.detail,
        "signed_in_by": found.by,
        "signed_in_at": found.at,
        "refreshed_at": found.refreshed_at,
        "standing": found.ended_code or "signed_in",
    }


def page_of(firm: UUID, connection: UUID) -> str:
    """Give the address of the page on which an administrator signs in again."""
    site = django_settings.POSTHORN.public_url
    return f"{site}/firms/{firm}/packages/{connection}/sign-in/"


def words_of_end(removed: Removed) -> str:
    """Say what becomes of the sign-in of a package that was removed; empty where nobody was."""
    if removed.revocation is None:
        return ""
    if removed.revocation is Revocation.DUE:
        return "A worker has the sign-in ended there."
    helps = revocations.help_of(removed.connector_id).get("en", "")
    return f"The sign-in is forgotten here; what was allowed there ends only there. {helps}".strip()
