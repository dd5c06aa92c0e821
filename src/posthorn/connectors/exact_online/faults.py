"""Maps what Exact answers to the six outcomes.

Statuses and the words of `Reason` as in picqer/exact-php-client issues 54, 178, 416, 432, 451, 509,
528, 609 and 646, and in Exact's own restriction pages (copy of January 2026).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from posthorn.connectors.exact_online.odata import message_of
from posthorn.connectors.exact_online.settings import COMPANY, ROUTE
from posthorn.connectors.exact_online.spec import LIMITS
from posthorn.sdk import (
    AuthorizationLost,
    BudgetHeaders,
    Misconfigured,
    Outcome,
    RateLimited,
    Rejected,
    Response,
    Scope,
    Unavailable,
    Uncertain,
)

SHORTEST: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(hours=24)
_UNNAMED: Final = timedelta(seconds=60)
_BUSY: Final = timedelta(minutes=30)

_Make = Callable[[str, datetime], Outcome]


def _access(code: str, field: str = "") -> _Make:
    return lambda said, _: Misconfigured(code, field=field, detail=said)


def _company_busy(said: str, now: datetime) -> Outcome:
    # A back-up, a restore or a conversion: it ends by itself.
    return RateLimited("company_busy", until=now + _BUSY, scope=Scope.CLIENT, detail=said)


_REASONS: Final[dict[str, _Make]] = {
    "blockeduser": _access("user_blocked"),
    "inactiveuser": _access("user_blocked"),
    "blockedcustomer": _access("licence_ended", COMPANY),
    "licenseexpired": _access("licence_ended", COMPANY),
    "nodivisionaccess": _access("no_company_access", COMPANY),
    "divisionblocked": _company_busy,
}
_SCOPE_WORDS: Final = "application scope"


def detail_of(answer: Response) -> str:
    """Return the vendor's own words: status, machine word, message."""
    words = message_of(answer) or " ".join(answer.text()[:300].split())
    parts = (str(answer.status), answer.headers.get("reason", ""), words)
    return " ".join(part for part in parts if part)


def refused_write(answer: Response, now: datetime, *, is_mailbox: bool = False) -> Outcome:
    """Return what an answer to a POST comes to that is no success.

    A 500 with a readable message is Exact's way to refuse a document; the caller looks whether it
    was not taken all the same.
    """
    said = detail_of(answer)
    common = _common(answer, now, said)
    if common is not None:
        return common
    if answer.status == HTTPStatus.FORBIDDEN:
        return _forbidden(answer, now, said, is_mailbox=is_mailbox)
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Rejected("too_large", detail=said)
    if is_definite(answer):
        return Rejected("refused_by_exact", detail=said)
    return Uncertain("unreadable_answer", detail=said)


def is_definite(answer: Response) -> bool:
    """Tell whether an answer says for certain that nothing was taken."""
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return bool(message_of(answer))
    is_refusal = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_refusal and answer.status != HTTPStatus.REQUEST_TIMEOUT


def refused_read(answer: Response, now: datetime, *, is_mailbox: bool = False) -> Outcome:
    """Return what an answer to a GET comes to that is no success; nothing was changed by it."""
    said = detail_of(answer)
    common = _common(answer, now, said)
    if common is not None:
        return common
    if answer.status == HTTPStatus.FORBIDDEN:
        return _forbidden(answer, now, said, is_mailbox=is_mailbox)
    return Unavailable("lookup_failed", scope=Scope.DOCUMENT, detail=said)


def _common(answer: Response, now: datetime, said: str) -> Outcome | None:
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return AuthorizationLost(detail=said)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        until = now + wait_of(answer, now)
        return RateLimited(until=until, scope=Scope.CLIENT, detail=said)
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Unavailable("exact_unavailable", detail=said)
    return None


def _forbidden(answer: Response, now: datetime, said: str, *, is_mailbox: bool) -> Outcome:
    reason = answer.headers.get("reason", "").lower()
    for word, make in _REASONS.items():
        if word in reason:
            return make(said, now)
    if _SCOPE_WORDS in said.lower():
        return Misconfigured("app_not_approved", detail=said)
    if is_mailbox:
        return Misconfigured("no_postbox", field=ROUTE, detail=said)
    return Misconfigured("no_rights", field=COMPANY, detail=said)


def wait_of(answer: Response, now: datetime) -> timedelta:
    """Return how long a 429 asks to wait, between a second and a day.

    Only the exhausted family of headers is sent with one; their reset is by Exact's clock.
    """
    named = answer.headers.get("retry-after", "").strip()
    if named.isascii() and named.isdigit():
        return _bounded(timedelta(seconds=int(named[:9])))
    theirs = answer.date or now
    families = (LIMITS.day_headers, LIMITS.minute_headers)
    resets = [_reset(answer, family) for family in families if family]
    waits = [reset - theirs for reset in resets if reset]
    return _bounded(max(waits, default=_UNNAMED))


def _bounded(wait: timedelta) -> timedelta:
    return max(SHORTEST, min(wait, LONGEST))


def _reset(answer: Response, family: BudgetHeaders) -> datetime | None:
    if answer.headers.get(family.remaining, "").strip() not in ("0", ""):
        return None
    value = answer.headers.get(family.reset, "").strip()
    if not (value.isascii() and value.isdigit() and len(value) <= len("1683936000000")):
        return None
    return datetime.fromtimestamp(int(value) / 1000, tz=UTC)
