"""Postfix and Dovecot as Debian packs them, started for a test on loopback.

The system's own instances are neither used nor touched: other ports, other configuration, queue and
run folders. Where the programs are missing, or the account may not start them, a test skips.
"""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from posthorn_sandbox.mail import Action, CertificateOrder, Fault, Receiver, Verb
from posthorn_sandbox.mail.certificates import issue
from tests.process.mail_server_files import PASSWORD, write_dovecot, write_postfix

if TYPE_CHECKING:
    from collections.abc import Iterator

POSTFIX, DOVECOT = Path("/usr/sbin/postfix"), Path("/usr/sbin/dovecot")
NEEDED = (POSTFIX, DOVECOT, Path("/usr/lib/dovecot/imap"), Path("/usr/lib/dovecot/lmtp"))
_UP_WITHIN_S = 20.0
_PORTS = ("open", "login", "grey", "expired", "elsewhere", "imap", "lmtp", "auth", "policy")


def missing() -> str:
    """Say why the servers cannot be started here; empty when they can."""
    absent = [str(program) for program in NEEDED if not program.exists()]
    if absent:
        return f"install Postfix and Dovecot (tools/system-packages): no {', '.join(absent)}"
    return "" if os.geteuid() == 0 else "Postfix and Dovecot are started by root alone"


@dataclass(slots=True, kw_only=True)
class Greylist:
    """Defers each recipient it sees for the first time, until the wait is over."""

    wait_s: float = 0.5
    seen: dict[str, float] = field(default_factory=dict)

    def answer(self, recipient: str) -> str:
        """Give the policy's action (Postfix SMTPD_POLICY_README)."""
        first = self.seen.setdefault(recipient, time.monotonic())
        if time.monotonic() - first < self.wait_s:
            return "450 4.2.0 Greylisted, try again later"
        return "DUNNO"


@dataclass(slots=True, kw_only=True)
class MailServers:
    """Running servers: where they listen, what is trusted, and whose mail they keep."""

    folder: Path
    ports: dict[str, int]
    ca: Path
    greylist: Greylist
    refusing: Receiver

    HOST: ClassVar[str] = "127.0.0.1"

    def smtp(self, name: str) -> tuple[str, int]:
        """Give an SMTP address: open, login, grey, expired or elsewhere."""
        return self.HOST, self.ports[name]

    def log(self) -> str:
        """Give what both servers logged, for a failed test to show."""
        return "".join(path.read_text("utf-8") for path in sorted(self.folder.glob("*.log")))

    @contextmanager
    def mailbox(self, address: str) -> Iterator[imaplib.IMAP4]:
        """Open somebody's mailbox over IMAP."""
        box = imaplib.IMAP4(self.HOST, self.ports["imap"], timeout=20)
        try:
            box.login(address, PASSWORD)
            box.select("INBOX")
            yield box
        finally:
            box.logout()

    def mails(self, address: str, count: int = 1, within_s: float = 20.0) -> list[bytes]:
        """Give the messages of a mailbox, oldest first, once there are that many."""
        deadline = time.monotonic() + within_s
        while True:
            with self.mailbox(address) as box:
                numbers = box.search(None, "ALL")[1][0].split()
                if len(numbers) >= count:
                    return [_fetched(box, number) for number in numbers]
            assert time.monotonic() < deadline, f"{len(numbers)} of {count}\n{self.log()[-3000:]}"
            time.sleep(0.05)


def _fetched(box: imaplib.IMAP4, number: bytes) -> bytes:
    _, data = box.fetch(number.decode(), "(BODY.PEEK[])")
    found = data[0]
    assert isinstance(found, tuple)
    return found[1]


@contextmanager
def mail_servers() -> Iterator[MailServers]:
    """Start both servers; skips the test where that cannot be done."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    with ExitStack() as held:
        # Not pytest's own folder: the servers' accounts may not pass through it.
        folder = Path(tempfile.mkdtemp(prefix="posthorn-mail-"))
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        ports = _free_ports()
        servers = MailServers(
            folder=folder,
            ports=ports,
            ca=_certificates(folder),
            greylist=Greylist(),
            refusing=held.enter_context(Receiver()),
        )
        servers.refusing.add_fault(
            Fault(at=Verb.RCPT, action=Action.REPLY, code=550, text="5.1.1 No such mailbox here")
        )
        held.enter_context(_policy(servers))
        write_dovecot(folder, ports)
        write_postfix(folder, ports, servers.refusing.smtp)
        held.callback(_stop, [str(DOVECOT), "-c", str(folder / "dovecot.conf"), "stop"])
        _run(servers, [str(DOVECOT), "-c", str(folder / "dovecot.conf")])
        held.callback(_stop, [str(POSTFIX), "-c", str(folder / "postfix"), "stop"])
        _run(servers, [str(POSTFIX), "-c", str(folder / "postfix"), "start"])
        for name in ("open", "login", "grey", "expired", "elsewhere", "imap", "lmtp"):
            _await(servers, ports[name])
        yield servers


def _run(servers: MailServers, command: list[str]) -> None:
    # Into a file: what they start keeps the end of a pipe open.
    with (servers.folder / "start.log").open("ab") as said:
        done = subprocess.run(  # noqa: S603  programs of the system, arguments of ours
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=60, check=False
        )
    assert done.returncode == 0, f"{command}: {servers.log()}"


def _stop(command: list[str]) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdout=quiet, stderr=quiet, timeout=60, check=False)  # noqa: S603


def _await(servers: MailServers, port: int) -> None:
    deadline = time.monotonic() + _UP_WITHIN_S
    while True:
        try:
            socket.create_connection((servers.HOST, port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, servers.log()
            time.sleep(0.05)
        else:
            return


def _free_ports() -> dict[str, int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in _PORTS]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in zip(_PORTS, probes, strict=True)}


def _certificates(folder: Path) -> Path:
    """Write a good, an expired and another host's certificate; one file of all authorities."""
    orders = {
        "login": CertificateOrder(),
        "expired": CertificateOrder(valid_for=timedelta(days=-1)),
        "elsewhere": CertificateOrder(hosts=["mail.elsewhere.example"]),
    }
    issued = {name: issue(folder / "tls" / name, order) for name, order in orders.items()}
    trusted = folder / "tls" / "trusted.pem"
    trusted.write_bytes(b"".join(one.ca_path.read_bytes() for one in issued.values()))
    return trusted


@contextmanager
def _policy(servers: MailServers) -> Iterator[None]:
    class Policy(socketserver.StreamRequestHandler):
        """Answers one attribute list after the other."""

        def handle(self) -> None:
            asked: dict[str, str] = {}
            for line in self.rfile:
                name, _, value = line.decode("utf-8", "replace").rstrip("\n").partition("=")
                if name:
                    asked[name] = value
                    continue
                said = servers.greylist.answer(asked.get("recipient", ""))
                self.wfile.write(f"action={said}\n\n".encode())
                asked = {}

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    with Server((servers.HOST, servers.ports["policy"]), Policy) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join(timeout=5)
