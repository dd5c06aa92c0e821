"""A mailbox with state behind just enough IMAP over TLS (RFC 3501) for a program that polls it."""

from __future__ import annotations

import re
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from socket import socket

PASSWORD = "geheim"  # noqa: S105  # of a mailbox that lives for a test
_FETCH = re.compile(r"FETCH (\d+) .*<0\.(\d+)>", re.IGNORECASE)
_STORE = re.compile(r"STORE (\d+) \S+ \((.*)\)", re.IGNORECASE)


@dataclass(slots=True)
class Box:
    """What lies in the mailbox: number → (bytes, flags); every command is kept."""

    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    validity: int = 1
    takes_keywords: bool = True
    announces: int | None = None  # a size of literals that is a lie
    commands: list[str] = field(default_factory=list)

    def put(self, *mails: str | bytes) -> None:
        """Lay mails down."""
        for mail in mails:
            number = max(self.mails, default=0) + 1
            self.mails[number] = mail.encode() if isinstance(mail, str) else mail
            self.flags[number] = set()

    def rebuild(self) -> None:
        """Number everything anew and forget all flags, as a moved mailbox does."""
        old = list(self.mails.values())
        self.mails, self.flags, self.validity = {}, {}, self.validity + 1
        self.put(*reversed(old))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, box: Box, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.box = box
        self.context = context

    def get_request(self) -> tuple[socket, object]:
        plain, address = super().get_request()
        return self.context.wrap_socket(plain, server_side=True), address

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that break off are a part of the tests."""


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("* OK here")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            self.server.box.commands.append(command.partition(" ")[0].upper())
            if not self._do(tag, command):
                return

    def _do(self, tag: str, command: str) -> bool:
        box, verb = self.server.box, command.upper()
        if verb.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif verb.startswith("LOGIN") and PASSWORD not in command:
            self._say(f"{tag} NO wrong: {command}")
            return True
        elif verb.startswith("SELECT"):
            keywords = r"\*" if box.takes_keywords else r"\Seen"
            self._say(f"* {len(box.mails)} EXISTS")
            self._say(rf"* OK [PERMANENTFLAGS (\Seen {keywords})]")
            self._say(f"* OK [UIDVALIDITY {box.validity}]")
        elif verb.startswith("UID SEARCH"):
            hidden = "PosthornTaken" if "UNKEYWORD" in verb else r"\Seen"
            found = [str(uid) for uid, flags in box.flags.items() if hidden not in flags]
            self._say("* SEARCH " + " ".join(found))
        elif fetch := _FETCH.search(command):
            self._fetch(int(fetch.group(1)), int(fetch.group(2)))
        elif store := _STORE.search(command):
            kept = store.group(2).split()
            box.flags[int(store.group(1))] |= {
                flag for flag in kept if box.takes_keywords or flag.startswith("\\")
            }
        elif verb.startswith("LOGOUT"):
            self._say("* BYE")
        self._say(f"{tag} OK done")
        return not verb.startswith("LOGOUT")

    def _fetch(self, uid: int, most: int) -> None:
        box = self.server.box
        part = box.mails[uid][:most]
        self._say(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{box.announces or len(part)}}}")
        self.wfile.write(part + b")\r\n")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def served(box: Box, context: ssl.SSLContext) -> Iterator[int]:
    """Serve a mailbox; gives the port."""
    with _Server(box, context) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
