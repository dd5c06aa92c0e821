"""Reads what the admin surface is asked, and writes what it answers."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

from posthorn_sandbox.exact.wire import Call, Reply

_JSON = "application/json"
_WHOLE = re.compile("[0-9]{1,12}")


class AdminError(Exception):
    """Correct the request; the message says how."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def json_reply(value: object, status: int = 200) -> Reply:
    """Return the value as JSON."""
    return Reply(status=status, body=json.dumps(value).encode(), media_type=_JSON)


def parsed(call: Call) -> object:
    """Read a body. Raises AdminError."""
    try:
        return json.loads(call.body)
    except (ValueError, RecursionError) as wrong:
        raise AdminError(400, "The body is JSON.") from wrong


def object_of(call: Call) -> dict[str, object]:
    """Read a body that is an object. Raises AdminError."""
    return as_object(parsed(call))


def as_object(given: object) -> dict[str, object]:
    """Return a parsed value that is an object. Raises AdminError."""
    if not isinstance(given, dict):
        raise AdminError(400, "An object is wanted.")
    return given


def demand_known(given: dict[str, object], known: set[str]) -> None:
    """Refuse names that mean nothing here."""
    unknown = sorted(set(given) - known)
    if unknown:
        raise AdminError(400, f"There is no {', '.join(unknown)} here.")


def number_of(value: object) -> float:
    """Return a parsed value that is a number. Raises AdminError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AdminError(400, f"{value!r} is no number.")
    return float(value)


def query_of(call: Call) -> dict[str, str]:
    """Read a query string; the last value wins."""
    return dict(parse_qsl(call.query))


def division_of(call: Call) -> int | None:
    """Return the administration that a query names. Raises AdminError."""
    text = query_of(call).get("division")
    return None if text is None else whole_of(text, "division")


def whole_of(text: str, name: str) -> int:
    """Read a whole number of a query. Raises AdminError."""
    if _WHOLE.fullmatch(text) is None:
        raise AdminError(400, f"{name} is a number.")
    return int(text)


def listed(value: object) -> object:
    """Return a tuple as JSON has it."""
    return list(value) if isinstance(value, tuple) else value
