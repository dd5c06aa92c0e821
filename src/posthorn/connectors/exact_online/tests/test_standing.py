"""What Exact says later of a document or a message is told as it is, and never made stronger."""

from __future__ import annotations

import pytest

from posthorn.connectors.exact_online import connector as exact_online
from posthorn.connectors.exact_online.tests.fake import FakeExact
from posthorn.connectors.exact_online.tests.offices import INVOICE, context, prepare
from posthorn.sdk import Receipt, RemoteState

EXACT = exact_online()


def deliver(fake: FakeExact, **changed: str) -> Receipt:
    return EXACT.deliver(context(fake, **changed), prepare(INVOICE, **changed))


@pytest.mark.parametrize(
    ("proposal", "state", "code"),
    [
        (None, RemoteState.RECEIVED, ""),
        (0, RemoteState.RECEIVED, "proposal_void"),
        (20, RemoteState.RECEIVED, "proposal_open"),
        (50, RemoteState.BOOKED, "proposal_processed"),
        (5, RemoteState.REJECTED, "proposal_rejected"),
        (99, RemoteState.RECEIVED, ""),
    ],
)
def test_standing_is_read_back_from_the_proposal(
    proposal: int | None, state: RemoteState, code: str
) -> None:
    fake = FakeExact()
    receipt = deliver(fake)
    fake.tables["documents/Documents"][0]["ProposedEntryStatus"] = proposal

    status = EXACT.status(context(fake), receipt)

    assert (status.state, status.code) == (state, code)


@pytest.mark.parametrize(
    ("progress", "state", "code"),
    [
        (5, RemoteState.REJECTED, "message_rejected"),
        (20, RemoteState.RECEIVED, ""),
        (45, RemoteState.RECEIVED, "message_in_error"),
        (46, RemoteState.RECEIVED, "message_blocked"),
        # Handed on by the postbox: nobody says that it is booked.
        (50, RemoteState.RECEIVED, "message_processed"),
    ],
)
def test_standing_of_a_message_is_the_postboxs_and_never_booked(
    progress: int, state: RemoteState, code: str
) -> None:
    fake = FakeExact()
    receipt = deliver(fake, route="mailbox")
    fake.tables["mailbox/MailMessagesSent"][0]["RecipientStatus"] = progress

    status = EXACT.status(context(fake, route="mailbox"), receipt)

    assert (status.state, status.code) == (state, code)


def test_document_that_somebody_removed_is_gone_and_costs_no_error() -> None:
    fake = FakeExact()
    receipt = deliver(fake)
    fake.tables["documents/Documents"].clear()

    assert EXACT.status(context(fake), receipt).state is RemoteState.GONE
