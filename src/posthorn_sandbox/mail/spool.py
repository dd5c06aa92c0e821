"""Where arrived messages are kept: append-only, and on the disk before the sender is told."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from hashlib import sha256
from io import FileIO
from pathlib import Path

from posthorn_sandbox.mail.letter import decode_header


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the conversation said about a message, apart from its content."""

    sender: str
    recipients: tuple[str, ...]
    peer: str = ""
    tls: str = ""
    login: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One stored message; it exists only once its bytes are safe, which is before the reply.

    `stored_at` is when the server had it, `answered_at` when the reply to the final dot was
    written (None while it was not; forgotten when the receiver restarts). `tls` is version and
    cipher, or empty; `sha256` is of the content after dot-unstuffing; `size` is in bytes.
    """

    number: int
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    size: int
    sha256: str
    received_at: datetime
    stored_at: datetime
    answered_at: datetime | None = None
    peer: str = ""
    tls: str = ""
    login: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the message as the admin surface lists it; times in ISO 8601, UTC."""
        return {
            "number": self.number,
            "from": self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "message_id": self.message_id,
            "size": self.size,
            "sha256": self.sha256,
            "received_at": self.received_at.isoformat(),
            "stored_at": self.stored_at.isoformat(),
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "peer": self.peer,
            "tls": self.tls,
            "login": self.login,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which messages to list: for one recipient (whole address), from a time, above a number."""

    to: str | None = None
    since: datetime | None = None
    after: int = 0

    def admits(self, message: Message) -> bool:
        """Tell whether the message is asked for."""
        wanted = self.to.lower() if self.to is not None else None
        return (
            message.number > self.after
            and (self.since is None or message.received_at >= self.since)
            and (wanted is None or wanted in (to.lower() for to in message.recipients))
        )


@dataclass(slots=True)
class _Shelf:
    messages: dict[int, Message] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)
    last_number: int = 0


class Spool:
    """Keeps messages in memory, or in a folder: `000001.eml` files and one `index.jsonl`.

    A message counts as stored when its index line is on the disk; numbers start at 1.
    Safe to use from several threads.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._shelf = _Shelf()
        self._changed = threading.Condition()
        self._index: FileIO | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._load(folder)
            self._index = (folder / "index.jsonl").open("ab", buffering=0)

    def close(self) -> None:
        """Close the index file; what is stored can still be read."""
        if self._index is not None:
            self._index.close()

    def store(self, content: bytes, envelope: Envelope, *, received_at: datetime) -> Message:
        """Make the message durable and return its record. Raises OSError when the disk refuses."""
        subject, message_id = _headline(content)
        with self._changed:
            number = self._shelf.last_number + 1
            self._write_content(number, content)
            message = Message(
                number=number,
                sender=envelope.sender,
                recipients=envelope.recipients,
                subject=subject,
                message_id=message_id,
                size=len(content),
                sha256=sha256(content).hexdigest(),
                received_at=received_at,
                stored_at=datetime.now(UTC),
                peer=envelope.peer,
                tls=envelope.tls,
                login=envelope.login,
            )
            self._write_index(message)
            self._shelf.last_number = number
            self._shelf.messages[number] = message
            self._changed.notify_all()
        return message

    def mark_answered(self, number: int) -> None:
        """Note that the reply to the final dot was written, now."""
        with self._changed:
            message = self._shelf.messages.get(number)
            if message is not None:
                answered = replace(message, answered_at=datetime.now(UTC))
                self._shelf.messages[number] = answered

    def messages(self, wanted: Filter | None = None) -> list[Message]:
        """Return the messages asked for, oldest first."""
        with self._changed:
            return self._admitted(wanted or Filter())

    def content(self, number: int) -> bytes:
        """Return the bytes between DATA and the dot, unstuffed. Raises KeyError when unknown."""
        with self._changed:
            if number not in self._shelf.messages:
                raise KeyError(number)
            if self._folder is None:
                return self._shelf.contents[number]
            return _content_file(self._folder, number).read_bytes()

    def wait_for(self, count: int, wanted: Filter, timeout_s: float) -> list[Message]:
        """Return the messages asked for once there are `count`. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._admitted(wanted)) >= count, timeout_s):
                have = len(self._admitted(wanted))
                raise TimeoutError(f"{have} of {count} messages arrived within {timeout_s} s")
            return self._admitted(wanted)

    def clear(self) -> None:
        """Throw every message away; numbers go on from the last."""
        with self._changed:
            numbers = list(self._shelf.messages)
            self._shelf.messages.clear()
            self._shelf.contents.clear()
            if self._index is not None and self._folder is not None:
                self._index.truncate(0)
                for number in numbers:
                    _content_file(self._folder, number).unlink(missing_ok=True)

    def _admitted(self, wanted: Filter) -> list[Message]:
        return [message for message in self._shelf.messages.values() if wanted.admits(message)]

    def _write_content(self, number: int, content: bytes) -> None:
        if self._folder is None:
            self._shelf.contents[number] = content
            return
        with _content_file(self._folder, number).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(self._folder)

    def _write_index(self, message: Message) -> None:
        if self._index is not None:
            end = self._index.tell()
            try:
                self._index.write(json.dumps(message.as_json()).encode() + b"\n")
                os.fsync(self._index.fileno())
            except OSError:
                # A full disk may take half a line; the next record must not follow on it.
                self._index.truncate(end)
                raise

    def _load(self, folder: Path) -> None:
        index = folder / "index.jsonl"
        whole = index.read_bytes() if index.exists() else b""
        # A line without its end was being written when the process died: it was never answered.
        kept = whole[: whole.rfind(b"\n") + 1]
        if len(kept) < len(whole):
            os.truncate(index, len(kept))
        loaded = [_from_json(json.loads(line)) for line in kept.splitlines()]
        self._shelf.messages = {message.number: message for message in loaded}
        numbers = list(self._shelf.messages)
        numbers += [int(file.stem) for file in folder.glob("*.eml") if file.stem.isdecimal()]
        self._shelf.last_number = max(numbers, default=0)


def _content_file(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.eml"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _headline(content: bytes) -> tuple[str, str]:
    """Return Subject (decoded) and Message-ID; empty where the content has none."""
    head = BytesHeaderParser(policy=compat32).parsebytes(content.partition(b"\r\n\r\n")[0])
    subject = decode_header("Subject", head.get("Subject", ""))
    return subject, decode_header("X-Message-ID", head.get("Message-ID", ""))


def _from_json(line: dict[str, object]) -> Message:
    return Message(
        number=int(str(line["number"])),
        sender=str(line["from"]),
        recipients=_strings(line["to"]),
        size=int(str(line["size"])),
        received_at=datetime.fromisoformat(str(line["received_at"])),
        stored_at=datetime.fromisoformat(str(line["stored_at"])),
        subject=str(line["subject"]),
        message_id=str(line["message_id"]),
        sha256=str(line["sha256"]),
        peer=str(line["peer"]),
        tls=str(line["tls"]),
        login=str(line["login"]),
    )


def _strings(given: object) -> tuple[str, ...]:
    return tuple(str(one) for one in given) if isinstance(given, list) else ()
