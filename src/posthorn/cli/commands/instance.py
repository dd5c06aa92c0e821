"""`instance`: whether this installation sends at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.cli.command import group, on_database
from posthorn.cli.commands.firm import Yes
from posthorn.cli.desk import Desk
from posthorn.cli.prompts import confirm

if TYPE_CHECKING:
    from posthorn.delivery.instance import Standing

noun = group("instance", "Whether this installation sends at all.")


@on_database(noun, "status")
def status(desk: Desk) -> None:
    """Say whether deliveries may leave; a restored or copied installation waits for you."""
    from posthorn.delivery.instance import recognise  # noqa: PLC0415  # needs Django

    desk.output.record(_record(recognise()))


@on_database(noun, "pause")
def pause(desk: Desk) -> None:
    """Stop all sending; what is in flight is finished."""
    from posthorn.delivery import instance  # noqa: PLC0415  # needs Django

    instance.recognise()
    instance.pause(desk.actor)
    desk.output.done("Nothing is sent any more.", _record(instance.standing()))


@on_database(noun, "release")
def release(desk: Desk, *, yes: Yes = False) -> None:
    """Take this place as the installation's own, and send.

    After a restore or a copy: make sure first that the other installation sends no more.
    """
    from posthorn.delivery import instance  # noqa: PLC0415  # needs Django

    standing = instance.recognise()
    if not standing.may_send:
        confirm(f"{standing.sentence} Send from here on?", is_agreed=yes)
    instance.release(desk.actor)
    desk.output.done("This installation sends.", _record(instance.standing()))


def _record(standing: Standing) -> dict[str, object]:
    return {
        "may_send": standing.may_send,
        "reason": standing.reason,
        "why": standing.sentence,
    }
