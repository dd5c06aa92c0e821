"""Runs the site, or a worker, in this process until a signal ends it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

from posthorn.kernel.memory import tune_collector
from posthorn.project.children import END_WITHIN_S, Family

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from posthorn.project.env import Env

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.5
_IN_FLIGHT_S = END_WITHIN_S - 5.0
_REQUESTS_END_WITHIN_S = 10


class PortTakenError(Exception):
    """Set POSTHORN_LISTEN to another port, or stop the program that has this one."""


class StillInFlightError(Exception):
    """Nothing to do: another worker checks what was in flight, and sends nothing twice blindly."""


def run_web(env: Env) -> None:
    """Serve the site in this process until a signal ends it. Raises PortTakenError."""
    from granian.constants import Interfaces  # noqa: PLC0415  # starts slowly
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    host, port = env.listen
    demand_free_port(host, port)
    # A forked child would share this process's database connections and half its threads.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "posthorn.project.wsgi:application",
        address=host.strip("[]"),
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        workers_kill_timeout=_REQUESTS_END_WITHIN_S,
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=load_application)


def load_application(_target: str) -> Callable[..., Any]:
    """Load the site in a serving process, which ends when the process that started it dies."""
    threading.Thread(target=_end_without_parent, name="parent", daemon=True).start()
    from django.urls import get_resolver  # noqa: PLC0415  # in the serving process alone

    from posthorn.project.wsgi import application  # noqa: PLC0415

    get_resolver().check()  # loads every page, or the first who comes waits for it
    tune_collector()
    return application


def _end_without_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    connection.wait([parent.sentinel])
    # It would hold the port on for ever, and nobody could start the site again.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_REQUESTS_END_WITHIN_S)
    os.kill(os.getpid(), signal.SIGKILL)


def demand_free_port(host: str, port: int) -> None:
    """Raise PortTakenError when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
            probe.listen(1)
        except OSError as error:
            message = (
                f"{host}:{port} cannot be listened on ({error.strerror or error}):"
                " set POSTHORN_LISTEN to another address and port."
            )
            raise PortTakenError(message) from None


def run_worker(env: Env) -> None:
    """Send and read until a signal ends it; a worker that lost its lease begins a new life.

    Raises StillInFlightError when what was in flight did not end in time.
    """
    from posthorn.delivery.worker import (  # noqa: PLC0415  # needs Django
        LeaseLostError,
        Pace,
        Worker,
    )
    from posthorn.project.chores import Chores  # noqa: PLC0415

    pace = Pace(senders=env.senders, heartbeat=env.heartbeat, lease=env.lease, sweep=env.sweep)
    is_over = threading.Event()
    worker = Worker(pace)

    def end(_signal: int, _frame: FrameType | None) -> None:
        is_over.set()
        worker.stop()
        signal.setitimer(signal.ITIMER_REAL, _IN_FLIGHT_S)

    signal.signal(signal.SIGALRM, _cut_short)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with Chores():
        while not is_over.is_set():
            try:
                worker.run()
            except LeaseLostError:
                _log.warning("This worker was declared dead while it was frozen; it begins anew.")
                worker = Worker(pace)


def _cut_short(_signal: int, _frame: FrameType | None) -> None:
    message = (
        f"Something was still in flight after {_IN_FLIGHT_S:g} s and was left;"
        " the next worker checks what became of it."
    )
    raise StillInFlightError(message)


def run_bounces() -> None:
    """Take bounces in until a signal ends it. Raises NoDoorError, DoorError."""
    from posthorn.delivery.bounces.serving import serve as take_in  # noqa: PLC0415  # Django

    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: is_over.set())
    take_in(is_over)


def serve(env: Env, *, seconds: float) -> None:
    """Keep a web process and a worker process running until a signal, or for some seconds."""
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: is_over.set())
    end_at = time.monotonic() + seconds if seconds else float("inf")
    host, port = env.listen
    commands = {"web": ["web"], "worker": ["worker"]}
    if env.bounce_listen or env.bounce_mailbox:
        commands["bounces"] = ["bounces", "listen"]
    with Family(commands) as family:
        _log.info("Posthorn is served at http://%s:%s/ (stop with Ctrl-C)", host, port)
        while not is_over.wait(_LOOK_EVERY_S) and time.monotonic() < end_at:
            family.look()
