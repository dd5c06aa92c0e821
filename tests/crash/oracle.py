"""Judges a run from the database and from what the other side really has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.crash.house import NON_FINAL, PACE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from posthorn_sandbox.mail.sink_lines import Accepted
    from tests.crash.house import House

_DELIVERIES = """
SELECT d.document_id::text AS document, d.key, d.state, d.revision, r.sha256,
       r.envelope->>'to' AS recipient,
       (SELECT count(*) FROM delivery_revision v WHERE v.delivery_id = d.id) AS revisions,
       (SELECT count(*) FROM delivery_attempt a
        WHERE a.delivery_id = d.id AND a.outcome = 'unknown') AS unknowns
FROM delivery_delivery d
LEFT JOIN delivery_revision r ON r.delivery_id = d.id AND r.number = d.revision
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What came out; all but the first three and the figures on copies must be 0."""

    documents: int
    accepted: int
    copies: int
    unknown_attempts: int
    in_flight: int
    never_sent: int
    shown_but_not_sent: int
    stuck: int
    not_final: int
    copies_without_flag: int
    copies_that_differ: int
    strangers: int
    unexplained_unknowns: int
    audit_problems: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = (
            "never_sent",
            "shown_but_not_sent",
            "stuck",
            "not_final",
            "copies_without_flag",
            "copies_that_differ",
            "strangers",
            "unexplained_unknowns",
            "audit_problems",
        )
        return {name: getattr(self, name) for name in wrong if getattr(self, name)}


def judge(
    house: House,
    *,
    released: Collection[str],
    arrived: Sequence[Accepted],
    in_flight: int,
) -> Judgement:
    """Compare what was released, what is shown and what arrived; `in_flight` at the kills."""
    rows = house.rows(_DELIVERIES)
    by_key: dict[str, list[Accepted]] = defaultdict(list)
    for one in arrived:
        by_key[one.message_id.strip("<>").partition("@")[0]].append(one)
    sent = {row["document"] for row in rows if by_key.get(row["key"])}
    seen = house.do("examine", lease=PACE["lease"])
    unknowns = house.one("SELECT count(*) FROM delivery_attempt WHERE outcome = 'unknown'")
    return Judgement(
        documents=len(released),
        accepted=sum(row["state"] == "accepted" for row in rows),
        copies=len(arrived) - len(by_key),
        unknown_attempts=unknowns,
        in_flight=in_flight,
        never_sent=len(set(released) - sent),
        shown_but_not_sent=sum(_is_shown_in_vain(row, by_key) for row in rows),
        stuck=seen["overdue"] + house.one(_STUCK),
        not_final=house.one(_NOT_FINAL, NON_FINAL),
        copies_without_flag=sum(_unflagged(row, by_key) for row in rows),
        copies_that_differ=sum(_is_different(row, by_key) for row in rows),
        strangers=len(set(by_key) - {row["key"] for row in rows}),
        unexplained_unknowns=max(0, unknowns - in_flight),
        audit_problems=len(seen["problems"]) + seen["unsealed"],
    )


_NOT_FINAL = "SELECT count(*) FROM delivery_delivery WHERE state = ANY(%s)"
_STUCK = (
    "SELECT (SELECT count(*) FROM delivery_attempt WHERE outcome = '')"
    " + (SELECT count(*) FROM delivery_lane WHERE owner_id IS NOT NULL)"
)


def _is_shown_in_vain(row: Mapping[str, Any], arrived: Mapping[str, Sequence[Accepted]]) -> bool:
    return row["state"] == "accepted" and not any(
        (one.sha256, one.recipient) == (row["sha256"], row["recipient"])
        for one in arrived.get(row["key"], ())
    )


def _unflagged(row: Mapping[str, Any], arrived: Mapping[str, Sequence[Accepted]]) -> int:
    copies = max(0, len(arrived.get(row["key"], ())) - 1)
    return max(0, copies - int(row["unknowns"]))


def _is_different(row: Mapping[str, Any], arrived: Mapping[str, Sequence[Accepted]]) -> bool:
    wanted = {(row["sha256"], row["recipient"])}
    return bool({(one.sha256, one.recipient) for one in arrived.get(row["key"], ())} - wanted)
