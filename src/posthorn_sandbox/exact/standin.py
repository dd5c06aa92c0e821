"""The stand-in as a whole: two servers on loopback in one loop, in a thread of its own."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import threading
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from posthorn_sandbox.exact.admin import Admin
from posthorn_sandbox.exact.front import Front
from posthorn_sandbox.exact.house import House
from posthorn_sandbox.exact.settings import StandInSettings
from posthorn_sandbox.exact.wire import Desk, Line
from posthorn_sandbox.mail.certificates import Certificate, issue
from posthorn_sandbox.mail.settings import Address, explain_bind, require_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listening:
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event


class StandIn:
    """Imitates Exact Online between `start()` and `close()`, or as a context manager."""

    def __init__(self, settings: StandInSettings | None = None) -> None:
        wanted = settings or StandInSettings()
        self._settings = replace(wanted, host=require_loopback(wanted.host))
        self._cleanup = ExitStack()
        self._certificate: Certificate | None = None
        self._ready: Future[_Listening] = Future()
        self._thread = threading.Thread(target=self._work, name="sandbox-exact", daemon=True)
        self.base = ""
        self.admin_url = ""

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
        """Listen. Raises SandboxError with one line when a port or the file cannot be had."""
        try:
            if self._settings.is_tls:
                self._certificate = issue(self._tls_folder(), self._settings.certificate)
            self._house = House(self._settings)
            self._cleanup.callback(self._house.store.close)
            self._front = Front(self._house)
            self._thread.start()
            listening = self._ready.result()
            self._cleanup.callback(self._stop, listening)
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Stop listening, cut what is open and keep what is stored; harmless a second time."""
        self._cleanup.close()

    @property
    def ca_path(self) -> Path | None:
        """The authority's file (PEM) for a client to trust; None without TLS."""
        return self._certificate.ca_path if self._certificate else None

    def said(self) -> dict[str, object]:
        """Return what a client must know, as the process's first line says it."""
        world = self._house.world
        app = world.listing("apps")[0]
        registered = app["redirect_uris"]
        return {
            "base": self.base,
            "admin": self.admin_url,
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "redirect_uri": registered[0] if isinstance(registered, tuple) else "",
            "users": [
                {"name": one.name, "password": one.password, "id": one.guid}
                for one in world.users.values()
            ],
            "divisions": [
                {
                    "code": one.code,
                    "hid": one.hid,
                    "description": one.description,
                    "vat_number": one.vat_number,
                }
                for one in world.divisions.values()
            ],
            "ca": str(self.ca_path) if self.ca_path else None,
        }

    def _tls_folder(self) -> Path:
        if self._settings.file is not None:
            return self._settings.file.parent / f"{self._settings.file.name}.tls"
        scratch = tempfile.TemporaryDirectory(prefix="posthorn-sandbox-")
        return Path(self._cleanup.enter_context(scratch))

    def _stop(self, listening: _Listening) -> None:
        listening.loop.call_soon_threadsafe(listening.stop.set)
        self._thread.join()

    def _work(self) -> None:
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            try:
                runner.run(self._serve())
            except BaseException as problem:  # noqa: BLE001  told to whoever waits in start()
                if not self._ready.done():
                    self._ready.set_exception(problem)

    async def _serve(self) -> None:
        lines: set[Line] = set()
        tls = self._certificate.server_context() if self._certificate else None
        admin = Admin(self._front, self.said)
        front_desk = Desk(
            answer=self._front.answer,
            max_body_bytes=self._settings.max_body_bytes,
            done=self._front.done,
        )
        admin_desk = Desk(answer=admin.answer, max_body_bytes=self._settings.max_body_bytes)
        servers = []
        try:
            for desk, port, context in (
                (front_desk, self._settings.port, tls),
                (admin_desk, self._settings.admin_port, None),
            ):
                address = (self._settings.host, port)
                servers.append(await _listen(desk, lines, address, context))
            self._announce(*servers)
            stop = asyncio.Event()
            self._ready.set_result(_Listening(loop=asyncio.get_running_loop(), stop=stop))
            await stop.wait()
        finally:
            for server in servers:
                server.close()
            for line in list(lines):
                line.cut()
        # Closed transports free their sockets in the loop's next rounds.
        await asyncio.sleep(0.01)

    def _announce(self, front: asyncio.Server, admin: asyncio.Server) -> None:
        scheme = "https" if self._certificate else "http"
        self.base = _address_of(front, scheme)
        self.admin_url = _address_of(admin, "http") + "/"
        self._house.base = self.base
        self._front.admin_url = self.admin_url


async def _listen(
    desk: Desk, lines: set[Line], address: Address, tls: ssl.SSLContext | None
) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(lambda: Line(desk, lines), *address, ssl=tls, backlog=512)
    except OSError as problem:
        raise explain_bind(problem, address) from problem


def _address_of(server: asyncio.Server, scheme: str) -> str:
    host, port = server.sockets[0].getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415  # there is none on Windows
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
