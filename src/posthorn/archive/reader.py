"""Reads documents in a small pool of child processes that may crash, hang or swell at no cost."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings

from posthorn.archive.child import LENGTH
from posthorn.archive.wire import Refusal, WireError, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from posthorn.archive.examined import Examined

_DOCUMENTS_PER_CHILD = 500
_MAX_ANSWER = 8 * 1024 * 1024
_START_TIMEOUT_S = 60.0
_CHILD = "posthorn.archive.child"
Answer = TypeVar("Answer")


def command_of(module: str) -> tuple[str, ...]:
    """Give the command that starts a child process of ours."""
    return (sys.executable, "-P", "-m", module)


class Failure(StrEnum):
    """What became of a child process while it read."""

    CRASHED = "reader_crashed"
    TIMED_OUT = "reader_timed_out"
    OUT_OF_MEMORY = "reader_out_of_memory"
    INTERNAL = "reader_internal_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child process may use: bytes of memory and of an answer, seconds per document."""

    memory: int
    timeout_s: float
    answer: int = _MAX_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A reading that came to nothing; it counts against the document."""

    failure: Failure
    detail: str = ""


class Child(Generic[Answer]):
    """One reading process; after a failure it is gone and another one takes its place."""

    def __init__(
        self, limits: Limits, command: tuple[str, ...], understand: Callable[[Any], Answer]
    ) -> None:
        self._limits = limits
        self._command = command
        self._understand = understand
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def read(self, data: bytes) -> Answer | Failed:
        """Have the process read a document."""
        if self._process is None:
            self._start()
        answer = self._ask(data)
        self._served += 1
        if isinstance(answer, Failed) or self._served >= _DOCUMENTS_PER_CHILD:
            self.stop()
        return answer

    def stop(self) -> None:
        """End the process; the next document starts another."""
        process, self._process = self._process, None
        self._served = 0
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _start(self) -> None:
        seconds = str(max(1, round(self._limits.timeout_s)))
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [*self._command, str(self._limits.memory), seconds],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nothing of ours is handed down but where the code lies: no key, no password.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.defpath},
            start_new_session=True,
        )
        with self._deadline(_START_TIMEOUT_S):
            self._receive()

    def _ask(self, data: bytes) -> Answer | Failed:
        with self._deadline(self._limits.timeout_s) as has_passed:
            try:
                _send(_pipe(self._process, "stdin"), data)
                return self._understand(self._receive())
            except (OSError, EOFError):
                return Failed(failure=self._cause(is_late=has_passed.is_set()))

    def _cause(self, *, is_late: bool) -> Failure:
        """Tell a crash from a time limit: the kernel's or ours."""
        process = self._process
        code = process.wait() if process else 0
        is_out_of_time = is_late or code == -_SIGXCPU
        return Failure.TIMED_OUT if is_out_of_time else Failure.CRASHED

    def _receive(self) -> Any:  # noqa: ANN401  # JSON
        stream = _pipe(self._process, "stdout")
        size = LENGTH.unpack(_exactly(stream, LENGTH.size))[0]
        if size > self._limits.answer:
            raise EOFError(size)
        return json.loads(_exactly(stream, size))

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the process when the time is over, whatever we wait for meanwhile."""
        process, has_passed = self._process, threading.Event()

        def end() -> None:
            has_passed.set()
            if process is not None:
                process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield has_passed
        finally:
            timer.cancel()


_SIGXCPU = 24


def _pipe(process: subprocess.Popen[bytes] | None, name: str) -> IO[bytes]:
    stream: IO[bytes] | None = getattr(process, name)
    if stream is None:
        raise EOFError(name)
    return stream


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError(size)
    return data


def _understood(answer: Any) -> Examined | Refusal | Failed:  # noqa: ANN401  # JSON of a process
    try:
        if "examined" in answer:
            return unpacked(answer["examined"])
        if "error" in answer:
            return Refusal(**{name: str(text) for name, text in answer["error"].items()})
        failure = str(answer["failure"])
    except (WireError, TypeError, KeyError, AttributeError) as error:
        return Failed(failure=Failure.INTERNAL, detail=type(error).__name__)
    if failure == "out_of_memory":
        return Failed(failure=Failure.OUT_OF_MEMORY)
    return Failed(failure=Failure.INTERNAL, detail=failure)


class Processes(Generic[Answer]):
    """So many child processes, started when they are needed; shared by all threads."""

    def __init__(
        self,
        size: int,
        limits: Limits,
        command: tuple[str, ...],
        understand: Callable[[Any], Answer],
    ) -> None:
        self._children = [Child(limits, command, understand) for _ in range(size)]
        self._idle: queue.LifoQueue[Child[Answer]] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)

    def read(self, data: bytes) -> Answer | Failed:
        """Read a document in the next process that is free."""
        child = self._idle.get()
        try:
            return child.read(data)
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """End every process; the pool can still be used and starts them again."""
        for child in self._children:
            child.stop()


class Pool(Processes["Examined | Refusal | Failed"]):
    """So many reading processes."""

    def __init__(
        self, size: int, limits: Limits, command: tuple[str, ...] = command_of(_CHILD)
    ) -> None:
        super().__init__(size, limits, command, _understood)


@cache
def pool() -> Pool:
    """Give this process's pool, of the size and with the limits of the settings."""
    env = settings.POSTHORN
    limits = Limits(memory=env.reader_memory, timeout_s=env.reader_timeout)
    return Pool(env.readers, limits)
