"""Every answer that is no success is one of the six outcomes, with a stable code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posthorn.connectors.exact_online.faults import refused_read, refused_write, wait_of
from posthorn.connectors.exact_online.tests.fake import answer, refusal
from posthorn.sdk import (
    AuthorizationLost,
    Misconfigured,
    Outcome,
    RateLimited,
    Rejected,
    Response,
    Scope,
    Unavailable,
    Uncertain,
)

NOW = datetime(2026, 11, 20, 12, 0, 10, tzinfo=UTC)
DATE = "Fri, 20 Nov 2026 12:00:10 GMT"
MINUTE_RESET = str(int(datetime(2026, 11, 20, 12, 1, tzinfo=UTC).timestamp() * 1000))
DAY_RESET = str(int(datetime(2026, 11, 21, tzinfo=UTC).timestamp() * 1000))
SCOPE = "Forbidden - Application Scope Violated. Cannot read"


@pytest.mark.parametrize(
    ("said", "kind", "code", "field"),
    [
        (refusal(400, "Ongeldige request"), Rejected, "refused_by_exact", ""),
        (answer(400), Rejected, "refused_by_exact", ""),
        (refusal(404, "Not found"), Rejected, "refused_by_exact", ""),
        (answer(405), Rejected, "refused_by_exact", ""),
        (answer(413), Rejected, "too_large", ""),
        (answer(401), AuthorizationLost, "authorization_lost", ""),
        (answer(403, None, reason="NoDivisionAccess"), Misconfigured, "no_company_access",
         "company"),
        (answer(403, None, reason="BlockedUser"), Misconfigured, "user_blocked", ""),
        (answer(403, None, reason="InactiveUser"), Misconfigured, "user_blocked", ""),
        (answer(403, None, reason="LicenseExpired"), Misconfigured, "licence_ended", "company"),
        (answer(403, None, reason="BlockedCustomer"), Misconfigured, "licence_ended", "company"),
        (answer(403, None, reason="DivisionBlocked: x"), RateLimited, "company_busy", ""),
        (refusal(403, SCOPE), Misconfigured, "app_not_approved", ""),
        (answer(403), Misconfigured, "no_rights", "company"),
        (answer(408), Uncertain, "unreadable_answer", ""),
        (refusal(500, "Gegeven bestaat reeds."), Rejected, "refused_by_exact", ""),
        (answer(500), Uncertain, "unreadable_answer", ""),
        (answer(502), Uncertain, "unreadable_answer", ""),
        (refusal(502, "words"), Uncertain, "unreadable_answer", ""),
        (answer(503), Unavailable, "exact_unavailable", ""),
        (answer(504), Uncertain, "unreadable_answer", ""),
        (answer(302), Uncertain, "unreadable_answer", ""),
        (answer(429), RateLimited, "rate_limited", ""),
    ],
)  # fmt: skip
def test_refused_write_is_one_outcome(
    said: Response, kind: type[Outcome], code: str, field: str
) -> None:
    outcome = refused_write(said, NOW)

    assert (type(outcome), outcome.code) == (kind, code)
    assert getattr(outcome, "field", "") == field


@pytest.mark.parametrize("status", [400, 404, 408, 500, 502, 302])
def test_refused_question_can_be_asked_again_for_this_document(status: int) -> None:
    outcome = refused_read(answer(status), NOW)

    assert isinstance(outcome, Unavailable)
    assert (outcome.code, outcome.scope) == ("lookup_failed", Scope.DOCUMENT)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, AuthorizationLost), (503, Unavailable), (429, RateLimited), (403, Misconfigured)],
)
def test_question_tells_trouble_that_is_not_its_own(status: int, kind: type[Outcome]) -> None:
    assert type(refused_read(answer(status), NOW)) is kind


def test_forbidden_postbox_names_the_route() -> None:
    outcome = refused_write(answer(403), NOW, is_mailbox=True)

    assert isinstance(outcome, Misconfigured)
    assert (outcome.code, outcome.field) == ("no_postbox", "route")


def test_vendors_words_are_kept_with_status_and_machine_word() -> None:
    outcome = refused_write(refusal(403, "Geen toegang", reason="NoDivisionAccess"), NOW)

    assert outcome.detail == "403 NoDivisionAccess Geen toegang"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, 60),
        ({"retry_after": "5"}, 5),
        ({"retry_after": "0"}, 1),
        ({"retry_after": "999999999"}, 86_400),
        ({"retry_after": "soon"}, 60),
        ({"x_ratelimit_minutely_remaining": "0", "x_ratelimit_minutely_reset": MINUTE_RESET}, 50),
        ({"x_ratelimit_minutely_reset": MINUTE_RESET}, 50),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": DAY_RESET}, 43_190),
        # Calls are left: parallel ones are refused all the same (picqer 528, 646).
        ({"x_ratelimit_minutely_remaining": "41", "x_ratelimit_minutely_reset": MINUTE_RESET}, 60),
        ({"x_ratelimit_minutely_remaining": "0", "x_ratelimit_minutely_reset": "x"}, 60),
        ({"x_ratelimit_minutely_remaining": "0", "x_ratelimit_minutely_reset": "1" * 30}, 60),
        ({"x_ratelimit_minutely_remaining": "0", "x_ratelimit_minutely_reset": "1"}, 1),
    ],
)
def test_limit_waits_as_long_as_it_says(headers: dict[str, str], wait: int) -> None:
    assert wait_of(answer(429, None, **headers), NOW) == timedelta(seconds=wait)


def test_wait_goes_by_their_clock_and_not_by_ours() -> None:
    headers = {"x_ratelimit_minutely_remaining": "0", "x_ratelimit_minutely_reset": MINUTE_RESET}
    ours = NOW + timedelta(hours=3)

    assert wait_of(answer(429, None, date=DATE, **headers), ours) == timedelta(seconds=50)


def test_limits_and_busy_companies_slow_one_client_alone() -> None:
    limited = refused_write(answer(429), NOW)
    busy = refused_write(answer(403, None, reason="DivisionBlocked"), NOW)

    assert isinstance(limited, RateLimited)
    assert isinstance(busy, RateLimited)
    assert (limited.scope, busy.scope) == (Scope.CLIENT, Scope.CLIENT)
    assert busy.until == NOW + timedelta(minutes=30)
