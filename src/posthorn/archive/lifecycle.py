"""Releases, rejects and withdraws documents; the only place that sets a release time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from posthorn.archive import accounts, ports
from posthorn.archive.errors import (
    AlreadyReleasedError,
    DocumentNotFoundError,
    EmptyReasonError,
    NotADuplicateError,
)
from posthorn.archive.models import Document
from posthorn.archive.parties import unpacked
from posthorn.archive.rules import (
    Policy,
    Refused,
    ReleaseBasis,
    approval_refusal,
    automatic_basis,
    is_doubtful,
    refusal_of,
    sending_refusal,
)
from posthorn.kernel import crash
from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.models import TrustedSupplier
from posthorn.tenancy.numbers import equivalents

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    Rule = Callable[[Document], Refused | None]

_MAX_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What a release came to: ids in order of arrival; why the others were not released."""

    released: tuple[UUID, ...] = ()
    already: tuple[UUID, ...] = ()
    refused: Mapping[UUID, Refused] = field(default_factory=dict)


def release(
    firm: UUID,
    document_ids: Collection[UUID],
    *,
    basis: ReleaseBasis,
    actor: str,
    rules: Sequence[Rule] = (),
) -> Released:
    """Release documents and plan their deliveries, together or not at all.

    `rules` may refuse single documents beyond the common ones. Released ones stay as they are.
    """
    with transaction.atomic():
        rows = locked(firm, document_ids)
        already = [row for row in rows if row.released_at is not None]
        refused = _refusals([row for row in rows if row.released_at is None], basis, rules)
        wanted = [row for row in rows if row.released_at is None and row.pk not in refused]
        _release(firm, wanted, basis, actor)
    missing = set(document_ids) - {row.pk for row in rows}
    return Released(
        released=tuple(row.pk for row in wanted),
        already=tuple(row.pk for row in already),
        refused={**refused, **dict.fromkeys(missing, Refused.NOT_FOUND)},
    )


def locked(firm: UUID, document_ids: Collection[UUID]) -> list[Document]:
    """Lock documents until the transaction ends, in order of arrival; gives those there are."""
    rows = Document.objects.filter(firm_id=firm, pk__in=document_ids).select_related("client")
    return list(rows.order_by("arrived_at", "pk").select_for_update(of=("self",)))


def one(firm: UUID, document_id: UUID) -> Document:
    """Lock one document; raises DocumentNotFoundError."""
    rows = locked(firm, [document_id])
    if not rows:
        message = _("The firm has no such document.")
        raise DocumentNotFoundError(message)
    return rows[0]


def _refusals(
    rows: Iterable[Document], basis: ReleaseBasis, rules: Sequence[Rule]
) -> dict[UUID, Refused]:
    rows = list(rows)
    mixed = accounts.mixed(rows)
    refused = {}
    for row in rows:
        reasons = [
            refusal_of(row, basis),
            Refused.SEVERAL_CLIENTS if row.pk in mixed else None,
            *(rule(row) for rule in rules),
        ]
        first = next((reason for reason in reasons if reason is not None), None)
        if first is not None:
            refused[row.pk] = first
    return refused


def _release(firm: UUID, rows: Sequence[Document], basis: ReleaseBasis, actor: str) -> None:
    if not rows:
        return
    at = now()
    for row in rows:
        row.released_at, row.released_by, row.release_basis = at, actor, basis.value
    Document.objects.filter(firm_id=firm, pk__in=[row.pk for row in rows]).update(
        released_at=at, released_by=actor, release_basis=basis.value
    )
    audit.record(entry(row, "document.released", actor, basis=basis.value) for row in rows)
    ports.planner().plan(rows, actor=actor)
    crash.reach("before_release_commit")
    transaction.on_commit(_committed)


def _committed() -> None:
    crash.reach("after_release_commit")


def approve(firm: UUID, document_ids: Collection[UUID], *, actor: str) -> Released:
    """Release purchase documents that somebody approved."""
    basis = ReleaseBasis.APPROVED
    return release(firm, document_ids, basis=basis, actor=actor, rules=[approval_refusal])


