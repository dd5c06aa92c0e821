"""Listens for bounces over LMTP or SMTP; a letter is acknowledged once it is kept, not before."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession
from django.db import DatabaseError, InterfaceError, connection

from posthorn.connections.keyring import KeyringError
from posthorn.delivery.bounces.doors import Protocol
from posthorn.delivery.bounces.keeping import InboxFullError, is_taken, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from posthorn.delivery.bounces.doors import Door

_log = logging.getLogger(__name__)
_MOST_BYTES = 32 * 1024 * 1024  # a bounce may carry all of the mail that came back
_MOST_LINES = 8
_PHASE_S = 120.0
_LINE_BYTES = 65_536  # some servers fold nothing; a bounce must not be lost for it
_COMMANDS = 2_000  # of one kind, of one connection
_NULL_SENDER = "<>"
_LATER = "451 4.3.0 It cannot be kept now; try again later"
_NOT_HERE = "550 5.1.1 No such address here"


class _Conversation(SMTP):
    """What both protocols share: bounds."""

    line_length_limit = _LINE_BYTES


class _LocalConversation(LMTP, _Conversation):
    """LMTP: a reply for each recipient, so that one recipient is taken at a time."""


class Listener:
    """One listening socket and its conversations; run it inside an event loop."""

    def __init__(self, door: Door, *, own_addresses: Sequence[str] = ()) -> None:
        self._door = door
        self._own = tuple(own_addresses)
        self._open = 0
        self._server: asyncio.Server | None = None
        # A database connection belongs to its thread: one keeps 200 letters a second.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="letters")

    async def start(self) -> int:
        """Listen; gives the port. Raises OSError when it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._conversation, self._door.host, self._door.port, backlog=32
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Take no more connections, and let go of the database."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._thread.submit(_let_go_of_database)
        self._thread.shutdown(wait=True)

    def _conversation(self) -> SMTP:
        kind = _LocalConversation if self._door.protocol is Protocol.LMTP else _Conversation
        return kind(
            _Handler(self._own, self._thread, self._count),
            data_size_limit=_MOST_BYTES,
            hostname="posthorn",
            ident="bounces",
            timeout=_PHASE_S,
            command_call_limit=_COMMANDS,
            loop=asyncio.get_running_loop(),
        )

    def _count(self, change: int) -> bool:
        """Count letters being taken in; False when there are too many at once."""
        self._open += change
        return self._open <= _MOST_LINES


def _let_go_of_database() -> None:
    connection.close()  # looked up here: each thread has its own


class _Handler:
    """Decides on one conversation; aiosmtpd finds the methods by their names."""

    def __init__(
        self, own: Sequence[str], thread: ThreadPoolExecutor, count: Callable[[int], bool]
    ) -> None:
        self._own = own
        self._thread = thread
        self._count = count

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002
        session: SmtpSession,  # noqa: ARG002
        envelope: SmtpEnvelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        """Take one recipient that is ours; a tag that nobody here made is no address."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        try:
            is_ours = is_taken(address, own=self._own)
        except KeyringError:
            return _LATER
        if not is_ours:
            return _NOT_HERE
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002
        session: SmtpSession,  # noqa: ARG002
        envelope: SmtpEnvelope,
    ) -> str:
        """Keep a letter, then say so."""
        is_free = self._count(1)
        try:
            if not is_free:
                return "452 4.3.2 Too many letters at once"
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._kept, envelope)
        finally:
            self._count(-1)

    def _kept(self, envelope: SmtpEnvelope) -> str:
        content = envelope.original_content or b""
        sender = (envelope.mail_from or "").replace(_NULL_SENDER, "")
        try:
            keep(content, source="smtp", sender=sender, recipients=envelope.rcpt_tos)
        except InboxFullError:
            return "452 4.3.1 Too many letters wait"
        except (DatabaseError, InterfaceError) as error:
            _log.warning("A letter could not be kept: %s", type(error).__name__)
            connection.close()
            return _LATER
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        """Answer a fault of ours with a refusal for now: nothing was kept."""
        _log.error("A conversation failed: %s", type(error).__name__)
        return _LATER
