"""Finds the mail of ours that each letter is about, and has it recorded there."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, connection

from posthorn.connections.keyring import KeyringError
from posthorn.connections.return_path import ForgedTagError, Posted, Tag, tag_in
from posthorn.delivery.bounces import recording
from posthorn.delivery.bounces.understanding import understand
from posthorn.delivery.bounces.verdict import Nature
from posthorn.delivery.letters import Letter
from posthorn.delivery.mail_states import LetterState
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.delivery.bounces.verdict import Understood

_log = logging.getLogger(__name__)
_AT_ONCE = 50
_MOST_TRIES = 5
_IGNORED_BYTES = 4_096
_AGAIN = timedelta(seconds=5)
_GIVE_UP_WAITING = timedelta(hours=1)

# Counted before a letter is opened: one that kills its reader is opened five times at most.
_CLAIM = """
UPDATE delivery_letter SET tries = tries + 1, next_at = clock_timestamp() + interval '30 seconds'
WHERE id IN (SELECT id FROM delivery_letter WHERE next_at <= clock_timestamp()
             ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, tries
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    """What became of a letter; a letter that still waits has a reason and no other state."""

    state: LetterState
    note: str = ""


def settle_due() -> int:
    """Settle the letters that wait, fifty at most; gives how many were looked at."""
    with system("bounces"), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [_AT_ONCE])
        claimed = cursor.fetchall()
    for letter, tries in claimed:
        _settle_safely(letter, tries)
    return len(claimed)


def _settle_safely(letter: UUID, tries: int) -> None:
    try:
        if tries > _MOST_TRIES:
            _end(letter, _Ending(state=LetterState.BROKEN, note="it could not be read"))
        else:
            settle(letter)
    except (DatabaseError, InterfaceError):
        raise  # the round is over; the letter waits
    except KeyringError as error:
        _log.error("Letter %s waits: %s", letter, error)
    except Exception:  # noqa: BLE001  # a letter that we cannot read must not keep the others
        _log.exception("Letter %s could not be settled; it is tried %d times.", letter, _MOST_TRIES)


def settle(letter_id: UUID) -> None:
    """Settle one letter, once, in one transaction. Raises KeyringError."""
    with system("bounces"):
        letter = Letter.objects.select_for_update().get(id=letter_id)
        if letter.state != LetterState.WAITING:
            return
        said = understand(bytes(letter.raw), sender=letter.sender)
        letter.nature, letter.subject = said.nature, said.subject
        ending = _ending(letter, said)
        letter.state, letter.note = ending.state, ending.note
        letter.next_at = now() + _AGAIN if ending.state == LetterState.WAITING else None
        if letter.next_at:
            letter.tries = 0  # it was read; what it is about was not ready
        if letter.state == LetterState.IGNORED:
            letter.raw = bytes(letter.raw)[:_IGNORED_BYTES]
        letter.save(update_fields=["state", "note", "next_at", "nature", "subject", "tries", "raw"])


def _end(letter_id: UUID, ending: _Ending) -> None:
    with system("bounces"):
        rows = Letter.objects.filter(id=letter_id, state=LetterState.WAITING)
        rows.update(state=ending.state, note=ending.note, next_at=None)


def _ending(letter: Letter, said: Understood) -> _Ending:
    try:
        tag = tag_in(letter.recipients)
    except ForgedTagError:
        return _Ending(state=LetterState.IGNORED, note="its address is signed by nobody here")
    if said.nature is Nature.ECHO:
        return _Ending(state=LetterState.IGNORED, note="the bounce of a bounce")
    subject = _subject(tag, said)
    return subject if isinstance(subject, _Ending) else _recorded(subject, letter, said, tag)


def _recorded(
    subject: recording.Subject, letter: Letter, said: Understood, tag: Tag | None
) -> _Ending:
    is_patient = now() - letter.arrived_at < _GIVE_UP_WAITING
    recorded = recording.record(subject, letter, said, tag, is_patient=is_patient)
    if recorded is recording.Recorded.LATER:
        return _Ending(state=LetterState.WAITING, note="what it is about is being sent")
    if recorded is recording.Recorded.ENOUGH:
        return _Ending(state=LetterState.IGNORED, note="too many letters about one mail")
    return _Ending(state=LetterState.MATCHED, note=subject.name)


def _subject(tag: Tag | None, said: Understood) -> recording.Subject | _Ending:
    """Find the mail that a letter is about: by its address, or else by what it quotes."""
    named = [found for key in said.keys[:3] if (found := recording.find_key(key))]
    if tag is None:
        return _only(named, said)
    tagged = recording.find_id(is_trial=tag.posted is Posted.TRIAL, subject_id=tag.id)
    if tagged is None:
        return _unmatched("its mail is not here any more")
    if said.keys and [one.id for one in named] != [tagged.id]:
        return _unmatched("its address names one mail and its text another")
    return tagged


def _only(named: list[recording.Subject], said: Understood) -> recording.Subject | _Ending:
    if len(said.keys) > 1:
        return _unmatched("it names several mails")
    return named[0] if named else _unmatched("it names no mail of ours")


def _unmatched(note: str) -> _Ending:
    return _Ending(state=LetterState.UNMATCHED, note=note)
