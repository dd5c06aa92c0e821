"""What a mail that came back means: its nature, and the words of whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """What a mail that came back is."""

    BOUNCE = "bounce"
    DELAY = "delay"
    CONFIRMATION = "confirmation"
    AUTOMATIC = "automatic"
    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    ECHO = "echo"  # the bounce of a bounce


class Action(StrEnum):
    """What a mail server did (RFC 3464, section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


NATURE_OF = {
    Action.FAILED: Nature.BOUNCE,
    Action.DELAYED: Nature.DELAY,
    Action.DELIVERED: Nature.CONFIRMATION,
    Action.RELAYED: Nature.CONFIRMATION,
    Action.EXPANDED: Nature.CONFIRMATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a mail server says became of a mail; `status` is x.y.z (RFC 3463) or empty."""

    action: Action
    status: str = ""
    diagnostic: str = ""
    recipient: str = ""
    remote_mta: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A mail that came back, understood; `keys` are the mails of ours that it names, each once."""

    nature: Nature
    report: Report | None
    keys: tuple[str, ...]
    subject: str
    message_id: str
    words: str  # what a person would read first; not yet safe to show
