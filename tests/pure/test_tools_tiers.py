from __future__ import annotations

import socket
from collections import Counter
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError

from tests.tiers import BUDGETS, ROOT, Tally, group_of, line_of, tier_of


@pytest.mark.parametrize(
    ("path", "tier"),
    [
        (ROOT / "tests/pure/test_a.py", "pure"),
        (ROOT / "tests/pure/documents/deep/test_a.py", "documents"),
        (ROOT / "tests/db/deep/test_a.py", "db"),
        (ROOT / "tests/process/test_a.py", "process"),
        (ROOT / "tests/browser/test_a.py", "browser"),
        (ROOT / "src/posthorn/connectors/yuki/tests/test_a.py", "pure"),
        (ROOT / "src/posthorn/connectors/yuki/tests/process/test_a.py", "process"),
        (Path("/elsewhere/db/test_a.py"), "pure"),
    ],
)
def test_folder_decides_the_tier(path: Path, tier: str) -> None:
    assert tier_of(path) == tier


def test_time_over_the_budget_is_said() -> None:
    tally = Tally(outcomes=Counter(passed=3, failed=1), first=100.0, last=171.5)

    assert line_of("pure", tally) == "pure        71.5 s of  40 s  1 failed, 3 passed  OVER BUDGET"


def test_budgets_fit_a_third_of_an_hour() -> None:
    assert sum(BUDGETS.values()) <= 1_200


def test_a_file_names_the_group_that_one_worker_runs() -> None:
    assert group_of(ROOT / "tests/process/test_serve.py") == "serve"
    assert group_of(ROOT / "tests/process/test_exact_outage.py") == "engine-exact"
    assert group_of(ROOT / "tests/pure/test_kernel_backoff.py") is None
    assert group_of(ROOT / "tests/browser/test_walk_lists.py") is None


def test_pure_test_may_not_open_a_socket() -> None:
    with pytest.warns(UserWarning, match=r"socket\.socket"), pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET)
