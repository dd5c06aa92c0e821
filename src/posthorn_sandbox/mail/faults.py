"""What the receiver does wrong on request, so that a sender can be seen to cope with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class Verb(StrEnum):
    """Where in the conversation; `content` is between DATA's 354 and the final dot."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"
    DOT = "dot"
    RSET = "rset"
    NOOP = "noop"
    QUIT = "quit"


class Moment(StrEnum):
    """Before the verb takes effect (the dot's is storing), or after that and before the reply."""

    BEFORE = "before"
    AFTER = "after"


class Action(StrEnum):
    """What goes wrong."""

    REPLY = "reply"
    GREYLIST = "greylist"
    LIMIT = "limit"
    STALL = "stall"
    SILENCE = "silence"
    DROP = "drop"
    RESET = "reset"
    TRICKLE = "trickle"
    FLOOD = "flood"


# A stall and a slow reply let the conversation go on; everything else decides how the verb ends.
_CODES = range(200, 600)
_PASSING = frozenset({Action.STALL, Action.TRICKLE})
_WITHOUT_RECIPIENT = frozenset(
    {Verb.CONNECT, Verb.EHLO, Verb.STARTTLS, Verb.AUTH, Verb.MAIL, Verb.RSET, Verb.NOOP, Verb.QUIT}
)


class FaultError(ValueError):
    """Change the fault's fields; the message says which combination has no meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to do wrong, at one verb, for matching recipients, a number of times.

    `recipient` is a shell pattern over one of the recipients, lower case; `times` None is always;
    the first `skip` matches pass; `seconds` is the stall, the greylist's period, or the pause per
    byte of a trickle; `at_byte` counts the content's bytes on the wire; `size` and `line_bytes`
    shape a flood; `limit` is how many connections may be open. `text` may carry bytes that are not
    UTF-8 as surrogate escapes.
    """

    at: Verb
    action: Action
    when: Moment = Moment.BEFORE
    recipient: str = "*"
    times: int | None = None
    skip: int = 0
    code: int = 451
    text: str = "4.7.1 Try again later, says the sandbox"
    seconds: float = 0.0
    at_byte: int = 0
    size: int = 0
    line_bytes: int = 0
    limit: int = 0

    def __post_init__(self) -> None:
        for is_wrong, why in self._complaints():
            if is_wrong:
                raise FaultError(why)

    def _complaints(self) -> Iterator[tuple[bool, str]]:
        numbers = (self.skip, self.seconds, self.at_byte, self.size, self.line_bytes, self.limit)
        yield min(numbers) < 0, "A fault's numbers are zero or more."
        yield self.times is not None and self.times < 1, "times is at least 1, or null for always."
        yield self.code not in _CODES, "code is an SMTP reply code, 200 to 599."
        yield (
            self.recipient != "*" and self.at in _WITHOUT_RECIPIENT,
            f"No recipient is known at {self.at}; leave recipient at *.",
        )
        yield (
            self.action is Action.GREYLIST and self.at is not Verb.RCPT,
            "Greylisting is done at rcpt.",
        )
        yield (
            self.action is Action.LIMIT and self.at is not Verb.CONNECT,
            "A limit on connections works at connect.",
        )
        yield self.is_passing and not self.seconds, f"A {self.action} says how many seconds."
        yield (
            self.at is Verb.CONTENT
            and self.action not in {Action.DROP, Action.RESET, Action.STALL},
            "Within the content the line can only be dropped, reset or stalled.",
        )

    @property
    def is_passing(self) -> bool:
        """Tell whether the conversation goes on after this fault."""
        return self.action in _PASSING

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, as POST /faults takes them."""
        return asdict(self)

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


_ENUMS: Mapping[str, type[StrEnum]] = {"at": Verb, "action": Action, "when": Moment}
_TEXTS = frozenset({"recipient", "text"})


def _typed(name: str, value: object) -> Any:  # noqa: ANN401  every field has its own type
    if name in _ENUMS:
        try:
            return _ENUMS[name](str(value))
        except ValueError as wrong:
            choices = ", ".join(_ENUMS[name])
            raise FaultError(f"{name} is one of {choices}; not {value!r}.") from wrong
    if name in _TEXTS:
        wanted: tuple[type, ...] = (str,)
    elif name == "seconds":
        wanted = (int, float)
    else:
        wanted = (int,)
    is_always = name == "times" and value is None
    if not is_always and (isinstance(value, bool) or not isinstance(value, wanted)):
        raise FaultError(f"{name} has the wrong type: {value!r}.")
    return value


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    hits: int = 0
    first_tries: dict[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a conversation stands; at rcpt the recipients are the one the command names."""

    at: Verb
    sender: str = ""
    recipients: Sequence[str] = ()


class FaultPlan:
    """Holds the faults asked for and says which are due; safe to use from several threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Arm one more fault, after those already there."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """Forget every fault, and what greylisting remembered."""
        with self._lock:
            self._armed.clear()

    def listing(self) -> list[dict[str, object]]:
        """Return every fault with `hits`, how often it struck, in the order they were added."""
        with self._lock:
            return [armed.fault.as_json() | {"hits": armed.hits} for armed in self._armed]

    def due(self, step: Step, when: Moment, open_connections: int = 0) -> list[Fault]:
        """Count and return the faults that strike now; at most the last one ends the verb."""
        struck: list[Fault] = []
        with self._lock:
            for armed in self._armed:
                fault = armed.fault
                is_here = (fault.at, fault.when) == (step.at, when) and _matches(fault, step)
                is_full = fault.action is not Action.LIMIT or open_connections > fault.limit
                if not (is_here and is_full and self._strikes(armed, step)):
                    continue
                struck.append(fault)
                if not fault.is_passing:
                    break
        return struck

    def _strikes(self, armed: _Armed, step: Step) -> bool:
        fault = armed.fault
        if fault.times is not None and armed.hits >= fault.times:
            return False
        if fault.action is Action.GREYLIST and not self._is_grey(armed, step):
            return False
        armed.seen += 1
        if armed.seen <= fault.skip:
            return False
        armed.hits += 1
        return True

    def _is_grey(self, armed: _Armed, step: Step) -> bool:
        pair = (step.sender.lower(), step.recipients[-1].lower())
        now = self._now()
        first = armed.first_tries.setdefault(pair, now)
        return first == now or now - first < armed.fault.seconds


def _matches(fault: Fault, step: Step) -> bool:
    pattern = fault.recipient.lower()
    return pattern == "*" or any(fnmatchcase(to.lower(), pattern) for to in step.recipients)
