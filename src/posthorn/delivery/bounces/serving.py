"""Runs the doors for bounces in one process, and settles what came in, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from posthorn.delivery import instance
from posthorn.delivery.bounces.doors import door_of, mailbox_of
from posthorn.delivery.bounces.keeping import InboxFullError
from posthorn.delivery.bounces.mailbox import MailboxError, Visit, look
from posthorn.delivery.bounces.receiving import Listener
from posthorn.delivery.bounces.settling import settle_due

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Coroutine

    from posthorn.delivery.bounces.doors import Mailbox

_log = logging.getLogger(__name__)
_SETTLE_S = 1.0
_LONGEST_PAUSE_S = 900.0


class NoDoorError(RuntimeError):
    """Set POSTHORN_BOUNCE_LISTEN or POSTHORN_BOUNCE_MAILBOX: nothing says where bounces come in."""


def serve(is_over: threading.Event) -> None:
    """Take bounces in until it is over. Raises NoDoorError, DoorError, OSError for a taken port."""
    env = settings.POSTHORN
    door, mailbox = door_of(env.bounce_listen), mailbox_of(env.bounce_mailbox)
    if door is None and mailbox is None:
        raise NoDoorError("Set POSTHORN_BOUNCE_LISTEN or POSTHORN_BOUNCE_MAILBOX first.")
    instance.recognise()
    connection.close()  # other threads do the work
    listener = Listener(door, own_addresses=[env.mail_from]) if door else None
    asyncio.run(_serve(listener, mailbox, is_over))


async def _serve(
    listener: Listener | None, mailbox: Mailbox | None, is_over: threading.Event
) -> None:
    if listener is not None:
        port = await listener.start()
        _log.info("Bounces are taken in at port %d", port)
    try:
        await asyncio.gather(*_works(mailbox, is_over))
    finally:
        if listener is not None:
            await listener.stop()


def _works(
    mailbox: Mailbox | None, is_over: threading.Event
) -> list[Coroutine[object, object, None]]:
    works = [asyncio.to_thread(_settle_on, is_over)]
    if mailbox is not None:
        works.append(asyncio.to_thread(_read_on, mailbox, is_over))
    return works


def _settle_on(is_over: threading.Event) -> None:
    while not is_over.wait(_SETTLE_S):
        try:
            while settle_due() and not is_over.is_set():
                pass
        except (DatabaseError, InterfaceError) as error:
            _log.warning("Letters could not be settled: %s", type(error).__name__)
            connection.close()
    connection.close()


def _read_on(mailbox: Mailbox, is_over: threading.Event) -> None:
    env = settings.POSTHORN
    pause = env.bounce_poll
    while not is_over.is_set():
        started = time.monotonic()
        is_well = _read_once(lambda: read_mailbox(mailbox))
        pause = env.bounce_poll if is_well else min(pause * 2, _LONGEST_PAUSE_S)
        is_over.wait(max(pause - (time.monotonic() - started), 0.1))
    connection.close()


def read_mailbox(mailbox: Mailbox) -> Visit | None:
    """Look into the mailbox once; a copy of this installation leaves it to the original.

    A copy would mark the letters as taken, and the original would never see them. Raises
    MailboxError, InboxFullError.
    """
    if instance.standing().reason in {"copied", "restored"}:
        return None
    return look(mailbox, ca=settings.POSTHORN.mail_ca)


def _read_once(read: Callable[[], object]) -> bool:
    try:
        read()
    except (MailboxError, InboxFullError) as error:
        _log.warning("The mailbox for bounces could not be read: %s", str(error) or "inbox full")
        return False
    except (DatabaseError, InterfaceError) as error:
        _log.warning("Letters could not be kept: %s", type(error).__name__)
        connection.close()
        return False
    return True
