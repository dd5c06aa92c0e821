"""Reads what RFC 3464 reports say: the fields of the worst recipient, in one shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from posthorn.delivery.bounces.parts import first
from posthorn.delivery.bounces.verdict import Action, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.delivery.bounces.parts import Mail

# An IP address is no status: neither a digit nor a dot stands before or after.
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_WORST_FIRST = (
    Action.FAILED,
    Action.DELAYED,
    Action.RELAYED,
    Action.EXPANDED,
    Action.DELIVERED,
)
_ACTION_OF_CLASS = {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DELIVERED}


def report_of(mail: Mail) -> Report | None:
    """Return what the report of a mail says; None when it has none worth the name."""
    found = [report for block in mail.blocks if (report := _read(block))]
    return min(found, key=lambda one: _WORST_FIRST.index(one.action), default=None)


def _read(block: Mapping[str, tuple[str, ...]]) -> Report | None:
    status = status_in(first(block, "status"))
    diagnostic = _without_type(first(block, "diagnostic-code"))
    # A server's own words say more than its 5.0.0 (Exim and Exchange often send no more).
    if status[1:] in {"", ".0.0"} and (said := status_in(diagnostic)):
        status = said
    action = _action(first(block, "action"), status)
    if action is None:
        return None
    recipient = first(block, "original-recipient") or first(block, "final-recipient")
    return Report(
        action=action,
        status=status,
        diagnostic=diagnostic,
        recipient=_without_type(recipient).strip("<>"),
        remote_mta=_without_type(first(block, "remote-mta") or first(block, "reporting-mta")),
    )


def _action(text: str, status: str) -> Action | None:
    word = re.match(r"[a-z]+", text.strip().lower())
    try:
        return Action(word.group() if word else "")
    except ValueError:
        return _ACTION_OF_CLASS.get(status[:1])


def status_in(text: str) -> str:
    """Find an enhanced status code (RFC 3463) in a text, or give an empty one."""
    found = STATUS.search(text)
    return ".".join(found.groups()) if found else ""


def _without_type(value: str) -> str:
    """Drop the type before a value: `rfc822; an@x.example`, `smtp; 550 no such user`."""
    kind, separator, rest = value.partition(";")
    is_typed = separator and re.fullmatch(r"\s*[A-Za-z0-9-]{1,20}\s*", kind)
    return rest.strip() if is_typed else value.strip()
