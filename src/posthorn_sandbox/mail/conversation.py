"""One SMTP conversation: aiosmtpd's, with every verb open to faults and DATA kept byte for byte."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession

from posthorn_sandbox.mail import line
from posthorn_sandbox.mail.content import ContentReader, ContentVerdict
from posthorn_sandbox.mail.faults import Action, Fault, FaultPlan, Moment, Step, Verb
from posthorn_sandbox.mail.spool import Envelope, Message, Spool

_CLOSING = 421
_REFUSALS = 400
_ANGLED = re.compile(r"<([^<>]*)>")


@dataclass(slots=True, kw_only=True)
class Desk:
    """What all conversations of one receiver share; `accepting` keeps running acceptances alive."""

    spool: Spool
    plan: FaultPlan
    host_name: str
    open: set[Conversation] = field(default_factory=set)
    accepting: set[asyncio.Task[Message | None]] = field(default_factory=set)


class Hooks:
    """Tells aiosmtpd what this server offers."""

    def __init__(self, *, offers_login: bool) -> None:
        self.offers_login = offers_login

    async def handle_EHLO(  # noqa: N802  aiosmtpd finds hooks by this name
        self,
        server: SMTP,  # noqa: ARG002  aiosmtpd passes it
        session: SmtpSession,
        envelope: SmtpEnvelope,  # noqa: ARG002  aiosmtpd passes it
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Return the lines of the EHLO reply."""
        session.host_name = hostname
        offered = [one for one in responses if self.offers_login or "-AUTH" not in one]
        return [*offered[:-1], "250-PIPELINING", offered[-1]]


