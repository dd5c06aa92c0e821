"""`delivery`: what is on its way, what arrived, what stands still, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.desk import FirmDesk
from posthorn.cli.errors import NothingFoundError
from posthorn.cli.lookups import client_of, connection_of, one_of, uuid_of
from posthorn.cli.prompts import confirm

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

noun = group("delivery", "What is on its way, what arrived, what stands still.")

Id = Annotated[str, typer.Argument(help="Id of the delivery.")]
Note = Annotated[str, typer.Option(help="Why; kept in the audit trail.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without being asked.")]


@in_firm(noun, "list")
def list_(  # one option for each way of narrowing
    desk: FirmDesk,
    *,
    client: Annotated[str, typer.Option(help="Dossier number or id of the client.")] = "",
    package: Annotated[str, typer.Option(help="Name or id of the accounting package.")] = "",
    state: Annotated[str, typer.Option(help="queued, held, accepted, …")] = "",
    attention: Annotated[
        bool, typer.Option("--attention", help="Only what somebody must look at.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 50,
) -> None:
    """List deliveries, the last planned first."""
    from posthorn.cli.listings import deliveries  # noqa: PLC0415  # needs Django
    from posthorn.delivery.queries.deliveries import DeliveryFilter  # noqa: PLC0415
    from posthorn.delivery.states import State  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        wanted = DeliveryFilter(
            client=client_of(desk.firm, client).id if client else None,
            connection=connection_of(desk.firm, package).id if package else None,
            state=one_of(State, state, "state") if state else None,
            is_attention=attention,
        )
        rows = list(deliveries(desk.firm, wanted, limit))
    columns = ("moved_at", "client", "number", "connection", "state", "reason", "attempts", "id")
    desk.output.rows(rows, columns)


@in_firm(noun, "show")
def show(desk: FirmDesk, delivery: Id) -> None:
    """Show a delivery: its attempts, what was sent, and the other side's answers."""
    from posthorn.cli.listings import delivery_record  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        record = delivery_record(desk.firm, uuid_of(delivery, "delivery"))
    if record is None:
        message = f"The firm has no delivery {delivery}: `posthorn delivery list` shows them."
        raise NothingFoundError(message)
    desk.output.record(record)


@in_firm(noun, "resend")
def resend_(
    desk: FirmDesk,
    delivery: Id,
    *,
    reason: Annotated[str, typer.Option(help="Why it goes again; kept with the copy.")],
) -> None:
    """Send again what came to an end, as a copy with its own mark."""
    from posthorn.delivery.actions import resend  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    wanted = uuid_of(delivery, "delivery")
    with acting(desk.firm):
        copy = resend(desk.firm, wanted, reason=reason, actor=desk.actor)
    desk.output.done(f"It goes again, as delivery {copy}.", {"id": copy, "resend_of": wanted})


def _act(desk: FirmDesk, text: str, act: Callable[..., None], words: str, **given: str) -> None:
    from posthorn.tenancy.scope import acting  # noqa: PLC0415  # needs Django

    wanted: UUID = uuid_of(text, "delivery")
    with acting(desk.firm):
        act(desk.firm, wanted, actor=desk.actor, **given)
    desk.output.done(f"It is {words}.", {"id": wanted, "done": words})


@in_firm(noun, "hold")
def hold_(desk: FirmDesk, delivery: Id, *, note: Note = "") -> None:
    """Put a waiting delivery on hold until somebody releases it."""
    from posthorn.delivery.actions import hold  # noqa: PLC0415  # needs Django

    _act(desk, delivery, hold, "held", note=note)


@in_firm(noun, "release")
def release_(desk: FirmDesk, delivery: Id) -> None:
    """Let a delivery on hold go, once nothing stands in its way any more."""
    from posthorn.delivery.actions import release  # noqa: PLC0415  # needs Django

    _act(desk, delivery, release, "queued")


@in_firm(noun, "cancel")
def cancel_(desk: FirmDesk, delivery: Id, *, note: Note = "", yes: Yes = False) -> None:
    """Decide that a delivery does not go."""
    from posthorn.delivery.actions import cancel  # noqa: PLC0415  # needs Django

    confirm(f"Cancel delivery {delivery}?", is_agreed=yes)
    _act(desk, delivery, cancel, "cancelled", note=note)


@in_firm(noun, "close-link")
def close_link(desk: FirmDesk, delivery: Id) -> None:
    """Close the download link of a delivery for ever."""
    from posthorn.delivery.links import revoke_link  # noqa: PLC0415  # needs Django

    _act(desk, delivery, revoke_link, "closed")


@in_firm(noun, "processed")
def processed(
    desk: FirmDesk,
    delivery: Id,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Take the mark back.")] = False,
) -> None:
    """Note that somebody has booked it; a mark, not a state."""
    from posthorn.delivery.actions import (  # noqa: PLC0415  # needs Django
        mark_processed,
        unmark_processed,
    )

    if undo:
        _act(desk, delivery, unmark_processed, "unmarked")
    else:
        _act(desk, delivery, mark_processed, "processed")
