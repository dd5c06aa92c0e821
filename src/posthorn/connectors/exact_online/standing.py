"""Reads back what became of a delivered document: its entry proposal, or the postbox's progress."""

from __future__ import annotations

from typing import Final

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.calls import Calls
from posthorn.connectors.exact_online.odata import Entity
from posthorn.connectors.exact_online.settings import Route
from posthorn.sdk import Context, Receipt, RemoteState, RemoteStatus

# ProposedEntryStatus and RecipientStatus, Exact's reference (Pi-Systems/exact-online, 2025-07).
# Nobody documents that an attached e-invoice makes a proposal: none is what is to be expected.
_PROPOSALS: Final = {
    0: RemoteStatus(state=RemoteState.REJECTED, detail="proposal void"),
    5: RemoteStatus(state=RemoteState.REJECTED, detail="proposal rejected"),
    20: RemoteStatus(state=RemoteState.RECEIVED, detail="proposal open"),
    50: RemoteStatus(state=RemoteState.BOOKED, detail="proposal processed"),
}
_MESSAGES: Final = {
    5: RemoteStatus(state=RemoteState.REJECTED, detail="rejected"),
    45: RemoteStatus(state=RemoteState.RECEIVED, detail="error"),
    46: RemoteStatus(state=RemoteState.RECEIVED, detail="blocked"),
    50: RemoteStatus(state=RemoteState.BOOKED, detail="processed"),
}
_RECEIVED: Final = RemoteStatus(state=RemoteState.RECEIVED)
_GONE: Final = RemoteStatus(state=RemoteState.GONE)


def standing_of(ctx: Context, receipt: Receipt) -> RemoteStatus:
    """Return what Exact says of a document or a message; reads only.

    Asked as a list, because a key that is not there is an error and those are rationed.
    """
    company = receipt.evidence.get("company", "")
    is_mailbox = receipt.evidence.get("route") == Route.MAILBOX
    calls = Calls(ctx=ctx, company=company, is_mailbox=is_mailbox)
    resource = "mailbox/MailMessagesSent" if is_mailbox else "documents/Documents"
    field = "RecipientStatus" if is_mailbox else "ProposedEntryStatus"
    wanted = f"ID eq {odata.guid_literal(receipt.remote_id)}"
    row: Entity | None = calls.one(resource, filter=wanted, select=f"ID,{field}")
    if row is None:
        return _GONE
    known = _MESSAGES if is_mailbox else _PROPOSALS
    status = odata.whole(row.get(field))
    return known.get(status, _RECEIVED) if status is not None else _RECEIVED
