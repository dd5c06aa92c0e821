"""What the stand-in does wrong on request, so that a client can be seen to cope with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from posthorn_sandbox.exact.wire import Ending, Reply


class Action(StrEnum):
    """What goes wrong."""

    REPLY = "reply"
    HTML = "html"
    EMPTY = "empty"
    STALL = "stall"
    SILENCE = "silence"
    DROP = "drop"
    RESET = "reset"
    CUT = "cut"


class Moment(StrEnum):
    """Before the call takes effect, or after that and before its answer."""

    BEFORE = "before"
    AFTER = "after"


_ENDINGS = {
    Action.SILENCE: Ending.SILENT,
    Action.DROP: Ending.DROPPED,
    Action.RESET: Ending.RESET,
    Action.CUT: Ending.CUT,
}
_STATUSES = range(200, 600)
_HTML = b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Error</h1></body></html>"


class FaultError(ValueError):
    """Change the fault's fields; the message says which combination has no meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to do wrong, at matching endpoints, a number of times.

    `at` and `method` are shell patterns, as in `documents/*` or `oauth2/token`; `division` and
    `user` narrow it. `times` None is always; the first `skip` matches pass; `seconds` is a stall's
    length, of the machine's clock. `status`, `body` and `headers` shape a reply.
    """

    at: str
    action: Action
    when: Moment = Moment.BEFORE
    method: str = "*"
    division: int | None = None
    user: str | None = None
    times: int | None = None
    skip: int = 0
    seconds: float = 0.0
    status: int = 500
    body: str = ""
    headers: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        for is_wrong, why in self._complaints():
            if is_wrong:
                raise FaultError(why)

    def _complaints(self) -> Iterator[tuple[bool, str]]:
        yield min(self.skip, self.seconds) < 0, "A fault's numbers are zero or more."
        yield self.times is not None and self.times < 1, "times is at least 1, or null for always."
        yield self.status not in _STATUSES, "status is an HTTP status, 200 to 599."
        yield self.action is Action.STALL and not self.seconds, "A stall says how many seconds."
        yield (
            self.action is Action.CUT and self.when is Moment.BEFORE,
            "Only an answer can be cut: give when as after.",
        )

    @property
    def name(self) -> str:
        """Its moment and action, for the journal."""
        return f"{self.when} {self.action}"

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, as POST /faults takes them."""
        return asdict(self)

    def spoil(self, reply: Reply) -> Reply:
        """Return what becomes of an answer."""
        if reply.then is not None:
            then = reply.then
            return replace(reply, then=lambda: self.spoil(then()))
        reply = replace(reply, fault=self.name)
        if self.action is Action.STALL:
            return replace(reply, delay_s=reply.delay_s + self.seconds)
        if self.action in _ENDINGS:
            return replace(reply, ending=_ENDINGS[self.action])
        if self.action is Action.EMPTY:
            return replace(reply, status=200, body=b"")
        return self._made(reply)

    def _made(self, reply: Reply) -> Reply:
        media_type = "text/html; charset=utf-8"
        body = _HTML
        if self.action is Action.REPLY:
            body = self.body.encode()
            media_type = "application/json;charset=utf-8" if _is_json(self.body) else "text/plain"
        headers = (*reply.headers, *(self.headers or {}).items())
        return replace(reply, status=self.status, body=body, media_type=media_type, headers=headers)

    @classmethod
    def from_json(cls, given: object) -> Fault:
        """Build from parsed JSON. Raises FaultError with one line for whoever wrote it."""
        if not isinstance(given, dict):
            raise FaultError("A fault is a JSON object.")
        unknown = sorted(set(given) - {known.name for known in fields(cls)})
        if unknown:
            raise FaultError(f"A fault has no field {', '.join(unknown)}.")
        try:
            return cls(**{name: _typed(name, value) for name, value in given.items()})
        except TypeError as wrong:
            raise FaultError("A fault needs at least 'at' and 'action'.") from wrong


def spoiled(
    fault: Fault | None, headers: tuple[tuple[str, str], ...], perform: Callable[[], Reply]
) -> Reply:
    """Do what was asked, unless a fault that strikes before says otherwise."""
    if fault is None:
        return perform()
    if fault.action is Action.STALL:
        return Reply(delay_s=fault.seconds, then=lambda: replace(perform(), fault=fault.name))
    return fault.spoil(Reply(headers=headers))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


_ENUMS: Mapping[str, type[StrEnum]] = {"action": Action, "when": Moment}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "at": (str,),
    "method": (str,),
    "user": (str,),
    "body": (str,),
    "headers": (dict,),
    "seconds": (int, float),
}
_NULLABLE = frozenset({"times", "division", "user", "headers"})


def _typed(name: str, value: object) -> Any:  # noqa: ANN401  every field has its own type
    if name in _ENUMS:
        try:
            return _ENUMS[name](str(value))
        except ValueError as wrong:
            choices = ", ".join(_ENUMS[name])
            raise FaultError(f"{name} is one of {choices}; not {value!r}.") from wrong
    if value is None and name in _NULLABLE:
        return None
    if isinstance(value, bool) or not isinstance(value, _TYPES.get(name, (int,))):
        raise FaultError(f"{name} has the wrong type: {value!r}.")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a call stands; no user before one is known."""

    endpoint: str
    method: str
    division: int | None = None
    user: str | None = None
    note: str = ""


@dataclass(slots=True)
class _Armed:
    number: int
    fault: Fault
    seen: int = 0
    hits: int = 0


class FaultPlan:
    """Holds the faults asked for and says which one is due."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._last = 0

    def add(self, fault: Fault) -> int:
        """Arm one more fault, after those already there; returns its number."""
        self._last += 1
        self._armed.append(_Armed(self._last, fault))
        return self._last

    def remove(self, number: int) -> None:
        """Forget one fault."""
        self._armed = [armed for armed in self._armed if armed.number != number]

    def clear(self) -> None:
        """Forget every fault."""
        self._armed.clear()

    def listing(self) -> list[dict[str, object]]:
        """Return every fault with its number and `hits`, how often it struck."""
        return [
            {"number": armed.number, **armed.fault.as_json(), "hits": armed.hits}
            for armed in self._armed
        ]

    def due(self, step: Step, when: Moment) -> Fault | None:
        """Count and return the first fault that strikes now."""
        for armed in self._armed:
            if armed.fault.when is when and _matches(armed.fault, step) and _strikes(armed):
                return armed.fault
        return None


def _matches(fault: Fault, step: Step) -> bool:
    is_here = fnmatchcase(step.endpoint, fault.at) and fnmatchcase(step.method, fault.method)
    is_division = fault.division is None or fault.division == step.division
    return is_here and is_division and (fault.user is None or fault.user == step.user)


def _strikes(armed: _Armed) -> bool:
    fault = armed.fault
    if fault.times is not None and armed.hits >= fault.times:
        return False
    armed.seen += 1
    if armed.seen <= fault.skip:
        return False
    armed.hits += 1
    return True
