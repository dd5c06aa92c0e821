"""Keeps the domains a firm signs with: makes a key, reads them for the workers, forgets them."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from posthorn.connections.domains.keys import make_key
from posthorn.connections.domains.signing import Signer
from posthorn.connections.errors import NotFoundError
from posthorn.connections.keyring import Sealed, keyring
from posthorn.connections.mail import DOMAIN_NOT_PROVEN
from posthorn.connections.models import Connection, SendingDomain
from posthorn.connections.ports import hold_keeper
from posthorn.kernel.clock import now
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from posthorn.connections.domains.findings import Finding

_KEPT_SIGNERS = 1_024


def place(row: SendingDomain) -> str:
    """Return the one place at which a domain's private key decrypts."""
    return f"connections_sendingdomain/{row.firm_id}/{row.id}/private"


def domains_of(firm: UUID) -> list[SendingDomain]:
    """Return the domains of a firm by name."""
    return list(SendingDomain.objects.filter(firm_id=firm).order_by("domain"))


def domain_of(firm: UUID, domain: str) -> SendingDomain | None:
    """Return a firm's domain by its name, None when it has no key yet."""
    return SendingDomain.objects.filter(firm_id=firm, domain=domain.lower()).first()


def ensure_domain(firm: UUID, domain: str, *, actor: str) -> SendingDomain:
    """Return a firm's domain, with a key made now when it had none."""
    found = domain_of(firm, domain)
    if found is not None:
        return found
    key = make_key()
    row = SendingDomain(
        firm_id=firm,
        domain=domain.lower(),
        # Unguessable, so that two firms never need the same name in one zone.
        selector=f"posthorn-{secrets.token_hex(4)}",
        public=key.public,
    )
    sealed = keyring().seal(key.private, place=place(row))
    row.key_id, row.sealed = sealed.key_id, sealed.data
    try:
        with transaction.atomic():
            row.save()
            record(row, "sending_domain.created", actor, {"selector": row.selector})
    except IntegrityError:
        return SendingDomain.objects.get(firm_id=firm, domain=domain.lower())
    return row


def forget_domain(firm: UUID, domain: str, *, actor: str) -> None:
    """Stop signing for a domain and forget its key. Raises NotFoundError."""
    with transaction.atomic():
        row = SendingDomain.objects.select_for_update().filter(firm_id=firm, domain=domain.lower())
        for one in row:
            record(one, "sending_domain.removed", actor, {"selector": one.selector})
            one.delete()
            return
    raise NotFoundError(f"The firm has no key for {domain}.")


def keep_findings(
    row: SendingDomain, findings: Collection[Finding], *, is_ours: bool | None, actor: str
) -> None:
    """Keep what a check found; `is_ours` is None when nobody answered about the key."""
    with transaction.atomic():
        own = SendingDomain.objects.filter(firm_id=row.firm_id, id=row.id)
        kept = own.select_for_update().first()
        if kept is None:
            return  # forgotten meanwhile
        was_proven = kept.proven_at is not None
        kept.checked_at = now()
        kept.findings = [finding.as_kept() for finding in findings]
        if is_ours is not None:
            kept.proven_at = (kept.proven_at or now()) if is_ours else None
        kept.save(update_fields=["checked_at", "findings", "proven_at"])
        if was_proven != (kept.proven_at is not None):
            is_proven = kept.proven_at is not None
            record(kept, "sending_domain.proven" if is_proven else "sending_domain.lost", actor, {})
        if kept.proven_at is not None:
            _free_what_waited(kept.firm_id, kept.domain, actor)


def _free_what_waited(firm: UUID, domain: str, actor: str) -> None:
    rows = Connection.objects.select_for_update().filter(
        firm_id=firm, attention=DOMAIN_NOT_PROVEN, attention_detail__iexact=domain
    )
    freed = [row.id for row in rows.order_by("id")]
    if freed:
        Connection.objects.filter(firm_id=firm, id__in=freed).update(
            attention="", attention_field="", attention_detail="", attention_since=None
        )
        hold_keeper().reconsider(firm, connection_ids=freed, actor=actor)


def proven_of(firms: Collection[UUID]) -> dict[UUID, list[SendingDomain]]:
    """Return the domains of firms whose keys are published, by firm."""
    found: dict[UUID, list[SendingDomain]] = {}
    for row in SendingDomain.objects.filter(firm_id__in=list(firms), proven_at__isnull=False):
        found.setdefault(row.firm_id, []).append(row)
    return found


def signers_among(rows: Iterable[SendingDomain]) -> dict[str, Signer]:
    """Return what signs, by domain. Raises KeyringError."""
    return {
        row.domain: _signer(row.domain, row.selector, row.key_id, bytes(row.sealed), place(row))
        for row in rows
    }


@lru_cache(maxsize=_KEPT_SIGNERS)
def _signer(domain: str, selector: str, key_id: str, sealed: bytes, where: str) -> Signer:
    private = keyring().open(Sealed(key_id=key_id, data=sealed), place=where)
    return Signer(domain=domain, selector=selector, private=private)


def record(row: SendingDomain, action: str, actor: str, detail: Mapping[str, object]) -> None:
    """Write to the audit trail what happened to a domain."""
    audit.record(
        [
            audit.Entry(
                firm=row.firm_id,
                actor=actor,
                action=action,
                subject_kind="sending_domain",
                subject_id=row.id,
                detail={"domain": row.domain, **detail},
            )
        ]
    )
