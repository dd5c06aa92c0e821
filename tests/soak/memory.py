"""The memory of one worker that serves thousands of integrations, all with work waiting."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn_sandbox.mail.sink import Sink, SinkSettings
from tests.crash.exact import set_exact_stage
from tests.crash.house import NON_FINAL
from tests.crash.stage import CALM, SENDER, lent_house

if TYPE_CHECKING:
    from tests.crash.exact import ExactStage
    from tests.crash.house import Forked, House
    from tests.database import Database

MOST_MB = 600
"""For 2,000 integrations on one worker."""
_EACH = 2  # documents: the second one meets whatever the first one left
_MAIL_SHARE = 4  # one integration by mail for so many before Exact Online
_SENDERS = 16  # as many as a worker has unless its operator says otherwise
_BYTES = 3_000
_MANY_S = 1_800
_ACCEPTED = "SELECT count(*) FROM delivery_delivery WHERE state IN ('accepted', 'delivered')"
_LEFT = "SELECT count(*) FROM delivery_delivery WHERE state = ANY(%s)"
_LANES = "SELECT count(*) FROM delivery_lane WHERE next_at <= clock_timestamp()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A worker's peak memory by the kernel's count, and its threads; the last two must be 0."""

    documents: int
    integrations: int
    waiting: int
    peak_mb: int
    threads: int
    too_big: int
    wrong: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figures that should be 0 and are not."""
        wrong = {"too_big": self.too_big, "wrong": self.wrong}
        return {name: value for name, value in wrong.items() if value}


def serve_many(integrations: int, seed: int) -> Measured:
    """Measure a worker that delivers for so many integrations."""
    del seed  # nothing here is left to chance
    with lent_house("memory") as lent:
        return measured(lent, integrations, most_mb=MOST_MB)


def measured(lent: tuple[House, Database], integrations: int, *, most_mb: int) -> Measured:
    """Release documents for every integration, then let one worker deliver them all."""
    by_mail = max(1, integrations // (_MAIL_SHARE + 1))
    by_exact = integrations - by_mail
    with Sink(SinkSettings()) as sink, set_exact_stage(lent, clients=by_exact) as stage:
        host, port = sink.smtp
        relay = {"mail_relay": f"smtp://{host}:{port}?tls=none", "mail_from": SENDER}
        stage.house.env |= relay
        stage.supply(by_exact * _EACH)
        _supply_mail(stage, by_mail)
        waiting = stage.house.one(_LANES)
        worker = stage.worker({**CALM, "senders": _SENDERS})
        peak_mb, threads = _watched(stage, worker)
        judged = stage.judged()
        accepted = stage.house.one(_ACCEPTED)
        return Measured(
            documents=integrations * _EACH,
            integrations=integrations,
            waiting=waiting,
            peak_mb=peak_mb,
            threads=threads,
            too_big=max(0, peak_mb - most_mb),
            wrong=abs(integrations - waiting)
            + abs(integrations * _EACH - accepted)
            + abs(by_mail * _EACH - sink.counts().messages)
            + sum(count for name, count in judged.complaints.items() if name != "not_delivered"),
        )


def _supply_mail(stage: ExactStage, clients: int) -> None:
    scene = stage.house.do("set_scene", clients=clients)
    for _ in range(_EACH):
        stage.house.do("supply", **scene, count=clients, size=_BYTES)


def _watched(stage: ExactStage, worker: Forked) -> tuple[int, int]:
    """Wait until nothing is left; gives the peak in MB and the most threads seen."""
    threads, end = 0, time.monotonic() + _MANY_S
    while stage.house.one(_LEFT, NON_FINAL):
        assert time.monotonic() < end, stage.house.plight()
        threads = max(threads, _status(worker, "Threads"))
        time.sleep(0.2)
    return _status(worker, "VmHWM") * 1_024 // 1_000_000, threads


def _status(worker: Forked, name: str) -> int:
    """Read a figure of the process itself; the peak of a parent would be that of its largest child.

    Memory is in kibibytes.
    """
    text = Path(f"/proc/{worker.pid}/status").read_text("ascii")
    found = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
    assert found, text
    return int(found[1])
