"""Keeps `posthorn` commands running as processes, starts dead ones again and ends them in order."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

_log = logging.getLogger(__name__)
# systemd and Docker kill after a time of their own; in flight is cut short before that.
END_WITHIN_S = 30.0
_BACK_OFF_S = (1.0, 2.0, 5.0, 10.0, 30.0)
_SETTLED_AFTER_S = 60.0


class Child:
    """One command as a process of its own; it ends by itself when we die, however we die."""

    def __init__(self, name: str, command: Sequence[str], log: Path | None) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "posthorn", *command, "--with-parent"]
        self._log = log
        self._failures = 0
        self._started_at = 0.0
        self._again_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process. Its standard input stays open for as long as we live."""
        output = self._output()
        try:
            self._process = subprocess.Popen(  # noqa: S603  # ourselves
                self._command,
                stdin=subprocess.PIPE,
                stdout=output or sys.stderr,
                stderr=output or sys.stderr,
                start_new_session=True,  # Ctrl-C is for us: we end them in order
            )
        finally:
            if output is not None:
                output.close()
        self._started_at = time.monotonic()
        self._again_at = 0.0

    def _output(self) -> IO[bytes] | None:
        if self._log is None:
            return None
        self._log.parent.mkdir(parents=True, exist_ok=True)
        return self._log.open("ab")

    def look(self) -> bool:
        """Tell whether it runs; start it again once it has been down for its time."""
        if self._process is not None and self._process.poll() is None:
            return True
        if not self._again_at:
            self._note_end()
        if time.monotonic() < self._again_at:
            return False
        self.start()
        return True

    def _note_end(self) -> None:
        has_settled = time.monotonic() - self._started_at > _SETTLED_AFTER_S
        self._failures = 0 if has_settled else self._failures
        pause = _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
        self._failures += 1
        self._again_at = time.monotonic() + pause
        code = self._process.returncode if self._process else None
        _log.error("%s ended with code %s; it starts again in %g s", self.name, code, pause)

    def ask_to_end(self) -> None:
        """Send SIGTERM, on which it finishes what is in flight."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def await_end(self, seconds: float) -> None:
        """Wait, then kill what has not ended."""
        if self._process is None:
            return
        try:
            self._process.wait(max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            _log.warning("%s did not end in time and is killed", self.name)
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


class Family:
    """Several commands that run for as long as the context lasts; they end together."""

    def __init__(self, commands: Mapping[str, Sequence[str]], logs: Path | None = None) -> None:
        self._children = [
            Child(name, command, logs / f"{name}.log" if logs else None)
            for name, command in commands.items()
        ]

    def __enter__(self) -> Self:
        for child in self._children:
            child.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        deadline = time.monotonic() + END_WITHIN_S
        for child in self._children:
            child.ask_to_end()
        for child in self._children:
            child.await_end(deadline - time.monotonic())

    def look(self) -> Sequence[str]:
        """Start again what ended and has waited long enough; gives the names of what is down."""
        return [child.name for child in self._children if not child.look()]


def end_with_parent() -> None:
    """End this process in order when the parent's end of its standard input closes."""
    threading.Thread(target=_await_parent, name="parent", daemon=True).start()


def _await_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
