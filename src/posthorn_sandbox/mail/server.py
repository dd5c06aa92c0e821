"""Runs the SMTP server's event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import hmac
import ssl
import threading
from concurrent.futures import Future

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession

from posthorn_sandbox.mail.conversation import Conversation, Desk, Hooks
from posthorn_sandbox.mail.settings import Address, Login, ReceiverSettings, Tls, explain_bind

# A stalled conversation must outlast the sender's patience, which is 10 minutes at the dot.
_IDLE_TIMEOUT_S = 3600.0


class SmtpServer:
    """Listens between `start()` and `close()`."""

    def __init__(
        self, settings: ReceiverSettings, desk: Desk, tls: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._tls = tls
        self._stopping: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._thread = threading.Thread(target=self._work, name="sandbox-mail", daemon=True)
        self._ready: Future[Address] = Future()

    def start(self) -> Address:
        """Listen and return where. Raises SandboxError when the port cannot be had."""
        self._thread.start()
        return self._ready.result()

    def close(self) -> None:
        """Cut every line and wait for the thread; what was accepted is stored."""
        if self._stopping is not None:
            loop, stop = self._stopping
            loop.call_soon_threadsafe(stop.set)
            self._stopping = None
        self._thread.join()

    def _work(self) -> None:
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        wanted = (self._settings.host, self._settings.port)
        loop = asyncio.get_running_loop()
        is_implicit = self._settings.tls is Tls.IMPLICIT
        tls = self._tls if is_implicit else None
        try:
            server = await loop.create_server(self._converse, *wanted, ssl=tls, backlog=512)
        except OSError as problem:
            self._ready.set_exception(explain_bind(problem, wanted))
            return
        stop = asyncio.Event()
        self._stopping = (loop, stop)
        self._ready.set_result(server.sockets[0].getsockname()[:2])
        await stop.wait()
        server.close()
        await self._cut_lines()

    async def _cut_lines(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for conversation in list(self._desk.open):
            conversation.cut()
        # Closed transports free their sockets in the loop's next rounds.
        await asyncio.sleep(0.01)

    def _converse(self) -> Conversation:
        by_command = self._settings.tls is Tls.STARTTLS
        login = self._settings.login
        return Conversation(
            self._desk,
            Hooks(offers_login=login is not None),
            loop=asyncio.get_running_loop(),
            data_size_limit=self._settings.max_bytes,
            tls_context=self._tls if by_command else None,
            require_starttls=self._settings.requires_tls,
            auth_require_tls=by_command,
            authenticator=_LoginCheck(login) if login else None,
            timeout=_IDLE_TIMEOUT_S,
        )


class _LoginCheck:
    def __init__(self, login: Login) -> None:
        self._login = login

    def __call__(
        self,
        server: SMTP,  # noqa: ARG002  aiosmtpd calls it so
        session: SmtpSession,  # noqa: ARG002
        envelope: SmtpEnvelope,  # noqa: ARG002
        mechanism: str,  # noqa: ARG002
        auth_data: LoginPassword,
    ) -> AuthResult:
        is_user = hmac.compare_digest(auth_data.login, self._login.user.encode())
        is_password = hmac.compare_digest(auth_data.password, self._login.password.encode())
        return AuthResult(success=is_user and is_password, handled=False, auth_data=auth_data)
