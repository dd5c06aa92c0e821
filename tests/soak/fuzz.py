"""Spoiled files of every kind, for as long as asked: no crash, no hang, no error without a name."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypedDict

from tests.database import ROOT

KINDS: Final = ("XML", "CODA", "MT940", "PDF")
KEPT: Final = ROOT / "build" / "fuzz"
_SPARE_S: Final = 90
_HUNG: Final = (-signal.SIGPROF, -signal.SIGALRM)


class Told(TypedDict):
    """What a process tells at its end."""

    slowest: float
    ends: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """What came of it; all but the first four must be 0."""

    documents: int = 0
    refused: int = 0
    kinds_of_end: int = 0
    slowest_ms: int = 0
    crashes: int = 0
    hangs: int = 0
    untyped: int = 0

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = {"crashes": self.crashes, "hangs": self.hangs, "untyped": self.untyped}
        return {name: count for name, count in wrong.items() if count}


def fuzz(kind: str, seconds: float, seed: int) -> Fuzzed:
    """Read spoiled files of a kind so long; what ends the reading is kept in build/fuzz/."""
    until, crashes, hangs = time.monotonic() + seconds, 0, 0
    ends: Counter[str] = Counter()
    slowest = 0.0
    while (left := until - time.monotonic()) > 0:
        code, told = _read(kind, left, seed + crashes + hangs)
        if told is None:
            crashes += code not in _HUNG
            hangs += code in _HUNG
            continue
        slowest = told["slowest"]
        ends.update(told["ends"])
        break
    return Fuzzed(
        documents=sum(ends.values()),
        refused=sum(count for name, count in ends.items() if "." in name),
        kinds_of_end=len(ends),
        slowest_ms=round(slowest * 1000),
        crashes=crashes,
        hangs=hangs,
        untyped=ends["untyped"],
    )


def _read(kind: str, seconds: float, seed: int) -> tuple[int, Told | None]:
    """Run one process; gives how it ended, and what it told when it ended well."""
    with TemporaryDirectory() as folder:
        in_hand = Path(folder) / "in-hand"
        command = [sys.executable, "-m", "tests.soak.reading", kind, str(seed), str(seconds)]
        done = subprocess.run(  # noqa: S603  # our own program
            [*command, str(in_hand)],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=seconds + _SPARE_S,
        )
        _keep(Path(folder), f"{kind}-{seed}", ended_well=done.returncode == 0)
    if done.returncode:
        return done.returncode, None
    return 0, json.loads(done.stdout.splitlines()[-1])


def _keep(folder: Path, name: str, *, ended_well: bool) -> None:
    for found in folder.iterdir():
        if found.name != "in-hand" or not ended_well:
            KEPT.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, KEPT / f"{name}-{found.name}")
