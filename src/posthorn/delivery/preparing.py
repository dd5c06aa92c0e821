"""Prepares the bytes of a delivery once; every later try sends the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from posthorn.connections.context import link_maker
from posthorn.connections.domains.signing import signer_of
from posthorn.connections.links import hash_of
from posthorn.connections.return_path import Posted, Tag, return_path
from posthorn.delivery.revisions import NewRevision, skeleton_of
from posthorn.kernel.digest import sha256_hex
from posthorn.sdk import Document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.archive.storage import Storage
    from posthorn.connections.links import LinkMaker
    from posthorn.connections.registry import Loaded
    from posthorn.delivery.loading import Run, Work
    from posthorn.sdk import Context, Prepared, Rejected

MAIL = "message/rfc822"
RETURN_PATH = "return_path"  # in the envelope of a prepared mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What an attempt sends: stored bytes, new ones, or the reason why it cannot be mapped."""

    prepared: Prepared | None
    revision: int
    new_revision: NewRevision | None
    refusal: Rejected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """Where a stored revision's parts come from."""

    firm: UUID
    key: str
    storage: Storage
    links: LinkMaker

    def file(self, sha256: str) -> bytes:
        return self.storage.open(self.firm, sha256)

    def token(self, sha256: str) -> str:
        return self.links.token(sha256, key=self.key)


class LinkMisusedError(RuntimeError):
    """Mend the connector: an address is the document's own, and stands whole in what it makes."""


def prepare(run: Run, work: Work, loaded: Loaded, context: Context, storage: Storage) -> Ready:
    """Give the bytes to send; a changed setting makes new ones while nothing can have arrived.

    Raises what the connector's `prepare` raises, and the storage's errors for a damaged file.
    """
    firm = run.held.firm_id
    sources = _Sources(firm=firm, key=work.key, storage=storage, links=link_maker(firm))
    stored = work.stored
    if stored and (work.unknowns or work.steps or stored.settings_version == run.settings_version):
        return Ready(
            prepared=stored.restore(work.key, sources), revision=stored.number, new_revision=None
        )
    content = sources.file(work.document.sha256)
    made = loaded.connector.prepare(
        replace(context, links=sources.links), sdk_document(run, work, content), key=work.key
    )
    tag = Tag(posted=Posted.DELIVERY, id=work.delivery_id, revision=work.revision + 1)
    prepared = with_return_path(_signed(run, work, made), run.settings, tag)
    revision = _new_revision(run, work, loaded, prepared, content, sources.links)
    return Ready(prepared=prepared, revision=revision.number, new_revision=revision)


def _new_revision(
    run: Run, work: Work, loaded: Loaded, prepared: Prepared, content: bytes, links: LinkMaker
) -> NewRevision:
    token = token_in(prepared, work.document.sha256, links)
    return NewRevision(
        number=work.revision + 1,
        connector_version=f"{loaded.spec.id} {loaded.spec.version}",
        settings_version=run.settings_version,
        media_type=prepared.media_type,
        envelope=prepared.envelope,
        summary=_readable(prepared.summary, token),
        skeleton=skeleton_of(prepared.payload, work.document.sha256, content, token=token),
        sha256=sha256_hex(prepared.payload),
        size=len(prepared.payload),
        links=(hash_of(token),) if token else (),
    )


def token_in(prepared: Prepared, sha256: str, links: LinkMaker) -> str:
    """Give the token of the one address that was asked for; empty without any."""
    if not links.given:
        return ""
    (token, document), *others = links.given.items()
    if others or document != sha256 or token.encode() not in prepared.payload:
        raise LinkMisusedError(prepared.key)
    return token


def _readable(summary: Mapping[str, str], token: str) -> Mapping[str, str]:
    if not token:
        return summary
    return {name: value.replace(token, "…") for name, value in summary.items()}


def _signed(run: Run, work: Work, prepared: Prepared) -> Prepared:
    """Sign a mail for the firm's own domain, once: the signature is a part of its bytes.

    Dated by the release, so that a mail prepared anew from the same settings is the same.
    """
    if prepared.media_type != MAIL or not run.signers:
        return prepared
    signer = signer_of(run.signers, prepared.payload)
    if signer is None:
        return prepared
    return replace(prepared, payload=signer.sign(prepared.payload, work.released_at))


def with_return_path(prepared: Prepared, settings: Mapping[str, str], tag: Tag) -> Prepared:
    """Give a mail the envelope sender under which its bounces come back; the bytes stay.

    Raises KeyringError.
    """
    path = return_path(settings, tag) if prepared.media_type == MAIL else ""
    return (
        replace(prepared, envelope={**prepared.envelope, RETURN_PATH: path}) if path else prepared
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
