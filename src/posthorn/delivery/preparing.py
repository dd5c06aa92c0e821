"""Prepares the bytes of a delivery once; every later try sends the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.delivery.revisions import NewRevision, skeleton_of
from posthorn.kernel.digest import sha256_hex
from posthorn.sdk import Document

if TYPE_CHECKING:
    from posthorn.archive.storage import Storage
    from posthorn.connections.registry import Loaded
    from posthorn.delivery.loading import Run, Work
    from posthorn.sdk import Context, Prepared, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What an attempt sends: stored bytes, new ones, or the reason why it cannot be mapped."""

    prepared: Prepared | None
    revision: int
    new_revision: NewRevision | None
    refusal: Rejected | None = None


def prepare(run: Run, work: Work, loaded: Loaded, context: Context, storage: Storage) -> Ready:
    """Give the bytes to send; a changed setting makes new ones while nothing can have arrived.

    Raises what the connector's `prepare` raises, and the storage's errors for a damaged file.
    """
    firm = run.held.firm_id

    def open_file(sha256: str) -> bytes:
        return storage.open(firm, sha256)

    stored = work.stored
    if stored and (work.unknowns or work.steps or stored.settings_version == run.settings_version):
        return Ready(
            prepared=stored.restore(work.key, open_file), revision=stored.number, new_revision=None
        )
    content = open_file(work.document.sha256)
    prepared = loaded.connector.prepare(context, sdk_document(run, work, content), key=work.key)
    number = work.revision + 1
    return Ready(
        prepared=prepared,
        revision=number,
        new_revision=NewRevision(
            number=number,
            connector_version=f"{loaded.spec.id} {loaded.spec.version}",
            settings_version=run.settings_version,
            media_type=prepared.media_type,
            envelope=prepared.envelope,
            summary=prepared.summary,
            skeleton=skeleton_of(prepared.payload, work.document.sha256, content),
            sha256=sha256_hex(prepared.payload),
            size=len(prepared.payload),
        ),
    )


def sdk_document(run: Run, work: Work, content: bytes) -> Document:
    """Show a document to a connector: its bytes and what was read from them."""
    row, client = work.document, run.integration.client
    return Document(
        id=str(row.id),
        kind=work.kind,
        format=row.format,
        file_name=row.file_name,
        media_type=row.media_type,
        content=content,
        sha256=row.sha256,
        released_at=work.released_at,
        language=client.language,
        client_name=client.name,
        client_number=client.dossier_number,
        is_credit_note=row.category == "credit_note",
        number=row.number,
        issue_date=row.issue_date,
        currency=row.currency,
        total=row.total,
        seller_name=row.seller_name,
        buyer_name=row.buyer_name,
        copy=work.copy,
    )
