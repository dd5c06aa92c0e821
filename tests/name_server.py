"""A name server on loopback that answers just what a test says, over UDP."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True, kw_only=True)
class NameServer:
    """Holds records as a zone file writes them, by (name, kind); what is absent is NXDOMAIN."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""

    def publish(self, name: str, *texts: str) -> None:
        """Put TXT records in the place of those that are there."""
        self.records[name, "TXT"] = [
            " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))
            for text in texts
        ]

    @contextmanager
    def serving(self) -> Iterator[NameServer]:
        """Answer until the block ends."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind(("127.0.0.1", 0))
            line.settimeout(0.1)
            host, port = line.getsockname()
            self.address = f"{host}:{port}"
            is_over = threading.Event()
            thread = threading.Thread(target=self._serve, args=(line, is_over), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                is_over.set()
                thread.join(timeout=5)

    def _serve(self, line: socket.socket, is_over: threading.Event) -> None:
        while not is_over.is_set():
            try:
                wire, peer = line.recvfrom(4_096)
            except TimeoutError:
                continue
            answer = self._answer(dns.message.from_wire(wire))
            if answer is not None:
                line.sendto(answer.to_wire(max_size=65_000), peer)

    def _answer(self, asked: dns.message.Message) -> dns.message.Message | None:
        question = asked.question[0]
        name = question.name.to_text().rstrip(".").lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        answer = dns.message.make_response(asked, recursion_available=True)
        if name in self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer
        found = self.records.get((name, kind), [])
        if found:
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, found))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
