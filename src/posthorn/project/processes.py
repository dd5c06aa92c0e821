"""Runs the site and the workers as processes, and ends them in order."""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from posthorn.postgres import ServeLock
from posthorn.project.env import SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from posthorn.project.env import Env

_log = logging.getLogger(__name__)
_END_WITHIN_S = 30
_LOOK_EVERY_S = 0.5
_RESTART_AFTER_S = 1.0


@contextmanager
def serving(data: Path) -> Iterator[None]:
    """Hold the right to serve this data folder. Raises AlreadyServingError, naming the other."""
    with ServeLock(data):
        yield


def run_web(env: Env) -> None:
    """Serve the site in this process until a signal ends it."""
    from granian.constants import Interfaces  # noqa: PLC0415  # starts slowly
    from granian.server import Server  # noqa: PLC0415

    host, port = env.listen
    demand_free_port(host, port)
    server = Server(
        "posthorn.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_access=False,
    )
    server.serve()


def demand_free_port(host: str, port: int) -> None:
    """Raise SettingError when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            message = f"{host}:{port}: {error.strerror}. Set POSTHORN_LISTEN to another port."
            raise SettingError(message) from None


def run_worker(env: Env) -> None:
    """Send and read until a signal ends it; a worker that lost its lease begins a new life."""
    from posthorn.delivery.worker import LeaseLostError, Pace, Worker  # noqa: PLC0415
    from posthorn.project.chores import Chores  # noqa: PLC0415

    pace = Pace(senders=env.senders, heartbeat=env.heartbeat, lease=env.lease, sweep=env.sweep)
    is_over = threading.Event()
    worker = Worker(pace)

    def end(_signal: int, _frame: FrameType | None) -> None:
        is_over.set()
        worker.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with Chores():
        while not is_over.is_set():
            try:
                worker.run()
            except LeaseLostError:
                _log.warning("This worker was declared dead while it was frozen; it begins anew.")
                worker = Worker(pace)


def serve(*, seconds: float) -> None:
    """Keep a web process and a worker process running until a signal, or for some seconds."""
    children = {name: _start(name) for name in ("web", "worker")}
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: is_over.set())
    end_at = time.monotonic() + seconds if seconds else float("inf")
    try:
        while not is_over.wait(_LOOK_EVERY_S) and time.monotonic() < end_at:
            for name, child in children.items():
                if child.poll() is not None:
                    _log.error("%s ended with code %s and is started again", name, child.returncode)
                    is_over.wait(_RESTART_AFTER_S)
                    children[name] = _start(name)
    finally:
        _end(children.values())


def _start(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "posthorn", name])  # noqa: S603  # ourselves


def _end(children: object) -> None:
    started = [child for child in children if child.poll() is None]  # type: ignore[attr-defined]
    for child in started:
        child.terminate()
    for child in started:
        try:
            child.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
