"""Reads from the database what became of each document, and in people's words why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.cli.viewers import OPERATOR
from posthorn.delivery.queries.documents import open_document
from posthorn.delivery.queries.standing import Stand
from posthorn.delivery.states import HOLDS, STATES, Hold, State
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from posthorn.cli.demo.arrivals import Arrival
    from posthorn.cli.demo.samples import Sample
    from posthorn.delivery.queries.documents import DocumentPage

_REFUSED = "refused"
_WHY = {
    Stand.DUPLICATE: "The same document came before; it is kept and not sent.",
    Stand.UNASSIGNED: "None of its numbers belongs to a client of the firm.",
    Stand.TO_APPROVE: "Nobody has approved it yet.",
    Stand.TO_SEND: "Nobody has sent it yet.",
}
_WHY_REFUSED = {"xml.doctype": "It carries a DOCTYPE, which could change what it says."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one document; states and reasons of its deliveries in their order."""

    sample: Sample
    document: UUID | None
    where: str
    why: str
    dossier_number: str = ""
    client_name: str = ""
    direction: str = ""
    duplicate_of: UUID | None = None
    is_released: bool = False
    deliveries: tuple[tuple[State, str], ...] = ()


def outcomes_of(firm: UUID, arrivals: Sequence[Arrival]) -> list[Outcome]:
    """Give what became of each document, in the order of arrival."""
    with acting(firm):
        return [_outcome(firm, arrival) for arrival in arrivals]


def _outcome(firm: UUID, arrival: Arrival) -> Outcome:
    page = open_document(firm, OPERATOR, arrival.document) if arrival.document else None
    if page is None:
        why = _WHY_REFUSED.get(arrival.refusal, arrival.refusal)
        return Outcome(sample=arrival.sample, document=None, where=_REFUSED, why=why)
    return Outcome(
        sample=arrival.sample,
        document=arrival.document,
        where=page.row.standing.where.value,
        why=_why(page),
        dossier_number=page.row.dossier_number,
        client_name=page.row.client_name,
        direction=page.row.direction,
        duplicate_of=page.duplicate_of,
        is_released=page.document.released_at is not None,
        deliveries=tuple((one.state, one.reason) for one in page.deliveries),
    )


def _why(page: DocumentPage) -> str:
    standing = page.row.standing
    if standing.where is State.HELD:
        return HOLDS[Hold(standing.reason)].why
    if isinstance(standing.where, State):
        return STATES[standing.where].why
    return _WHY.get(standing.where, standing.reason)


def stopped(outcomes: Sequence[Outcome]) -> list[Mapping[str, object]]:
    """List what did not arrive anywhere, for people."""
    return [
        {
            "file": one.sample.file,
            "state": one.where.replace("_", " "),
            "client": f"{one.dossier_number} {one.client_name}".strip(),
            "why": one.why,
        }
        for one in outcomes
        if one.where not in {State.ACCEPTED, State.DELIVERED}
    ]
