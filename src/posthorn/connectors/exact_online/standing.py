"""Reads back what became of a delivered document: its entry proposal, or the postbox's progress."""

from __future__ import annotations

from typing import Final

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.calls import Calls
from posthorn.connectors.exact_online.odata import Entity
from posthorn.connectors.exact_online.settings import Route
from posthorn.sdk import Context, Receipt, RemoteState, RemoteStatus

# ProposedEntryStatus and RecipientStatus, Exact's reference (Pi-Systems/exact-online, 2025-07).
# Nobody documents that an attached e-invoice makes a proposal: none is what is to be expected. A
# void one is told and no more: nobody says who voids, nor that 0 never stands for none.
_PROPOSALS: Final = {
    0: RemoteStatus(state=RemoteState.RECEIVED, code="proposal_void"),
    5: RemoteStatus(state=RemoteState.REJECTED, code="proposal_rejected"),
    20: RemoteStatus(state=RemoteState.RECEIVED, code="proposal_open"),
    50: RemoteStatus(state=RemoteState.BOOKED, code="proposal_processed"),
}
# What the postbox has processed it has handed on; whether that was booked it does not say.
_MESSAGES: Final = {
    5: RemoteStatus(state=RemoteState.REJECTED, code="message_rejected"),
    45: RemoteStatus(state=RemoteState.RECEIVED, code="message_in_error"),
    46: RemoteStatus(state=RemoteState.RECEIVED, code="message_blocked"),
    50: RemoteStatus(state=RemoteState.RECEIVED, code="message_processed"),
}
_RECEIVED: Final = RemoteStatus(state=RemoteState.RECEIVED)
_GONE: Final = RemoteStatus(state=RemoteState.GONE, code="document_gone")


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
