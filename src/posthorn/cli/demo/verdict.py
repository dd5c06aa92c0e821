"""Compares what arrived, and what is in the database, with what the manifest demands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from posthorn.cli.demo.mailboxes import copies, mailbox
from posthorn.delivery.mail_states import TrialState
from posthorn.delivery.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from uuid import UUID

    from posthorn.cli.demo.exact import Administration, Booked
    from posthorn.cli.demo.mailboxes import Mail
    from posthorn.cli.demo.outcomes import Outcome
    from posthorn.delivery.queries.trials import TrialRow

_DELIVERED, _RETURNED = "delivered", "returned"
Key = tuple[str, tuple[str, ...]]
"""Where something is, and the SHA-256 of each of its files."""


def mail_problems(mails: Sequence[Mail], outcomes: Sequence[Outcome]) -> list[str]:
    """Say what is missing, doubled, misplaced or has other bytes; nothing when all is well."""
    wanted: Counter[Key] = Counter(
        (mailbox(one.sample.address), (one.sample.sha256,))
        for one in outcomes
        if one.sample.result in {_DELIVERED, _RETURNED} and one.sample.address
    )
    return [
        *_differences(wanted, copies(mails), outcomes),
        *(
            f"a mail went to {len(mail.recipients)} mailboxes at once"
            for mail in mails
            if len(mail.recipients) != 1
        ),
    ]


def trial_problems(mails: Sequence[Mail], trials: Sequence[TrialRow]) -> list[str]:
    """Say which test mails are not there, or there more than once; nothing when all is well."""
    wanted = Counter((mailbox(one.recipient), f"trial.{one.id.hex}") for one in trials)
    found = Counter((mailbox(to), mail.key) for mail in mails for to in mail.recipients)
    return [
        *(f"a test mail is missing in {place}" for place, _ in (wanted - found).elements()),
        *(f"a test mail must not be in {place}" for place, _ in (found - wanted).elements()),
        *(
            f"a test mail to {one.recipient} is {one.state}, and does not wait for a person"
            for one in trials
            if one.state is not TrialState.ACCEPTED or one.has_arrived is not None
        ),
    ]


def exact_problems(
    booked: Sequence[Booked], outcomes: Sequence[Outcome], books: Sequence[Administration]
) -> list[str]:
    """Say the same of what lies in administrations, which get what has no address."""
    by_client = {one.dossier_number: str(one) for one in books}
    by_division = {one.division: str(one) for one in books}
    wanted: Counter[Key] = Counter(
        (by_client[str(one.sample.client)], (one.sample.sha256,))
        for one in outcomes
        if one.sample.result == _DELIVERED and not one.sample.address
    )
    found = Counter((by_division.get(one.division, str(one.division)), one.files) for one in booked)
    return _differences(wanted, found, outcomes)


def _differences(
    wanted: Counter[Key], found: Counter[Key], outcomes: Sequence[Outcome]
) -> list[str]:
    files = {one.sample.sha256: one.sample.file for one in outcomes}
    return [
        *(_told("is missing in", key, count, files) for key, count in (wanted - found).items()),
        *(_told("must not be in", key, count, files) for key, count in (found - wanted).items()),
    ]


def _told(what: str, key: Key, count: int, files: Mapping[str, str]) -> str:
    place, digests = key
    names = ", ".join(files.get(digest, f"a file {digest[:12]}…") for digest in digests)
    return f"{names or 'something without a file'} {what} {place} ({count} times)"


def row_problems(outcomes: Sequence[Outcome]) -> list[str]:
    """Say which documents did not become what the manifest demands; nothing when all did."""
    ids = {one.sample.file: one.document for one in outcomes}
    return [f"{one.sample.file}: {problem}" for one in outcomes for problem in _problems(one, ids)]


def _problems(one: Outcome, ids: Mapping[str, UUID | None]) -> Iterator[str]:
    checks = _CHECKS[one.sample.result]
    yield from (text for is_right, text in checks(one, ids) if not is_right)
    if one.document is None:
        return
    if one.dossier_number != (one.sample.client or ""):
        yield f"lies with client {one.dossier_number or 'nobody'}, not {one.sample.client}"
    if one.direction != (one.sample.direction or ""):
        yield f"counts as {one.direction or 'neither'}, not {one.sample.direction}"


Checked = tuple[bool, str]


def _delivered(one: Outcome, _ids: Mapping[str, UUID | None]) -> list[Checked]:
    states = [state for state, _ in one.deliveries]
    # A mail server takes a mail; Exact Online has the document and says under which id.
    wanted = State.ACCEPTED if one.sample.address else State.DELIVERED
    return [(states == [wanted], f"has deliveries {states}, not one {wanted}")]


def _returned(one: Outcome, _ids: Mapping[str, UUID | None]) -> list[Checked]:
    states = [state for state, _ in one.deliveries]
    return [(states == [State.BOUNCED], f"has deliveries {states}, not one returned")]


def _held(one: Outcome, _ids: Mapping[str, UUID | None]) -> list[Checked]:
    wanted = ((State.HELD, one.sample.reason),)
    return [(one.deliveries == wanted, f"is {one.where}, not on hold for {one.sample.reason}")]


def _duplicate(one: Outcome, ids: Mapping[str, UUID | None]) -> list[Checked]:
    first = ids.get(str(one.sample.original))
    return [
        (one.duplicate_of is not None and one.duplicate_of == first, "is not seen as a duplicate"),
        *_untouched(one),
    ]


def _unassigned(one: Outcome, _ids: Mapping[str, UUID | None]) -> list[Checked]:
    return [(one.where == "unassigned", f"is {one.where}, not unassigned"), *_untouched(one)]


def _not_released(one: Outcome, _ids: Mapping[str, UUID | None]) -> list[Checked]:
    is_waiting = one.where in {"to_approve", "to_send"}
    return [(is_waiting, f"is {one.where} and does not wait for a person"), *_untouched(one)]


def _refused(one: Outcome, _ids: Mapping[str, UUID | None]) -> list[Checked]:
    return [(one.document is None, "was not refused at the door")]


def _untouched(one: Outcome) -> list[Checked]:
    return [(not one.is_released, "was released"), (not one.deliveries, "has a delivery")]


_CHECKS: Mapping[str, Callable[[Outcome, Mapping[str, UUID | None]], list[Checked]]] = {
    _DELIVERED: _delivered,
    _RETURNED: _returned,
    "held": _held,
    "duplicate": _duplicate,
    "unassigned": _unassigned,
    "not_released": _not_released,
    "refused": _refused,
}


def installation_problems(lease_s: float) -> list[str]:
    """Say what is overdue and what is wrong with the audit trail; nothing when all is well."""
    from posthorn.delivery.sweep import overdue  # noqa: PLC0415  # needs Django
    from posthorn.tenancy import audit  # noqa: PLC0415

    while audit.seal():
        pass
    late = overdue(lease_s)
    found = [f"{late} deliveries are overdue"] if late else []
    return [*found, *(f"audit: {problem}" for problem in audit.verify().problems)]
