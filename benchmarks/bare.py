"""The peer: smtplib and nothing else, one reused connection a thread. Run as a process."""

from __future__ import annotations

import json
import smtplib
import sys
import threading
import time

_SIZE = 60_000


def message() -> bytes:
    """Give a mail of 60 kB, ready before the clock starts."""
    head = b"From: <a@load.example>\r\nTo: <b@load.example>\r\nMessage-ID: <1@load.example>\r\n\r\n"
    line = b"x" * 76 + b"\r\n"
    return head + line * (_SIZE * 4 // 3 // len(line))


def send(connection: smtplib.SMTP, count: int, start: threading.Event) -> None:
    """Send one message again and again."""
    content = message()
    start.wait()
    for _ in range(count):
        connection.sendmail("a@load.example", ["b@load.example"], content)


def main() -> None:
    """Connect, say so, wait for a line, send, and print when it began and ended."""
    host, port, threads, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    start = threading.Event()
    connections = [smtplib.SMTP(host, port, timeout=60) for _ in range(threads)]
    for connection in connections:
        connection.ehlo()
    senders = [
        threading.Thread(target=send, args=(connection, each, start)) for connection in connections
    ]
    for sender in senders:
        sender.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begun = time.time()
    start.set()
    for sender in senders:
        sender.join()
    sys.stdout.write(json.dumps([begun, time.time()]))


if __name__ == "__main__":
    main()
