"""The states of letters that came back and of test mails; those of deliveries are in `states`."""

from __future__ import annotations

from enum import StrEnum


class LetterState(StrEnum):
    """What became of a letter."""

    WAITING = "waiting"
    MATCHED = "matched"
    UNMATCHED = "unmatched"
    IGNORED = "ignored"
    BROKEN = "broken"


class TrialState(StrEnum):
    """Where a test mail stands."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
