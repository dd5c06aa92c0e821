"""Finds the marks of our own mails in what came back, and nothing that only looks like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from posthorn.delivery.bounces.odd import server_words
from posthorn.delivery.bounces.parts import first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from posthorn.delivery.bounces.parts import Mail

# A delivery's key (its id, and the number of a copy), or a test mail's.
_KEY = r"(?:trial\.)?[0-9a-f]{32}(?:\.\d{1,5})?"
_MESSAGE_ID = re.compile(rf"<({_KEY})@[^<>@\s]{{1,255}}>", re.IGNORECASE)
_WHOLE = re.compile(_KEY, re.IGNORECASE)
_QUOTED = re.compile(
    rf"^[> \t]*(?:x-posthorn-delivery:\s*({_KEY})\b|message-id:\s*<({_KEY})@[^<>@\s]{{1,255}}>)",
    re.IGNORECASE | re.MULTILINE,
)
_HEX = re.compile(r"\+([0-9A-F]{2})")


def keys_in(mail: Mail) -> tuple[str, ...]:
    """Give the keys a mail names, from where it names them most surely; several are a riddle."""
    for found in (_of_returned(mail), _of_envelope(mail), _of_quotes(mail), _of_thread(mail)):
        if found:
            return found
    return ()


def _of_returned(mail: Mail) -> tuple[str, ...]:
    """Read the mail that came back; a relay may have changed its Message-ID, not our own header."""
    own = first(mail.returned, "x-posthorn-delivery").strip()
    if _WHOLE.fullmatch(own):
        return (own.lower(),)
    return _each_once(_MESSAGE_ID.findall(first(mail.returned, "message-id")))


def _of_envelope(mail: Mail) -> tuple[str, ...]:
    """Read the ENVID we gave (RFC 3461 section 4.4: xtext, +HH for what is special)."""
    said = [value for block in mail.blocks for value in block.get("original-envelope-id", ())]
    plain = [unquote(_HEX.sub(r"%\1", value)).strip().strip("<>") for value in said]
    keys = [value.partition("@")[0] for value in plain]
    return _each_once(key for key in keys if _WHOLE.fullmatch(key))


def _of_quotes(mail: Mail) -> tuple[str, ...]:
    """Read the headers of the mail quoted in prose, below the server's own words."""
    below = mail.text[len(server_words(mail.text)) :] or mail.text
    return _each_once(one or other for one, other in _QUOTED.findall(below))


def _of_thread(mail: Mail) -> tuple[str, ...]:
    answered = _each_once(_MESSAGE_ID.findall(mail.first("in-reply-to")))
    return answered or _each_once(_MESSAGE_ID.findall(mail.first("references")))


def _each_once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.lower() for key in keys))
