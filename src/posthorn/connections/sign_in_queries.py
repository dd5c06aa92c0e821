"""Reads who is signed in to a firm's packages, since when, and how old that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from posthorn.connections.grant_models import Grant
from posthorn.connections.tokens import WARN_IDLE
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who signed in to a connection; times are aware, UTC."""

    connection: UUID
    account: str
    detail: str
    site: str
    by: str
    at: datetime
    refreshed_at: datetime
    ended_at: datetime | None
    ended_code: str
    revocation: str

    @property
    def idle_days(self) -> int:
        """Return the whole days since the package last gave tokens."""
        return (now() - self.refreshed_at).days

    @property
    def is_growing_old(self) -> bool:
        """Tell whether it was refreshed so long ago that something keeps it from being."""
        return self.ended_at is None and now() - self.refreshed_at >= WARN_IDLE


def sign_in_of(firm: UUID, connection_id: UUID) -> SignedIn | None:
    """Return who signed in to a connection; None when nobody did."""
    row = Grant.objects.filter(firm_id=firm, connection_id=connection_id).first()
    return _signed_in(row) if row else None


def last_given_up(firm: UUID, connector_id: str) -> SignedIn | None:
    """Return the sign-in of the extension's package that was removed last, if anybody was."""
    rows = Grant.objects.filter(firm_id=firm, connector_id=connector_id).exclude(revocation="")
    row = rows.order_by("-ended_at", "-id").first()
    return _signed_in(row) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How signing in to packages stands on this installation; a problem comes with its fix."""

    said: str = ""
    problem: str = ""
    fix: str = ""


def look() -> Outlook:
    """Look at the operator's part of signing in, and at sign-ins that grow old."""
    env = django_settings.POSTHORN
    if not env.sites:
        return Outlook(said="No package is registered in POSTHORN_SITES, so nobody signs in.")
    if not env.public_url.startswith("https://"):
        where = env.public_url or "nowhere"
        return Outlook(
            problem=f"Packages send people back to {where}, which is not https.",
            fix="Set POSTHORN_PUBLIC_URL to the https address of the site, as it is registered.",
        )
    old = count_growing_old()
    if old:
        return Outlook(
            problem=f"{old} sign-ins could not be extended for three weeks; they will run out.",
            fix="See that a worker runs and reaches the packages, or let the firms sign in again.",
        )
    return Outlook(said=f"{len(env.sites)} registered; people come back to {env.public_url}.")


def count_growing_old() -> int:
    """Count the live sign-ins of all firms that were not refreshed for three weeks."""
    with system("old sign-ins"):
        rows = Grant.objects.filter(ended_at=None, refreshed_at__lte=now() - WARN_IDLE)
        return rows.count()


def _signed_in(row: Grant) -> SignedIn:
    return SignedIn(
        connection=row.connection_id,
        account=row.account_name,
        detail=row.account_detail,
        site=row.site,
        by=row.signed_in_by,
        at=row.signed_in_at,
        refreshed_at=row.refreshed_at,
        ended_at=row.ended_at,
        ended_code=row.ended_code,
        revocation=row.revocation,
    )
