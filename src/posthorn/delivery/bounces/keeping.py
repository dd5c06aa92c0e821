"""Keeps a mail that came to us before anybody is told that we have it; the same one once."""

from __future__ import annotations

from email.utils import getaddresses
from hashlib import sha256
from typing import TYPE_CHECKING

from posthorn.connections.return_path import ForgedTagError, bounce_domain, tag_in
from posthorn.delivery.bounces.parts import MAX_BYTES, head_of
from posthorn.delivery.letters import Letter
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_WAITING = 20_000
_ADDRESSED = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_OWN_NAMES = frozenset({"postmaster", "bounces", "mailer-daemon", "abuse"})


class InboxFullError(RuntimeError):
    """Look at `posthorn bounces list`: more letters wait than are taken at once."""


def keep(raw: bytes, *, source: str, sender: str | None, recipients: Sequence[str]) -> bool:
    """Keep a letter, its first 256 kB; committed when this returns. False: we had it already.

    Raises InboxFullError.
    """
    with system("bounces"):
        if Letter.objects.filter(next_at__isnull=False).count() >= _MOST_WAITING:
            raise InboxFullError("Too many letters wait: see `posthorn bounces list`.")
        letter = Letter(
            key=_key(raw, recipients),
            source=source,
            sender=None if sender is None else sender[:320],
            recipients=[one[:320] for one in recipients][:20],
            raw=raw[:MAX_BYTES],
            size=len(raw),
        )
        # Another process may be keeping the same one: it is there once, whoever was first.
        before = Letter.objects.filter(key=letter.key).exists()
        Letter.objects.bulk_create([letter], ignore_conflicts=True)
    return not before


def _key(raw: bytes, recipients: Iterable[str]) -> str:
    """Name a letter by what it is: whoever hands it over again, from wherever, gives the same."""
    digest = sha256("\n".join(sorted(one.lower() for one in recipients)).encode())
    digest.update(b"\0")
    digest.update(sha256(raw[:MAX_BYTES]).digest())
    return digest.hexdigest()


def addressed_to(raw: bytes) -> tuple[str, ...]:
    """Give the addresses a letter's headers name, for a mailbox that knows no envelope."""
    headers = head_of(raw)
    said = [value for name in _ADDRESSED for value in headers.get(name, ())]
    found = [address for _, address in getaddresses(said) if "@" in address]
    return tuple(dict.fromkeys(found))[:20]


def is_taken(address: str, *, own: Iterable[str] = ()) -> bool:
    """Tell whether a mail to an address is taken in: a tag of ours, or a name of the domain's.

    `own` are further addresses whose mail is taken. Raises KeyringError.
    """
    local, _, domain = address.rpartition("@")
    if address.casefold() in {one.casefold() for one in own if one}:
        return True
    if not bounce_domain() or domain.lower() != bounce_domain():
        return False
    try:
        return tag_in([address]) is not None or local.lower() in _OWN_NAMES
    except ForgedTagError:
        return False
