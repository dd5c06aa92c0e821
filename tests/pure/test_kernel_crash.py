from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posthorn.kernel import crash

SOURCE = Path(crash.__file__).parents[2]


class Deaths:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def test_unarmed_points_let_pass() -> None:
    deaths = Deaths()
    trap = crash.Trap(deaths)
    for name in sorted(crash.POINTS):
        trap.reach(name)

    assert deaths.count == 0


def test_armed_point_dies_at_the_nth_passage_and_only_then() -> None:
    deaths = Deaths()
    trap = crash.Trap(deaths)
    trap.arm("after_claim", 3)
    seen = []
    for _ in range(5):
        trap.reach("after_claim")
        seen.append(deaths.count)

    assert seen == [0, 0, 1, 1, 1]


def test_other_points_do_not_count() -> None:
    deaths = Deaths()
    trap = crash.Trap(deaths)
    trap.arm("after_reply")
    trap.reach("after_claim")
    trap.reach("mid_data")

    assert deaths.count == 0


def test_disarmed_point_lets_pass() -> None:
    deaths = Deaths()
    trap = crash.Trap(deaths)
    trap.arm("after_reply")
    trap.disarm()
    trap.reach("after_reply")

    assert deaths.count == 0


def test_arming_again_replaces_and_counts_from_the_start() -> None:
    deaths = Deaths()
    trap = crash.Trap(deaths)
    trap.arm("after_reply", 2)
    trap.reach("after_reply")
    trap.arm("mid_data", 2)
    trap.reach("after_reply")
    trap.reach("mid_data")
    assert deaths.count == 0

    trap.reach("mid_data")
    assert deaths.count == 1


def test_unknown_names_are_errors() -> None:
    trap = crash.Trap(Deaths())
    with pytest.raises(crash.UnknownPointError, match="'after_lunch'"):
        trap.arm("after_lunch")
    with pytest.raises(crash.UnknownPointError, match="'after_lunch'"):
        trap.reach("after_lunch")


def test_passages_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        crash.Trap(Deaths()).arm("mid_data", 0)


def test_process_dies_of_sigkill_without_clean_up() -> None:
    program = (
        "from posthorn.kernel import crash\n"
        "crash.arm('mid_data', 2)\n"
        "try:\n"
        "    crash.reach('mid_data')\n"
        "    print('once', flush=True)\n"
        "    crash.reach('mid_data')\n"
        "    print('twice', flush=True)\n"
        "finally:\n"
        "    print('clean-up', flush=True)\n"
    )
    ended = subprocess.run(  # noqa: S603 (our own interpreter, our own program)
        [sys.executable, "-c", program],
        capture_output=True,
        check=False,
        timeout=30,
        env={"PYTHONPATH": str(SOURCE)},
    )

    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout == b"once\n"
