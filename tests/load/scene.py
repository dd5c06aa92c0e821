"""A firm with clients bound to mailboxes, and documents that are ready to be released."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from posthorn.archive import lifecycle
from posthorn.archive.models import Blob, Document
from posthorn.archive.rules import ReleaseBasis
from posthorn.archive.storage import storage
from posthorn.connections.models import Connection, Integration
from posthorn.kernel.clock import now
from posthorn.kernel.digest import sha256_hex
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import Client, Firm
from posthorn.tenancy.scope import acting, system

if TYPE_CHECKING:
    from collections.abc import Sequence

CONNECTOR = "email_delivery"
_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One firm and its clients, each with one integration; a client's mail goes to its own box."""

    firm: UUID
    clients: Sequence[UUID]


def set_scene(clients: int) -> Scene:
    """Create a firm whose clients deliver by mail to `box<n>@import.example`."""
    with system("load"):
        firm = Firm.objects.create(name="Load").id
    with acting(firm):
        package = Connection.objects.create(
            firm_id=firm, connector_id=CONNECTOR, connector_version="1", name="Mail"
        )
        rows = [
            Client(
                firm_id=firm,
                dossier_number=str(number),
                name=f"Client {number}",
                shares_documents=True,
                shared_since=now(),
            )
            for number in range(clients)
        ]
        Client.objects.bulk_create(rows, batch_size=_BATCH)
        Integration.objects.bulk_create(
            [
                Integration(
                    firm_id=firm,
                    client_id=row.id,
                    connection_id=package.id,
                    settings={"purchase_address": f"box{number}@import.example"},
                )
                for number, row in enumerate(rows)
            ],
            batch_size=_BATCH,
        )
    return Scene(firm=firm, clients=[row.id for row in rows])


def add_documents(scene: Scene, count: int, size: int, *, is_synced: bool = True) -> list[UUID]:
    """Add read purchase documents, one client after the other; gives their ids in that order.

    A backlog of many files is written without waiting for the disk (`is_synced=False`).
    """
    ids: list[UUID] = []
    put = storage().put_if_absent if is_synced else _put_quickly
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        digests = [put(scene.firm, _content(number, size)) for number in numbers]
        with acting(scene.firm):
            Blob.objects.bulk_create(
                [Blob(firm_id=scene.firm, sha256=digest, size=size) for digest in digests]
            )
            rows = [
                _document(scene, number, digest, size)
                for number, digest in zip(numbers, digests, strict=True)
            ]
            Document.objects.bulk_create(rows)
        ids += [row.id for row in rows]
    return ids


def _put_quickly(firm: UUID, content: bytes) -> str:
    digest = sha256_hex(content)
    place = settings.POSTHORN.data / "files" / str(firm) / digest[:2] / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return digest


def _content(number: int, size: int) -> bytes:
    head = f'<?xml version="1.0"?><Invoice xmlns="urn:x"><ID>{number}</ID><Note>'.encode()
    filling = os.urandom(size // 2).hex().encode()
    return head + filling[: size - len(head) - 17] + b"</Note></Invoice>"


def _document(scene: Scene, number: int, digest: str, size: int) -> Document:
    return Document(
        firm_id=scene.firm,
        client_id=scene.clients[number % len(scene.clients)],
        direction="purchase",
        source="load",
        source_id=f"{os.getpid()}-{new_id()}",
        file_name=f"invoice-{number}.xml",
        media_type="application/xml",
        sha256=digest,
        size=size,
        reading="read",
        format="ubl_invoice",
        category="invoice",
        number=f"2026-{number}",
        currency="EUR",
        seller_name="Drukkerij Devos",
        buyer_name="Client",
    )


def release_all(scene: Scene, documents: Sequence[UUID]) -> None:
    """Release documents as a person would, a thousand at once."""
    for start in range(0, len(documents), _BATCH):
        batch = documents[start : start + _BATCH]
        with acting(scene.firm):
            lifecycle.release(scene.firm, batch, basis=ReleaseBasis.APPROVED, actor="load")
