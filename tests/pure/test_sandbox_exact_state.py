"""Clock, limits, chains and switches of the stand-in for Exact Online, without a server."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn_sandbox.exact.clock import Clock, ClockError, read_time, utc_offset_s, wall_ms
from posthorn_sandbox.exact.limits import Combination, ErrorBudget, Windows
from posthorn_sandbox.exact.store import Store
from posthorn_sandbox.exact.switches import SwitchError, Switches
from posthorn_sandbox.exact.tokens import Consent, TokenError, Tokens

ROOT = Path(__file__).parents[2]
NOON = 1_795_176_000.0  # 2026-11-20T12:00:00Z


@dataclass(slots=True)
class Hand:
    """A clock's hand that a test moves."""

    at: float = NOON

    def now(self) -> float:
        return self.at


def test_clock_runs_from_its_anchor_times_its_factor() -> None:
    hand = Hand(1000.0)
    clock = Clock(hand.now)

    told = [clock.now()]
    clock.set(NOON)
    clock.run(60)
    hand.at += 10
    told.append(clock.now())
    clock.advance(5)
    clock.run(1)
    hand.at += 10
    told.append(clock.now())
    clock.reset()

    assert told == [1000.0, NOON + 600, NOON + 615]
    assert clock.now() == 1020.0


@given(st.floats(0.001, 10_000), st.floats(-1e6, 1e6), st.floats(0, 1e5))
def test_clock_that_is_restored_tells_the_same_time(
    factor: float, skipped: float, spent: float
) -> None:
    hand = Hand()
    clock, other = Clock(hand.now), Clock(hand.now)
    clock.run(factor)
    clock.advance(skipped)

    other.restore(clock.as_json())
    hand.at += spent

    assert other.now() == clock.now()


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_clock_takes_no_factor_that_stops_it(factor: float) -> None:
    with pytest.raises(ClockError):
        Clock().run(factor)


def test_wall_clock_is_ahead_by_one_hour_and_by_two_in_summer() -> None:
    summer = read_time("2026-07-01T14:16:40+00:00")

    assert [utc_offset_s(one) for one in (NOON, summer)] == [3600, 7200]
    assert wall_ms(NOON) == int(NOON * 1000) + 3_600_000


def test_windows_are_of_the_clocks_minute_and_of_the_day_in_utc() -> None:
    hand, store = Hand(NOON + 59), Store()
    windows = Windows(store, hand.now, lambda: Switches(minute_limit=1, day_limit=3))

    allowed = [windows.count("app", 1).is_allowed for _ in range(2)]
    hand.at += 1
    allowed += [windows.count("app", 1).is_allowed, windows.count("app", 2).is_allowed]
    hand.at += 60
    allowed.append(windows.count("app", 1).is_allowed)
    hand.at += 60
    refused = windows.count("app", 1)
    hand.at = NOON + 12 * 3_600
    allowed.append(windows.count("app", 1).is_allowed)

    assert allowed == [True, False, True, True, True, True]
    assert refused.headers == (
        ("X-RateLimit-Limit", "3"),
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Reset", "1795219200000"),
    )


def test_errors_of_other_endpoints_users_and_divisions_are_counted_apart() -> None:
    hand = Hand()
    budget = ErrorBudget(hand.now, Switches)
    one = Combination("app", "user", 1, "a/B")
    others = [
        Combination("app", "other", 1, "a/B"),
        Combination("app", "user", 2, "a/B"),
        Combination("app", "user", 1, "a/C"),
    ]

    for _ in range(11):
        budget.count(one, 404)
    for status in (429, 500, 503, 200) * 5:
        budget.count(others[0], status)

    assert [budget.is_blocked(each) for each in (one, *others)] == [True, False, False, False]


def issue(tokens: Tokens, user: str = "an") -> dict[str, str]:
    consent = Consent(client_id="app", user=user, redirect_uri="https://x")
    return tokens.exchange("app", tokens.write_code(consent), "https://x")


def test_chain_of_a_hundred_refreshes_has_one_live_pair() -> None:
    hand = Hand()
    tokens = Tokens(Store(), hand.now, Switches)
    pairs = [issue(tokens)]
    for _ in range(100):
        hand.at += 570
        pairs.append(tokens.refresh("app", pairs[-1]["refresh_token"]))

    for old in pairs[:-1]:
        with pytest.raises(TokenError) as refused:
            tokens.refresh("app", old["refresh_token"])
        assert (refused.value.status, refused.value.error) == (401, "unauthorized_client")
    hand.at += 570
    assert tokens.refresh("app", pairs[-1]["refresh_token"])["expires_in"] == "600"


def test_unused_chain_lives_on_as_long_as_it_is_used_within_30_days() -> None:
    hand = Hand()
    tokens = Tokens(Store(), hand.now, Switches)
    pair = issue(tokens)

    for _ in range(5):
        hand.at += 29 * 86_400
        pair = tokens.refresh("app", pair["refresh_token"])
    hand.at += 31 * 86_400

    with pytest.raises(TokenError) as refused:
        tokens.refresh("app", pair["refresh_token"])
    assert refused.value.description.startswith("The refresh token expired at ")


def test_token_of_one_app_is_worth_nothing_to_another() -> None:
    hand = Hand()
    tokens = Tokens(Store(), hand.now, Switches)
    pair = issue(tokens)
    hand.at += 600

    with pytest.raises(TokenError) as refused:
        tokens.refresh("other", pair["refresh_token"])

    assert refused.value.error == "invalid_grant"
    assert tokens.refresh("app", pair["refresh_token"])["expires_in"] == "600"


def test_store_keeps_records_and_files_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "state"
    store = Store(path)
    for name in ("b", "a", "c"):
        store.put("letters", name, {"name": name})
    store.put("letters", "b", {"name": "B"})
    store.remove("letters", "c")
    store.put_content("file", b"YWJj")
    store.close()

    again = Store(path)

    assert list(again.table("letters").values()) == [{"name": "B"}, {"name": "a"}]
    assert (again.content("file"), again.digest("file")[:8]) == (b"abc", "ba7816bf")
    again.clear_contents()
    with pytest.raises(KeyError):
        again.content("file")
    again.close()


def test_switch_takes_a_value_of_its_own_kind_only() -> None:
    usual = Switches()

    assert usual.changed({"minute_limit": 5, "demands_select": []}).as_json() == (
        usual.as_json() | {"minute_limit": 5, "demands_select": ()}
    )
    for name, value in (("minute_limit", True), ("retry_after", 1), ("client_guid", "maybe")):
        with pytest.raises(SwitchError):
            usual.changed({name: value})


def test_every_switch_and_every_address_of_the_admin_surface_is_in_the_documentation() -> None:
    page = (ROOT / "docs/reference/sandbox-exact.md").read_text("utf-8")

    assert [one.name for one in fields(Switches) if f"`{one.name}`" not in page] == []
