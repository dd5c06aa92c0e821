"""Starts and asks the processes that a measurement needs: a sink, workers, bare senders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkProcess:
    """A running sink: where it takes mail and where it tells what it took."""

    host: str
    port: int
    control: str

    def counts(self) -> dict[str, float]:
        """Ask what has arrived since the last reset."""
        counted: dict[str, float] = _ask(self.control)
        return counted

    def records(self) -> list[dict[str, object]]:
        """Ask for every message that was taken."""
        kept: list[dict[str, object]] = _ask(f"{self.control}records")
        return kept

    def reset(self) -> None:
        """Forget what has arrived."""
        _ask(self.control, method="DELETE")


def _ask(url: str, method: str = "GET") -> Any:  # noqa: ANN401  # whatever JSON it tells
    with urlopen(Request(url, method=method), timeout=_TIMEOUT_S) as answer:  # noqa: S310  # loopback
        body = answer.read()
    return json.loads(body) if body else None


@contextmanager
def sink(delay_ms: float, *, keeps: str = "counts") -> Iterator[SinkProcess]:
    """Run a sink that answers the final dot after a delay."""
    command = [sys.executable, "-m", "posthorn_sandbox.mail.sink", "--port", "0"]
    command += ["--delay-ms", str(delay_ms), "--keeps", keeps]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            told = json.loads(process.stdout.readline() if process.stdout else "{}")
            host, port = told["smtp"]
            yield SinkProcess(host=host, port=port, control=told["control"])
        finally:
            process.terminate()


@contextmanager
def workers(count: int, variables: Mapping[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run worker processes of the product."""
    command = [sys.executable, "-m", "benchmarks.worker"]
    started = [subprocess.Popen(command, env=dict(variables)) for _ in range(count)]  # noqa: S603
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(_TIMEOUT_S)


def bare_senders(target: SinkProcess, *, processes: int, threads: int, each: int) -> float:
    """Send with bare smtplib on reused connections; gives messages per second."""
    command = [sys.executable, "-m", "benchmarks.bare", target.host, str(target.port)]
    command += [str(threads), str(each)]
    started = [
        subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ, text=True
        )
        for _ in range(processes)
    ]
    for process in started:
        if process.stdout:
            process.stdout.readline()  # it is connected
    told = [process.communicate("go\n", timeout=600)[0] for process in started]
    spans: list[tuple[float, float]] = [json.loads(line) for line in told]
    begun, ended = min(span[0] for span in spans), max(span[1] for span in spans)
    return processes * threads * each / (ended - begun)
