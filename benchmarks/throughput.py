"""Documents a second from the release to the committed reply, against bare smtplib."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from benchmarks.place import clock, last_receipt, place, received
from benchmarks.processes import bare_senders, sink, workers

if TYPE_CHECKING:
    from collections.abc import Sequence

PROCESSES = 2
THREADS = 8
SIZE = 60_000
SMALL = 3_000
_START_S = 4.0
_LIMIT_S = 300.0


def throughput(*, documents: int, lanes: int, delay_ms: float, bar: float, goal: float) -> Figure:
    """Release documents while workers stand ready, and wait until all replies are committed.

    The peer sends as many mails of the same size over as many connections into the same sink,
    half of them before and half after.
    """
    with sink(delay_ms) as target, place() as here:
        from tests.load.scene import add_documents, release_all, set_scene  # noqa: PLC0415

        scene = set_scene(lanes)
        waiting = add_documents(scene, documents, SIZE)
        each = max(documents // (PROCESSES * THREADS) // 2, 10)
        peers = [bare_senders(target, processes=PROCESSES, threads=THREADS, each=each)]
        with workers(PROCESSES, here.variables(target, THREADS)) as started:
            time.sleep(_START_S)
            begun = clock()
            release_all(scene, waiting)
            await_receipts(documents, started)
            seconds = (last_receipt() - begun).total_seconds()
        peers.append(bare_senders(target, processes=PROCESSES, threads=THREADS, each=each))
    answer = f"answer after {delay_ms:g} ms" if delay_ms else "answer at once"
    return Figure(
        name=f"{documents:,} documents of 60 kB in {lanes:,} lanes, {answer}",
        value=documents / seconds,
        unit="documents/s",
        against=sum(peers) / len(peers),
        peer="bare smtplib",
        bar=bar,
        goal=goal,
    )


def await_receipts(count: int, started: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until that many receipts are committed; raises TimeoutError, or when a worker ended."""
    deadline = time.monotonic() + _LIMIT_S
    while received() < count:
        if any(process.poll() is not None for process in started):
            message = "A worker ended during the measurement."
            raise RuntimeError(message)
        if time.monotonic() > deadline:
            message = f"{received()} of {count} receipts after {_LIMIT_S:g} s."
            raise TimeoutError(message)
        time.sleep(0.05)


def flatness(*, few: int, many: int, sent: int) -> Figure:
    """Compare the rate with which the first documents of a small and of a large backlog leave."""
    small, large = (_rate_from_backlog(queued, sent) for queued in (few, many))
    return Figure(
        name=f"rate of the first {sent:,} with {many:,} queued instead of {few:,}",
        value=large,
        unit="documents/s",
        against=small,
        peer=f"{few:,} queued",
        bar=0.8,
        goal=0.95,
    )


def _rate_from_backlog(queued: int, sent: int) -> float:
    with sink(0) as target, place() as here:
        from tests.load.scene import add_documents, release_all, set_scene  # noqa: PLC0415

        scene = set_scene(64)
        release_all(scene, add_documents(scene, queued, SMALL, is_synced=False))
        with workers(PROCESSES, here.variables(target, THREADS)) as started:
            await_receipts(100, started)  # it is warm
            begun, first = clock(), received()
            await_receipts(sent, started)
            seconds, done = (clock() - begun).total_seconds(), received() - first
    return done / seconds
