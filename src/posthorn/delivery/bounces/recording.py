"""Writes what a letter says on the delivery or test mail it is about; the one place that moves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from posthorn.delivery import moves
from posthorn.delivery.bounces.causes import cause_of
from posthorn.delivery.bounces.verdict import Nature
from posthorn.delivery.letters import Return
from posthorn.delivery.mail_states import TrialState
from posthorn.delivery.models import Delivery
from posthorn.delivery.outcomes import tidy
from posthorn.delivery.states import Actor, State
from posthorn.delivery.trials import Trial
from posthorn.kernel.clock import now
from posthorn.kernel.redact import redact
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from posthorn.connections.return_path import Tag
    from posthorn.delivery.bounces.verdict import Understood
    from posthorn.delivery.letters import Letter

_MOST_RETURNS = 50
_MOST_LINES = 400
_LINE_CHARS = 500
_TEXT_CHARS = 16_000
_ACTOR = "evidence"
_PROVES_ACCEPTANCE = frozenset({Nature.BOUNCE, Nature.DELAY, Nature.CONFIRMATION})
_TRIAL_KEY = "trial."
# The answer of the wire is not written yet; it says whether there is anything to come back.
_UNDER_WAY = frozenset({"sending"})


class Recorded(StrEnum):
    """How writing ended."""

    DONE = "done"
    LATER = "later"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The mail of ours that a letter is about."""

    id: UUID
    firm: UUID
    is_trial: bool

    @property
    def name(self) -> str:
        """Name it for the operator's list."""
        return f"{'test mail' if self.is_trial else 'delivery'} {self.id}"


def find_id(*, is_trial: bool, subject_id: UUID) -> Subject | None:
    """Find a mail by its id; inside the system's scope."""
    rows = (Trial if is_trial else Delivery).objects.filter(id=subject_id)
    firm = rows.values_list("firm_id", flat=True).first()
    return Subject(id=subject_id, firm=firm, is_trial=is_trial) if firm else None


def find_key(key: str) -> Subject | None:
    """Find a mail by the key in its Message-ID; inside the system's scope."""
    if key.startswith(_TRIAL_KEY):
        return find_id(is_trial=True, subject_id=UUID(key.removeprefix(_TRIAL_KEY)[:32]))
    found = Delivery.objects.filter(key=key).values_list("id", "firm_id").first()
    return Subject(id=found[0], firm=found[1], is_trial=False) if found else None


def record(
    subject: Subject, letter: Letter, said: Understood, tag: Tag | None, *, is_patient: bool
) -> Recorded:
    """Keep what a letter says and move what it proves; a letter is kept once.

    LATER when the mail is just being sent and nobody lost patience yet.
    """
    row = _locked(subject)
    if is_patient and row.state in _UNDER_WAY:
        return Recorded.LATER
    of_one = {"trial_id": subject.id} if subject.is_trial else {"delivery_id": subject.id}
    known = Return.objects.filter(firm_id=subject.firm, **of_one)
    if known.filter(letter_key=letter.key).exists():
        return Recorded.DONE
    if known.count() >= _MOST_RETURNS:
        return Recorded.ENOUGH
    kept = _return(subject, letter, said)
    kept.has_moved = _move(row, kept, tag)
    kept.save(force_insert=True)
    if not kept.has_moved:
        _note(row, kept)
    return Recorded.DONE


def _locked(subject: Subject) -> Delivery | Trial:
    if subject.is_trial:
        return Trial.objects.select_for_update().get(id=subject.id)
    return Delivery.objects.select_for_update().get(id=subject.id)


def _return(subject: Subject, letter: Letter, said: Understood) -> Return:
    report = said.report
    is_bounce = said.nature is Nature.BOUNCE and report is not None
    return Return(
        firm_id=subject.firm,
        trial_id=subject.id if subject.is_trial else None,
        delivery_id=None if subject.is_trial else subject.id,
        letter_key=letter.key,
        nature=said.nature,
        action=report.action if report else "",
        status=report.status if report else "",
        code=cause_of(report) if is_bounce and report else "",
        diagnostic=tidy(report.diagnostic) if report else "",
        remote_mta=tidy(report.remote_mta, 300) if report else "",
        recipient=tidy(report.recipient, 320) if report else "",
        subject=tidy(said.subject, 300),
        text=safe_text(bytes(letter.raw)),
        arrived_at=letter.arrived_at,
    )


def safe_text(raw: bytes) -> str:
    """Return a letter's source as lines anybody may look at: no secrets, nothing invisible."""
    shown = raw[: 4 * _TEXT_CHARS].decode("utf-8", "replace")
    lines = re.split(r"\r\n|\r|\n", shown)[:_MOST_LINES]
    return "\n".join(redact(line, max_chars=_LINE_CHARS) for line in lines)[:_TEXT_CHARS]


def _move(row: Delivery | Trial, kept: Return, tag: Tag | None) -> bool:
    if isinstance(row, Trial):
        return _move_trial(row, kept)
    if tag is not None and tag.revision != row.revision:
        return False  # of bytes that were prepared anew since: they say nothing of these
    nature = Nature(kept.nature)
    was = State(row.state)
    if was is State.UNKNOWN and nature in _PROVES_ACCEPTANCE:
        # Only a server that took the mail can report on it.
        moves.move([row], State.ACCEPTED, by=Actor.EVIDENCE, actor=_ACTOR)
        row.state = State.ACCEPTED
    if nature is Nature.BOUNCE and row.state == State.ACCEPTED:
        moves.move([row], State.BOUNCED, by=Actor.EVIDENCE, actor=_ACTOR, note=kept.code)
        row.state = State.BOUNCED
        rows = Delivery.objects.filter(id=row.id)
        rows.update(code=kept.code, detail=kept.diagnostic)
    return was != row.state


def _move_trial(row: Trial, kept: Return) -> bool:
    is_over = row.state in {TrialState.FAILED, TrialState.BOUNCED}
    if kept.nature != Nature.BOUNCE or is_over:
        return False
    rows = Trial.objects.filter(id=row.id)
    rows.update(state=TrialState.BOUNCED, code=kept.code, detail=kept.diagnostic, ended_at=now())
    _note(row, kept)
    return True


def _note(row: Delivery | Trial, kept: Return) -> None:
    """Write in the audit trail that a letter came; a move writes its own entry."""
    is_trial = isinstance(row, Trial)
    audit.record(
        [
            audit.Entry(
                firm=row.firm_id,
                actor=_ACTOR,
                action="trial.returned" if is_trial else "delivery.returned",
                subject_kind="trial" if is_trial else "delivery",
                subject_id=row.id,
                detail={"client": str(row.client_id), "nature": kept.nature, "code": kept.code},
            )
        ]
    )
