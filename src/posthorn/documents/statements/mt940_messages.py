"""Finds the messages of an MT940 file and their fields, as bytes, before anything is understood.

SWIFT, category 9, MT 940 Customer Statement Message: fields 20, 25, 28C, 60a, 61, 86, 62a, 64, 65.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from posthorn.documents.errors import Mt940RecordError

# Only what the message knows: a text may go on with `:26:37` where a line of it was full.
_FIELD: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:\{4:[ \t]*)?"
    rb":(?P<tag>13D?|20|21|25P?|28C?|34F|6[02][FM]?|61|64|65|86|90[CD]|NS):",
    re.MULTILINE,
)
_REFERENCE: Final = "20"
_ACCOUNTS: Final = ("25", "25P")
_BEFORE_ACCOUNT: Final = frozenset({"13", "13D", "21", "28", "28C", "NS"})
# The end of a message, `-` or `-}` with what follows in braces; ING adds letters.
_END: Final = re.compile(rb"^-(?:\}[^\r\n]*|XXX)?[ \t]*$\s*", re.MULTILINE)
# What stands before a message: SWIFT's blocks 1 to 3, and the names banks give a message of 940.
_HEAD: Final = re.compile(rb"[ \t]*(?:\{[1-4]:[^\r\n]*|:?940:?[ \t\d]*)?[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a message: its tag, `60F`, and where its tag and its value begin and end."""

    tag: str
    start: int
    inside: int  # where the value begins
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The bytes of one message with its fields; the messages of a file are the whole file."""

    start: int
    end: int
    fields: tuple[Field, ...]


def newlines(data: bytes) -> bytes:
    """Return the bytes with each carriage return as a newline, as many as before."""
    return data.replace(b"\r", b"\n")


def messages(data: bytes) -> list[Message]:
    """Return the messages of a file whose line ends are newlines. Raises Mt940RecordError."""
    fields = list(_fields(data))
    firsts = [at for at, field in enumerate(fields) if _opens(fields, at, field)]
    if not firsts or firsts[0] != 0:
        raise Mt940RecordError("it does not begin with a reference and an account, :20: and :25:")
    starts = [0, *(_start(data, fields[at - 1], fields[at]) for at in firsts[1:])]
    ends = [*starts[1:], len(data)]
    return [
        Message(start=start, end=end, fields=tuple(_bounded(data, fields[at:until], end)))
        for start, end, at, until in zip(
            starts, ends, firsts, [*firsts[1:], len(fields)], strict=True
        )
    ]


def _fields(data: bytes) -> Iterator[Field]:
    found = list(_FIELD.finditer(data))
    ends = [*(each.start() for each in found[1:]), len(data)]
    for each, end in zip(found, ends, strict=False):  # one end more where nothing is found
        tag = each["tag"].decode("ascii")
        yield Field(tag=tag, start=each.start("tag") - 1, inside=each.end(), end=end)


def _opens(fields: list[Field], at: int, field: Field) -> bool:
    """Say whether a message begins here: a payer's text may hold a line that looks like :20:."""
    if field.tag != _REFERENCE:
        return False
    few = fields[at + 1 : at + 2 + len(_BEFORE_ACCOUNT)]
    tag = next((after.tag for after in few if after.tag not in _BEFORE_ACCOUNT), None)
    return tag in _ACCOUNTS


def _start(data: bytes, last: Field, first: Field) -> int:
    """Return where a message begins: after the end of the one before, with the lines of its head.

    `last` is the last field before it, `first` its own first.
    """
    ended = list(_END.finditer(data, last.inside, first.start))
    if ended:
        return ended[-1].end()
    at = data.rfind(b"\n", 0, first.start) + 1
    before = data.rfind(b"\n", 0, at - 1) + 1
    while before > last.inside and _HEAD.fullmatch(data, before, at - 1):
        at, before = before, data.rfind(b"\n", 0, before - 1) + 1
    return at


def _bounded(data: bytes, fields: list[Field], end: int) -> Iterator[Field]:
    """Yield the fields of a message; the last ends where the message ends, not in the next."""
    *others, last = fields
    yield from others
    stop = _END.search(data, last.inside, end)
    until = stop.start() if stop else end
    yield Field(tag=last.tag, start=last.start, inside=last.inside, end=until)