def send(firm: UUID, document_ids: Collection[UUID], *, actor: str) -> Released:
    """Release sales documents that somebody sent."""
    basis = ReleaseBasis.SENT
    return release(firm, document_ids, basis=basis, actor=actor, rules=[sending_refusal])


def send_anyway(firm: UUID, document_id: UUID, *, actor: str) -> Released:
    """Release on somebody's word a duplicate, or a statement that its check found wrong.

    Raises DocumentNotFoundError, NotADuplicateError.
    """
    row = one(firm, document_id)
    if row.duplicate_of_id is None and not is_doubtful(row):
        message = _("Nothing holds this document back: approve or send it in the usual way.")
        raise NotADuplicateError(message)
    return release(firm, [document_id], basis=ReleaseBasis.SENT_ANYWAY, actor=actor)


def reject(firm: UUID, document_id: UUID, reason: str, *, actor: str) -> None:
    """Decide that a document does not go; doing it twice keeps the first reason.

    Raises DocumentNotFoundError, EmptyReasonError, AlreadyReleasedError, CutError.
    """
    words = " ".join(reason.split())[:_MAX_REASON]
    if not words:
        message = _("Write why the document is rejected.")
        raise EmptyReasonError(message)
    row = one(firm, document_id)
    if row.released_at is not None:
        message = _("This document was released already; cancel its delivery instead.")
        raise AlreadyReleasedError(message)
    accounts.refuse_cut(row)
    if row.rejected_at is None:
        row.rejected_at, row.rejected_reason = now(), words
        row.save(update_fields=["rejected_at", "rejected_reason"])
        audit.record([entry(row, "document.rejected", actor, reason=words)])


def take_back(firm: UUID, document_id: UUID, *, actor: str) -> None:
    """Take a rejection back: the document waits again; raises DocumentNotFoundError.

    Nothing is released by it, whatever the client's rules: somebody looked and may look again.
    """
    row = one(firm, document_id)
    if row.rejected_at is not None:
        row.rejected_at, row.rejected_reason = None, ""
        row.save(update_fields=["rejected_at", "rejected_reason"])
        audit.record([entry(row, "document.rejection_taken_back", actor)])


def release_automatically(firm: UUID, document_ids: Collection[UUID]) -> tuple[UUID, ...]:
    """Release what needs no person by its client's rules; gives what was released."""
    rows = locked(firm, document_ids)
    trusted = _trusted({row.client_id for row in rows if row.client_id})
    by_basis: dict[ReleaseBasis, list[UUID]] = {}
    for row in rows:
        basis = automatic_basis(row, _policy(row, trusted))
        if basis is not None:
            by_basis.setdefault(basis, []).append(row.pk)
    released: list[UUID] = []
    for basis, ids in by_basis.items():
        released += release(firm, ids, basis=basis, actor="rule").released
    return tuple(released)


def release_waiting(firm: UUID, client: UUID) -> tuple[UUID, ...]:
    """Look again at a client's unreleased documents after its rules or its state changed."""
    waiting = Document.objects.filter(
        firm_id=firm, client_id=client, released_at__isnull=True, reading="read", problem=""
    )
    return release_automatically(firm, list(waiting.values_list("pk", flat=True)))


def _trusted(clients: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    rows = TrustedSupplier.objects.filter(client_id__in=clients)
    return frozenset(rows.values_list("client_id", "number"))


def _policy(row: Document, trusted: frozenset[tuple[UUID, str]]) -> Policy:
    if row.client is None:
        return Policy(approval="", trusts_seller=False)
    written = {
        same.value for number in unpacked(row.identities).seller for same in equivalents(number)
    }
    trusts = any((row.client.pk, value) in trusted for value in written)
    return Policy(approval=row.client.approval, trusts_seller=trusts)


def entry(row: Document, action: str, actor: str, **detail: str) -> audit.Entry:
    """Say in the trail what was done to a document, and whose it is."""
    whose = {"client": str(row.client_id)} if row.client_id else {}
    return audit.Entry(
        firm=row.firm_id,
        actor=actor,
        action=action,
        subject_kind="document",
        subject_id=row.pk,
        detail=whose | detail,
    )
