"""Keeps who confirmed what an extension may do; call inside the firm's scope."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from posthorn.connections.errors import AccessChangedError
from posthorn.connections.models import Consent
from posthorn.connections.services import loaded_connector
from posthorn.sdk.fields import Secret
from posthorn.sdk.problems import variants_of
from posthorn.sdk.spec import NoAuth, OAuth2
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.connections.registry import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What an extension asks for: each as it is declared, in a fixed order."""

    hosts: list[str]  # may hold {setting} placeholders
    kinds: list[str]  # of documents it is given
    secrets: list[str]  # ids of the settings that are kept encrypted
    login: list[str]  # scopes asked of the package's login page, * for all; empty: no such page

    @property
    def is_far_reaching(self) -> bool:
        """Tell whether it speaks with somebody by itself, beyond the mail of this platform."""
        return bool(self.hosts or self.login)


def access_of(loaded: Loaded) -> Access:
    """Return what a connector's declaration asks for, over all ways of setting it up."""
    spec = loaded.spec
    taken = {
        kind.value
        for variant in variants_of(spec)
        for kind in loaded.connector.capabilities(variant)
    }
    declared = (*spec.firm_settings, *spec.client_settings)
    auth = spec.auth
    return Access(
        hosts=sorted(spec.hosts),
        kinds=sorted(taken),
        secrets=[one.id for one in declared if isinstance(one, Secret)],
        login=list(auth.scopes) or ["*"] if isinstance(auth, OAuth2) else [],
    )


def needs_consent(loaded: Loaded) -> bool:
    """Tell whether it cannot be set up before somebody confirmed what it asks for."""
    return access_of(loaded).is_far_reaching or not isinstance(loaded.spec.auth, NoAuth)


def consents_of(firm: UUID, connector_id: str) -> list[Consent]:
    """Return who confirmed which version and when, the latest first."""
    rows = Consent.objects.filter(firm_id=firm, connector_id=connector_id)
    return list(rows.order_by("-confirmed_at", "-id"))


def is_confirmed(consents: list[Consent], loaded: Loaded) -> bool:
    """Tell whether the latest confirmation is of all that the extension asks for now."""
    latest = next(iter(consents), None)
    return (
        latest is not None and not latest.withdraws and latest.access == asdict(access_of(loaded))
    )


def confirm_access(firm: UUID, connector_id: str, version: str, *, actor: str) -> Consent:
    """Let an extension do what it asks for; `version` is the one whose wishes were read.

    Raises ConnectorMissingError, AccessChangedError.
    """
    loaded = loaded_connector(connector_id)
    if loaded.spec.version != version:
        raise AccessChangedError(
            f"{loaded.spec.name} is version {loaded.spec.version} by now: read what it asks for."
        )
    with transaction.atomic():
        consent = Consent.objects.create(
            firm_id=firm,
            connector_id=connector_id,
            connector_version=version,
            access=asdict(access_of(loaded)),
            confirmed_by=actor[:200],
        )
        _record(consent, "extension.confirmed", actor, access=consent.access)
    return consent


def withdraw_access(firm: UUID, connector_id: str, *, actor: str) -> None:
    """Let an extension do nothing any more; who confirmed it before stays to be read.

    Does nothing where nobody ever confirmed it. Call it inside a transaction.
    """
    latest = next(iter(consents_of(firm, connector_id)), None)
    if latest is None or latest.withdraws:
        return
    consent = Consent.objects.create(
        firm_id=firm,
        connector_id=connector_id,
        connector_version=latest.connector_version,
        access={},
        confirmed_by=actor[:200],
        withdraws=True,
    )
    _record(consent, "extension.withdrawn", actor)


def _record(consent: Consent, action: str, actor: str, **detail: object) -> None:
    told = {"connector": consent.connector_id, "version": consent.connector_version, **detail}
    entry = audit.Entry(
        firm=consent.firm_id,
        actor=actor,
        action=action,
        subject_kind="extension",
        subject_id=consent.id,
        detail=told,
    )
    audit.record([entry])
