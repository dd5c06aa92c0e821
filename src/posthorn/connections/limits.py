"""How much a relay, or a recipient's domain, is given at once and in a minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3_600.0}
ANY_RELAY = "*"
ANY_DOMAIN = "@*"


class LimitError(ValueError):
    """Write POSTHORN_MAIL_LIMITS as the message says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What one relay or one domain bears; None is no limit of ours."""

    at_once: int | None = None  # per worker
    interval_s: float | None = None  # between two messages, of all workers together


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The operator's limits: by host:port of a relay, by @domain of a recipient."""

    by_key: Mapping[str, Limit] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.by_key)))

    def of_relay(self, name: str) -> Limit:
        """Return the limit of a relay, by its host:port."""
        return self._of(name.lower(), ANY_RELAY)

    def of_domain(self, domain: str) -> Limit:
        """Return the limit of a recipient's domain."""
        return self._of(f"@{domain.lower()}", ANY_DOMAIN)

    def _of(self, key: str, any_key: str) -> Limit:
        return self.by_key.get(key) or self.by_key.get(any_key) or Limit()


def parse_limits(texts: Iterable[str]) -> Limits:
    """Read `smtp.example:587=600/min`, `@import.example=4`, `*=8`, `@*=60/min`.

    A number alone is how many connections one worker holds; with a unit (s, min, h) it is how
    many messages all workers send in that time. Raises LimitError.
    """
    found: dict[str, Limit] = {}
    for text in texts:
        key, equals, value = (part.strip() for part in text.lower().partition("="))
        if not equals or not key:
            raise LimitError(_how_to(text))
        before = found.get(key, Limit())
        found[key] = _with(before, value, text)
    return Limits(by_key=found)


def _with(before: Limit, value: str, text: str) -> Limit:
    count, slash, unit = value.partition("/")
    if not count.isdecimal() or not int(count) or (slash and unit not in _SECONDS):
        raise LimitError(_how_to(text))
    if not slash:
        return Limit(at_once=int(count), interval_s=before.interval_s)
    return Limit(at_once=before.at_once, interval_s=_SECONDS[unit] / int(count))


def _how_to(text: str) -> str:
    return (
        f"POSTHORN_MAIL_LIMITS holds {text!r}; write smtp.example:587=600/min"
        " or @import.example=4 (also *=… for every relay, @*=… for every domain)."
    )
