"""Brings the sample files in, waits until workers have read them, and releases what must go."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.archive.directions import Direction
from posthorn.archive.errors import IntakeError
from posthorn.archive.intake import Incoming, take
from posthorn.archive.lifecycle import approve, send
from posthorn.archive.queries import Filters, Place, documents
from posthorn.cli.errors import CommandError
from posthorn.cli.viewers import OPERATOR
from posthorn.delivery.queries.overview import count_waiting
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from posthorn.cli.demo.firm import DemoFirm
    from posthorn.cli.demo.samples import Sample
    from posthorn.cli.output import Bar

_LOOK_EVERY_S = 0.1
_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What intake made of a sample: the document's id, or the code with which it was refused."""

    sample: Sample
    document: UUID | None = None
    refusal: str = ""


def take_in(
    firm: DemoFirm, samples: Sequence[Sample], actor: str, on_file: Callable[[int], None]
) -> list[Arrival]:
    """Take every file in, in the manifest's order."""
    arrivals = []
    for done, sample in enumerate(samples, start=1):
        try:
            taken = take(firm.id, _incoming(firm, sample, actor))
        except IntakeError as error:
            arrivals.append(Arrival(sample=sample, refusal=error.code))
        else:
            arrivals.append(Arrival(sample=sample, document=taken.document_id))
        on_file(done)
    return arrivals


def _incoming(firm: DemoFirm, sample: Sample, actor: str) -> Incoming:
    is_told = sample.is_given and sample.client is not None
    return Incoming(
        data=sample.path.read_bytes(),
        file_name=sample.file,
        source="demo",
        source_id=sample.file,
        client=firm.clients[str(sample.client)] if is_told else None,
        direction=Direction(sample.direction or "") if is_told else Direction.NONE,
        actor=actor,
    )


def await_reading(firm: DemoFirm, total: int, look: Callable[[], object], bar: Bar) -> None:
    """Wait until the workers have read everything. Raises CommandError after two minutes."""

    def unread() -> int:
        with acting(firm.id):
            page = documents(firm.id, OPERATOR, Filters(place=Place.UNREAD), size=total)
        return len(page.documents)

    _await(unread, total, look, bar)


def release_all(firm: DemoFirm, arrivals: Sequence[Arrival], actor: str) -> None:
    """Approve and send what the manifest says; statements went on arrival."""
    wanted = [one for one in arrivals if one.sample.released and one.document is not None]
    with acting(firm.id):
        approve(firm.id, _of(wanted, "purchase"), actor=actor)
        send(firm.id, _of(wanted, "sales"), actor=actor)


def _of(arrivals: Sequence[Arrival], direction: str) -> list[UUID]:
    return [
        one.document
        for one in arrivals
        if one.document is not None and one.sample.direction == direction
    ]


def await_sending(firm: DemoFirm, look: Callable[[], object], bar: Bar) -> None:
    """Wait until nothing is on its way any more. Raises CommandError after two minutes."""

    def waiting() -> int:
        with acting(firm.id):
            return count_waiting(firm.id, OPERATOR).number

    _await(waiting, waiting(), look, bar)


def await_open(what: str, is_open: Callable[[], bool], look: Callable[[], object]) -> None:
    """Wait until a process answers. Raises CommandError after two minutes."""
    deadline = time.monotonic() + _PATIENCE_S
    while not is_open():
        look()
        if time.monotonic() > deadline:
            message = f"{what} does not answer; its log in the demo's folder says why."
            raise CommandError(message)
        time.sleep(_LOOK_EVERY_S)


def _await(left: Callable[[], int], total: int, look: Callable[[], object], bar: Bar) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while count := left():
        bar(total - count, total)
        look()
        if time.monotonic() > deadline:
            message = f"{count} documents still wait after two minutes; the logs say why."
            raise CommandError(message)
        time.sleep(_LOOK_EVERY_S)
    bar(total, total)
