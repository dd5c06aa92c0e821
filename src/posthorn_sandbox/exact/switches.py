"""What is unknown about the real service, or may be wanted otherwise: each a named switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

_ENTRIES = ("purchaseentry/PurchaseEntries", "salesentry/SalesEntries")
_CHOICES: Mapping[str, tuple[object, ...]] = {
    "too_early_status": (400, 401),
    "old_refresh_status": (400, 401),
    "token_limit_status": (400, 401, 429),
    "unknown_division_status": (403, 404),
    "xml_accept_status": (406, 415),
    "attachment_put_status": (404, 405),
    "too_large_status": (400, 413),
    "mandatory_status": (400, 500),
    "missing_right_status": (401, 403),
    "blocked_status": (403, 429, 503),
    "client_guid": ("ignored", "honoured"),
    "int64_literal": ("both", "plain", "suffixed"),
    "me_counts_against": ("current", "nothing"),
}


class SwitchError(ValueError):
    """Change the switch's name or value; the message says which are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """One value a switch; docs/reference/sandbox-exact.md says what each one does."""

    auto_consent: bool = False
    auto_consent_user: str = ""
    loopback_redirects: bool = False
    old_access_token_dies: bool = True
    refresh_grace_s: int = 0
    too_early_status: int = 400
    old_refresh_status: int = 401
    token_limit_status: int = 429
    token_calls_a_day: int = 200
    minute_limit: int = 60
    day_limit: int = 5000
    retry_after: bool = False
    me_counts_against: str = "current"
    error_limit: int = 10
    errors_that_count: tuple[int, ...] = (400, 401, 403, 404)
    blocked_status: int = 429
    unknown_division_status: int = 403
    xml_accept_status: int = 406
    attachment_put_status: int = 405
    int64_literal: str = "both"
    wraps_top: bool = False
    demands_select: tuple[str, ...] = _ENTRIES
    needs_prefer: bool = False
    max_url: int = 6000
    client_guid: str = "ignored"
    max_attachment_bytes: int = 25_000_000
    too_large_status: int = 413
    max_subject: int = 0
    mandatory_status: int = 500
    missing_right_status: int = 403
    limit_body: str = ""
    statement_type: int = 0
    ubl_makes_proposal: bool = False
    regenerate_makes_proposal: bool = False
    proposal_types: tuple[int, ...] = (20,)
    processed_file_types: tuple[int, ...] = ()
    clock_skew_s: int = 0
    latency_ms: int = 0

    def changed(self, given: Mapping[str, object]) -> Self:
        """Return these switches with others' values. Raises SwitchError."""
        known = {known.name: getattr(self, known.name) for known in fields(self)}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise SwitchError(f"There is no switch {', '.join(unknown)}.")
        return replace(self, **{name: _read(name, known[name], given[name]) for name in given})

    def as_json(self) -> dict[str, object]:
        """Return every switch by its name, as PATCH /switches takes them."""
        return asdict(self)


def _read(name: str, now: object, given: object) -> Any:  # noqa: ANN401  every switch has its type
    if isinstance(now, tuple) and isinstance(given, list):
        kind = str if name == "demands_select" else int
        if not all(isinstance(one, kind) for one in given):
            raise SwitchError(f"{name} is a list of {kind.__name__}.")
        return tuple(given)
    if type(given) is not type(now):
        raise SwitchError(f"{name} is a {type(now).__name__}, not {given!r}.")
    if isinstance(given, int) and given < 0 and name != "clock_skew_s":
        raise SwitchError(f"{name} is zero or more.")
    choices = _CHOICES.get(name)
    if choices is not None and given not in choices:
        raise SwitchError(f"{name} is one of {', '.join(map(str, choices))}.")
    return given
