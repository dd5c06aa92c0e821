"""Lets a second person decide on changed import addresses, and administrators see the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction

from posthorn.connections import changes, integrations
from posthorn.connections.change_models import AddressChange, Standing
from posthorn.connections.errors import (
    ChangeDecidedError,
    NotFoundError,
    ReasonMissingError,
    SamePersonError,
)
from posthorn.connections.integrations import Wish
from posthorn.tenancy.notice_kinds import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.connections.models import Integration


def confirm_change(firm: UUID, change_id: UUID, *, actor: str) -> Integration:
    """Let a change of address count from now on; whoever made it cannot.

    Raises NotFoundError, ChangeDecidedError, SamePersonError, and what saving the integration
    raises: what was fine when it was asked for may not be any more.
    """
    with transaction.atomic():
        change, integration = _locked(firm, change_id)
        if change.author.casefold() == actor.casefold():
            raise SamePersonError("Somebody else must confirm: you changed this address yourself.")
        # Decided first, so that the address it holds back is not in its own way.
        changes.decide(change, Standing.CONFIRMED, actor=actor)
        changes.record(change, "integration.address_confirmed", actor, author=change.author)
        changes.tell(change, NoticeKind.ADDRESS_CHANGED)
        wish = _wish(integration, change)
        integrations.rewrite(integration, wish, actor=actor, is_confirmed=True)
    return integration


def refuse_change(firm: UUID, change_id: UUID, *, actor: str, reason: str = "") -> None:
    """Leave everything as it is; its author takes it back, anybody else says why.

    Raises NotFoundError, ChangeDecidedError, ReasonMissingError.
    """
    with transaction.atomic():
        change, _ = _locked(firm, change_id)
        if change.author.casefold() == actor.casefold():
            changes.decide(change, Standing.WITHDRAWN, actor=actor, reason=reason.strip())
            changes.record(change, "integration.address_withdrawn", actor)
            return
        if not reason.strip():
            raise ReasonMissingError("Say why it is refused: the reason is kept.")
        changes.decide(change, Standing.REFUSED, actor=actor, reason=reason.strip())
        changes.record(change, "integration.address_refused", actor, reason=change.reason)


def see_changes(firm: UUID, *, actor: str) -> int:
    """Take the notices of changes that others made away for all administrators; gives how many."""
    rows = AddressChange.objects.filter(firm_id=firm, standing=Standing.APPLIED, seen_by="")
    return rows.exclude(author__iexact=actor).update(seen_by=actor[:200])


def _locked(firm: UUID, change_id: UUID) -> tuple[AddressChange, Integration]:
    """Lock client, integration and change, in the order in which saving locks them."""
    found = AddressChange.objects.filter(firm_id=firm, id=change_id).first()
    if found is None:
        raise NotFoundError("The firm has no such change.")
    decided = ChangeDecidedError("The change was decided meanwhile.")
    if found.standing != Standing.WAITING:
        raise decided
    integration = integrations.locked(firm, found.integration_id)
    waiting = AddressChange.objects.filter(id=change_id, standing=Standing.WAITING)
    change = waiting.select_for_update().first()
    if change is None:
        raise decided
    return change, integration


def _wish(integration: Integration, change: AddressChange) -> Wish:
    """Put the change on top of what the integration is now; what else changed since stays."""
    wanted = cast("Mapping[str, Mapping[str, list[str]]]", change.wanted)
    after = {name: pair[1] for name, pair in wanted.get("settings", {}).items()}
    routes = change.wanted.get("routes", [None, integration.routes])[1]
    both = change.wanted.get("both", [None, integration.both])[1]
    return Wish(
        values={**integration.settings, **after},
        routes=routes,
        both=tuple(both),
        shared_reason=change.shared_reason,
    )
