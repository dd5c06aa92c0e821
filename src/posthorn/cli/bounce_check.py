"""Looks, for `doctor`, whether what comes back by mail is taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posthorn.delivery.queries.letters import Inbox

_LATE_S = 300.0


def bounces() -> tuple[bool, str, str]:
    """Say whether bounces come in well, what was found, and the fix. Raises DoorError."""
    from django.conf import settings  # noqa: PLC0415  # set up by now

    from posthorn.delivery.bounces.doors import door_of, mailbox_of  # noqa: PLC0415
    from posthorn.delivery.queries.letters import inbox  # noqa: PLC0415

    env = settings.POSTHORN
    door, mailbox = door_of(env.bounce_listen), mailbox_of(env.bounce_mailbox)
    places = [
        *([f"{door.protocol}://{door.host}:{door.port}"] if door else []),
        *([f"the mailbox {mailbox.username} at {mailbox.host}"] if mailbox else []),
    ]
    if not places and env.bounce_domain:
        fix = "Set POSTHORN_BOUNCE_LISTEN or POSTHORN_BOUNCE_MAILBOX (how-to: receive bounces)."
        return False, f"Bounces are asked for at {env.bounce_domain}; nothing takes them in.", fix
    if not places:
        return True, "Not taken in: what comes back goes to the sender address alone.", ""
    return _standing(inbox(), " and ".join(places))


def _standing(found: Inbox, places: str) -> tuple[bool, str, str]:
    if found.oldest_waiting and found.oldest_waiting.total_seconds() > _LATE_S:
        fix = "See that `posthorn serve` runs, or `posthorn bounces listen` and a worker."
        return False, f"{found.waiting} letters wait for more than five minutes.", fix
    last = f"the last one {found.last_at:%Y-%m-%d %H:%M}" if found.last_at else "none came yet"
    told = f"Taken in at {places}; {last}."
    if found.unmatched:
        told += f" {found.unmatched} found no delivery: `posthorn bounces list --state unmatched`."
    return True, told, ""
