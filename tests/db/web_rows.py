"""Rows that pages show: people in their places, tries of deliveries and what was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from posthorn.archive.storage import storage
from posthorn.delivery.models import Attempt, Delivery, Revision
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client, ClientAssignment, ClientPerson, Membership
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import (
    BlobFactory,
    DocumentFactory,
    IncarnationFactory,
    MembershipFactory,
    PersonFactory,
)
from tests.db.web_passwords import PASSWORD

if TYPE_CHECKING:
    from posthorn.archive.models import Document
    from posthorn.tenancy.models import Firm, Person

ENVELOPE = {"from": "posthorn@kantoor.example", "to": "bakkerij@pakket.example"}


def person(email: str = "", name: str = "An Peeters") -> Person:
    """Make somebody who signs in with PASSWORD; hashed once, for a test need not be slow."""
    row: Person = PersonFactory.build(name=name, **({"email": email} if email else {}))
    row.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
    row.save(force_insert=True)
    return row


def member(firm: Firm, role: Role, *clients: Client, who: Person | None = None) -> Person:
    """Give somebody a role in a firm, and an accountant the clients."""
    membership: Membership = MembershipFactory.create(
        firm=firm, role=role.value, person=who or person()
    )
    with acting(firm.pk):
        for client in clients:
            ClientAssignment.objects.create(firm=firm, client=client, membership=membership)
    return membership.person


def client_person(client: Client, who: Person | None = None) -> Person:
    """Let somebody into a client's own space."""
    row = who or person()
    with acting(client.firm_id):
        ClientPerson.objects.create(firm_id=client.firm_id, client=client, person=row)
    return row


def stored_document(content: bytes, **values: Any) -> Document:  # noqa: ANN401  # columns
    """Make a document whose bytes are really there."""
    firm = values["firm"]
    sha256 = storage().put_if_absent(firm.pk, content)
    BlobFactory.create(firm=firm, sha256=sha256, size=len(content))
    row: Document = DocumentFactory.create(sha256=sha256, size=len(content), **values)
    return row


def attempt(delivery: Delivery, **values: Any) -> Attempt:  # noqa: ANN401  # columns
    """Make one finished try of a delivery."""
    started = now() - timedelta(seconds=1)
    defaults: dict[str, Any] = {
        "number": 1,
        "revision": 1,
        "started_at": started,
        "finished_at": started + timedelta(milliseconds=180),
        "outcome": "receipt",
        "evidence": {
            "server": "mx.pakket.example",
            "reply": "250 2.0.0 Ok: queued as 4XyZ",
            "tls": "TLSv1.3 TLS_AES_256_GCM_SHA384",
        },
    }
    incarnation = IncarnationFactory.create()
    with acting(delivery.firm_id):
        return Attempt.objects.create(
            firm_id=delivery.firm_id,
            delivery=delivery,
            incarnation=incarnation,
            **{**defaults, **values},
        )


def revision(delivery: Delivery, **values: Any) -> Revision:  # noqa: ANN401  # columns
    """Make what was prepared for a delivery."""
    defaults: dict[str, Any] = {
        "number": 1,
        "connector_version": "email_delivery 0.1.0",
        "settings_version": "1.1",
        "media_type": "message/rfc822",
        "envelope": ENVELOPE,
        "summary": {**ENVELOPE, "subject": "Purchase invoice 2026-117", "files": "2026-117.xml"},
        "skeleton": [],
        "sha256": "5" * 64,
        "size": 84_213,
    }
    with acting(delivery.firm_id):
        return Revision.objects.create(
            firm_id=delivery.firm_id, delivery=delivery, **{**defaults, **values}
        )
