"""From the release to MAIL FROM with an idle worker, and the memory of a worker that works on."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.place import place
from benchmarks.processes import sink, workers
from benchmarks.throughput import SIZE, await_receipts

_START_S = 4.0
_PAUSE_S = 0.15
_LIMIT_MS = 25.0


def latency(*, releases: int) -> Figure:
    """Release one document at a time; the sink notes when MAIL FROM arrives."""
    with sink(0, keeps="records") as target, place() as here:
        from tests.load.scene import add_documents, release_all, set_scene  # noqa: PLC0415

        scene = set_scene(8)
        waiting = add_documents(scene, releases + 5, SIZE)
        with workers(1, here.variables(target, 8)) as started:
            time.sleep(_START_S)
            released_at = []
            for number, document in enumerate(waiting):
                release_all(scene, [document])
                released_at.append(time.time())  # after its commit: the clock of a person
                await_receipts(number + 1, started)
                time.sleep(_PAUSE_S)
        arrived = sorted(float(str(record["mail_at"])) for record in target.records())
    waits = [
        (heard - released) * 1000
        for heard, released in zip(arrived[5:], released_at[5:], strict=True)
    ]
    return Figure(
        name="release to MAIL FROM on a pooled connection, idle worker, median",
        value=statistics.median(waits),
        unit="ms",
        against=_LIMIT_MS,
        peer="limit in ms",
        bar=1.0,
        goal=0.5,
        is_limit=True,
    )


def memory(*, documents: int) -> Figure:
    """Compare a worker's resident memory after a tenth of the documents and after all of them."""
    with sink(0) as target, place() as here:
        from tests.load.scene import add_documents, release_all, set_scene  # noqa: PLC0415

        scene = set_scene(64)
        waiting = add_documents(scene, documents, SIZE)
        with workers(1, here.variables(target, 16)) as started:
            release_all(scene, waiting[: documents // 10])
            await_receipts(documents // 10, started)
            early = resident_mb(started[0].pid)
            release_all(scene, waiting[documents // 10 :])
            await_receipts(documents, started)
            late = resident_mb(started[0].pid)
    return Figure(
        name=f"worker memory after {documents:,} documents",
        value=late,
        unit="MB",
        against=early,
        peer=f"after {documents // 10:,}",
        bar=1.15,
        goal=1.05,
        is_limit=True,
    )


def resident_mb(pid: int) -> float:
    """Read a process's resident memory, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    message = f"Process {pid} tells no memory."
    raise RuntimeError(message)
