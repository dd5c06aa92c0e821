"""The sandbox's mail receiver: a real SMTP server on loopback, with its admin surface."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from posthorn_sandbox.mail.admin import Admin
from posthorn_sandbox.mail.certificates import Certificate, issue
from posthorn_sandbox.mail.conversation import Desk
from posthorn_sandbox.mail.faults import Fault, FaultPlan
from posthorn_sandbox.mail.server import SmtpServer
from posthorn_sandbox.mail.settings import Address, ReceiverSettings, Tls, require_loopback
from posthorn_sandbox.mail.spool import Filter, Message, Spool
from posthorn_sandbox.mail.surface import Surface


class Receiver:
    """Receives mail in its own thread between `start()` and `close()`, or as a context manager."""

    def __init__(self, settings: ReceiverSettings | None = None) -> None:
        wanted = settings or ReceiverSettings()
        self._settings = replace(wanted, host=require_loopback(wanted.host))
        self._cleanup = ExitStack()
        self._plan = FaultPlan()
        self._certificate: Certificate | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> Self:
        """Listen. Raises SandboxError with one line when a port cannot be had."""
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Stop listening, cut what is open and keep what is stored; harmless a second time."""
        self._cleanup.close()

    @property
    def smtp(self) -> Address:
        """Host and port of the SMTP server."""
        return self._smtp

    @property
    def admin_url(self) -> str:
        """Address of the admin surface, ending in a slash."""
        return self._surface.url

    @property
    def ca_path(self) -> Path | None:
        """The authority's file (PEM) for a client to trust; None without TLS."""
        return self._certificate.ca_path if self._certificate else None

    @property
    def certificate(self) -> Certificate | None:
        """The certificate's files; None without TLS."""
        return self._certificate

    def add_fault(self, fault: Fault) -> None:
        """Do this wrong from now on, after the faults already there."""
        self._plan.add(fault)

    def clear_faults(self) -> None:
        """Behave again."""
        self._plan.clear()

    def faults(self) -> list[dict[str, object]]:
        """Return every fault with `hits`, how often it struck."""
        return self._plan.listing()

    def messages(
        self, *, to: str | None = None, since: datetime | None = None, after: int = 0
    ) -> list[Message]:
        """Return what is stored, oldest first: for a recipient, from a time, above a number."""
        return self._spool.messages(Filter(to=to, since=since, after=after))

    def wait_for(
        self, count: int, *, to: str | None = None, timeout_s: float = 10.0
    ) -> list[Message]:
        """Return the messages once there are that many. Raises TimeoutError."""
        return self._spool.wait_for(count, Filter(to=to), timeout_s)

    def content(self, number: int) -> bytes:
        """Return a message's bytes as they came, dot-unstuffed. Raises KeyError when unknown."""
        return self._spool.content(number)

    def clear_messages(self) -> None:
        """Throw every stored message away."""
        self._spool.clear()

    def _start(self) -> None:
        settings = self._settings
        self._spool = Spool(settings.folder)
        self._cleanup.callback(self._spool.close)
        if settings.tls is not Tls.NONE:
            self._certificate = issue(self._tls_folder(), settings.certificate)
        admin = Admin(self._spool, self._plan)
        self._surface = Surface((settings.host, settings.admin_port), admin.answer)
        self._cleanup.callback(self._surface.close)
        desk = Desk(spool=self._spool, plan=self._plan, host_name=settings.host_name)
        tls = self._certificate.server_context() if self._certificate else None
        server = SmtpServer(settings, desk, tls)
        self._cleanup.callback(server.close)
        self._smtp = server.start()

    def _tls_folder(self) -> Path:
        if self._settings.folder is not None:
            return self._settings.folder / "tls"
        scratch = tempfile.TemporaryDirectory(prefix="posthorn-sandbox-")
        return Path(self._cleanup.enter_context(scratch))