class Conversation(SMTP):
    """Speaks with one client; faults are asked for before and after each verb takes effect."""

    def __init__(self, desk: Desk, hooks: Hooks, **options: Any) -> None:  # noqa: ANN401  its own
        super().__init__(hooks, hostname=desk.host_name, ident="Posthorn sandbox", **options)
        # Set here, since aiosmtpd warns about a login without TLS, which a sandbox may want.
        self._auth_required = hooks.offers_login
        self._desk = desk
        self._step = Step(at=Verb.CONNECT)
        self._after: list[Fault] = []
        self._is_greeted = False
        self._is_muted = False
        self._pause_s = 0.0
        self._gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection, which STARTTLS makes a second time."""
        self._desk.open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection; a failed TLS handshake loses it twice."""
        if self._gone.is_set():
            return
        self._gone.set()
        self._desk.open.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """End the connection at once, with whatever was still to be written."""
        self._writer.transport.abort()

    async def push(self, status: str | bytes) -> None:
        """Write a reply, unless a fault takes its place."""
        if not self._is_greeted:
            self._is_greeted = True
            self._is_muted = await self._is_ended(Moment.BEFORE)
            self._after = [] if self._is_muted else self._due(Moment.AFTER)
        reply = status.encode("utf-8", "surrogateescape") if isinstance(status, str) else status
        # A login's questions are not its outcome: the fault waits for that one.
        if self._after and not reply.startswith(b"334"):
            due, self._after = self._after, []
            self._is_muted = await self._is_ended_by(due)
        if not self._is_muted:
            await line.write_slowly(self._writer, reply + b"\r\n", self._pause_s)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802  aiosmtpd's naming, as below
        """Answer HELO, with faults."""
        await self._run(Verb.EHLO, lambda: SMTP.smtp_HELO(self, hostname))

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        """Answer EHLO, with faults."""
        await self._run(Verb.EHLO, lambda: SMTP.smtp_EHLO(self, hostname))

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        """Answer STARTTLS, with faults."""
        await self._run(Verb.STARTTLS, lambda: SMTP.smtp_STARTTLS(self, arg))

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        """Answer AUTH, with faults."""
        await self._run(Verb.AUTH, lambda: SMTP.smtp_AUTH(self, arg))

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """Answer MAIL, with faults."""
        await self._run(Verb.MAIL, lambda: SMTP.smtp_MAIL(self, arg))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """Answer RCPT, with faults for the recipient it names."""
        found = _ANGLED.search(arg or "")
        named = (found.group(1),) if found else ("",)
        await self._run(Verb.RCPT, lambda: SMTP.smtp_RCPT(self, arg), named)

    async def smtp_RSET(self, arg: str) -> None:  # noqa: N802
        """Answer RSET, with faults."""
        await self._run(Verb.RSET, lambda: SMTP.smtp_RSET(self, arg))

    async def smtp_NOOP(self, arg: str) -> None:  # noqa: N802
        """Answer NOOP, with faults."""
        await self._run(Verb.NOOP, lambda: SMTP.smtp_NOOP(self, arg))

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        """Answer QUIT, with faults."""
        await self._run(Verb.QUIT, lambda: SMTP.smtp_QUIT(self, arg))

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Answer DATA, with faults at the command, within the content and at the final dot."""
        await self._run(Verb.DATA, lambda: self._take_content(arg))

    async def _run(
        self,
        verb: Verb,
        handle: Callable[[], Awaitable[None]],
        named: tuple[str, ...] | None = None,
    ) -> None:
        self._enter(verb, named)
        if not await self._is_ended(Moment.BEFORE):
            self._after = self._due(Moment.AFTER)
            await handle()

    def _enter(self, verb: Verb, named: tuple[str, ...] | None = None) -> None:
        stated = self._stated()
        self._is_muted = False
        self._pause_s = 0.0
        self._after = []
        self._step = Step(
            at=verb,
            sender=stated.mail_from or "",
            recipients=tuple(stated.rcpt_tos) if named is None else named,
        )

    def _stated(self) -> SmtpEnvelope:
        if self.envelope is None:  # pragma: no cover  aiosmtpd sets it with the connection
            raise RuntimeError("A conversation has an envelope once it is connected.")
        return self.envelope

    async def _take_content(self, arg: str) -> None:
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if arg or not self._stated().rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else "503 Error: need RCPT command")
            return
        await self.push(b"354 End data with <CR><LF>.<CR><LF>")
        if self._is_muted:
            return
        reader = ContentReader(self._reader, max_bytes=self.data_size_limit)
        self._enter(Verb.CONTENT)
        for fault in self._due(Moment.BEFORE):
            await reader.until_byte(fault.at_byte)
            await self._is_ended_by([fault])
        content = await reader.rest()
        self._enter(Verb.DOT)
        if reader.verdict is ContentVerdict.FINE:
            await self._answer_content(content)
        else:
            await self.push(reader.verdict.value)
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd's

    async def _answer_content(self, content: bytes) -> None:
        # A server that has the final dot goes on to store, whether or not the sender still waits.
        accepting = asyncio.create_task(self._accept(content))
        self._desk.accepting.add(accepting)
        accepting.add_done_callback(self._desk.accepting.discard)
        try:
            message = await asyncio.shield(accepting)
        except OSError as refused:
            await self.push(f"452 4.3.1 The sandbox cannot store it: {refused.strerror}")
            return
        if message is None:
            return
        self._after = self._due(Moment.AFTER)
        await self.push(f"250 2.0.0 Stored as {message.number}")
        if not self._is_muted:
            self._desk.spool.mark_answered(message.number)

    async def _accept(self, content: bytes) -> Message | None:
        received_at = datetime.now(UTC)
        envelope = self._described()
        if await self._is_ended(Moment.BEFORE):
            return None
        store = self._desk.spool.store
        return await asyncio.to_thread(store, content, envelope, received_at=received_at)

    def _described(self) -> Envelope:
        peer = self._writer.get_extra_info("peername") or ()
        cipher = self._writer.get_extra_info("cipher")
        login = getattr(self.session.auth_data if self.session else None, "login", None)
        return Envelope(
            sender=self._step.sender,
            recipients=tuple(self._step.recipients),
            peer=":".join(str(part) for part in peer[:2]),
            tls=f"{cipher[1]} {cipher[0]}" if cipher else "",
            login=login.decode("utf-8", "replace") if isinstance(login, bytes) else "",
        )

    def _due(self, when: Moment) -> list[Fault]:
        return self._desk.plan.due(self._step, when, len(self._desk.open))

    async def _is_ended(self, when: Moment) -> bool:
        return await self._is_ended_by(self._due(when))

    async def _is_ended_by(self, due: list[Fault]) -> bool:
        """Do what the faults say; tell whether they gave the reply themselves."""
        for fault in due:
            if fault.action is Action.STALL:
                await asyncio.sleep(fault.seconds)
            elif fault.action is Action.TRICKLE:
                self._pause_s = fault.seconds
            else:
                await self._end_with(fault)
                return True
        return False

    async def _end_with(self, fault: Fault) -> None:
        match fault.action:
            case Action.SILENCE:
                await self._gone.wait()
                line.drop(self._writer)
            case Action.DROP:
                line.drop(self._writer)
            case Action.RESET:
                line.reset(self._writer)
            case Action.FLOOD:
                await line.write_flood(self._writer, fault)
            case _:
                reply = f"{fault.code} {fault.text}\r\n".encode("utf-8", "surrogateescape")
                await line.write_slowly(self._writer, reply, self._pause_s)
        # The closing code says that we close (RFC 5321, 3.8); after a refused greeting we do too.
        if fault.code == _CLOSING or (self._step.at is Verb.CONNECT and fault.code >= _REFUSALS):
            line.drop(self._writer)
