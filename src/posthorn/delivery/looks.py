"""Looks whether a delivery is there, after an unknown outcome and before it is sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.delivery.policy import NotSeen
from posthorn.sdk import Idempotency

if TYPE_CHECKING:
    from posthorn.sdk import Capability, Connector, Context, Prepared, Receipt

# Kept beside the connector's own steps; none of theirs may begin so.
_STEP = "posthorn.look."


def look(
    connector: Connector,
    capability: Capability | None,
    context: Context,
    prepared: Prepared,
    unknowns: int,
) -> Receipt | NotSeen | None:
    """Return what a look found, or that one more is due; nothing when it may be sent.

    It may be sent where nothing is unknown, and once every look since the last of `unknowns`
    unanswered tries saw nothing. Raises what `find` raises.
    """
    if not unknowns or not capability or capability.idempotency is not Idempotency.LOOKUP:
        return None
    names = [f"{_STEP}{unknowns}.{number}" for number in range(len(capability.looks))]
    left = [name for name in names if context.progress.recorded(name) is None]
    found = connector.find(context, prepared) if left else None
    if found or not left:
        return found
    context.progress.record(left[0], "nothing")
    return NotSeen(looks=len(names) - len(left) + 1) if left[1:] else None
