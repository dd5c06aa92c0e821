"""How many files of 60 kB the stand-in for Exact takes a second, so that it is never the brake."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from benchmarks.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE = 60_000
_DIFFERENT = 20
_CONNECTIONS = 4
_LIMIT = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where to post: the server, the token and a document to attach to."""

    base: str
    token: str
    division: int
    document: str


def standin_posts(count: int) -> Figure:
    """Attach files of 60 kB over a few connections, as fast as it answers."""
    with _standin() as where:
        place = _prepare(where)
        requests = [_request(place, number) for number in range(_DIFFERENT)]
        begun = time.perf_counter()
        senders = [
            threading.Thread(target=_send, args=(place, requests, count // _CONNECTIONS))
            for _ in range(_CONNECTIONS)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        spent = time.perf_counter() - begun
        arrived = httpx.get(f"{where['admin']}totals").json()["attachments"]
    if arrived != count // _CONNECTIONS * _CONNECTIONS:
        raise RuntimeError(f"{arrived} of {count} files arrived")
    return Figure(
        name="stand-in Exact Online, files of 60 kB",
        value=arrived / spent,
        unit="a second",
        against=_LIMIT,
        peer="what a measurement may need",
        bar=1.0,
        goal=1.5,
    )


@contextmanager
def _standin() -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "posthorn_sandbox.exact", "--auto-consent"]
    with subprocess.Popen(  # noqa: S603  # our own program
        command, stdout=subprocess.PIPE, env=os.environ, text=True
    ) as process:
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "{}")
        finally:
            process.terminate()


def _prepare(where: dict[str, Any]) -> _Place:
    """Lift the limits, sign in and make the document."""
    limits = {"minute_limit": 10_000_000, "day_limit": 10_000_000}
    httpx.patch(f"{where['admin']}switches", json=limits).raise_for_status()
    app = {key: where[key] for key in ("client_id", "redirect_uri")}
    asked = urlencode({**app, "response_type": "code"})
    answer = httpx.get(f"{where['base']}/api/oauth2/auth?{asked}")
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    given = {**app, "client_secret": where["client_secret"], "code": code}
    given["grant_type"] = "authorization_code"
    token = httpx.post(f"{where['base']}/api/oauth2/token", data=given).json()["access_token"]
    division = where["divisions"][0]["code"]
    made = httpx.post(
        f"{where['base']}/api/v1/{division}/documents/Documents",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        json={"Subject": "load", "Type": 20},
    )
    document = made.json()["d"]["ID"]
    return _Place(base=where["base"], token=token, division=division, document=document)


def _request(place: _Place, number: int) -> bytes:
    """Write one POST, ready before the clock starts."""
    content = base64.b64encode(f"{number:06}".encode() + os.urandom(_SIZE - 6)).decode()
    values = {"Document": place.document, "FileName": f"{number}.xml", "Attachment": content}
    body = json.dumps(values).encode()
    head = (
        f"POST /api/v1/{place.division}/documents/DocumentAttachments HTTP/1.1\r\n"
        f"Host: {urlsplit(place.base).netloc}\r\nAuthorization: Bearer {place.token}\r\n"
        f"Accept: application/json\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _send(place: _Place, requests: list[bytes], count: int) -> None:
    """Post on one connection, one after the other."""
    parts = urlsplit(place.base)
    address = (parts.hostname or "", parts.port or 0)
    with socket.create_connection(address, timeout=60) as line, line.makefile("rb") as answers:
        for number in range(count):
            line.sendall(requests[number % len(requests)])
            _read(answers)


def _read(answers: BinaryIO) -> None:
    """Read one answer to its end. Raises RuntimeError for a refusal."""
    status, size = answers.readline(), 0
    if b" 201 " not in status:
        raise RuntimeError(f"not taken: {status!r}")
    while (header := answers.readline()) != b"\r\n":
        name, _, value = header.partition(b":")
        size = int(value) if name.lower() == b"content-length" else size
    answers.read(size)
