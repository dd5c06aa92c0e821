"""Advisory file locks that the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Self

from posthorn.postgres.errors import AlreadyServingError, BusyError, folder_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POLL_S = 0.02
_START_LOCK_TIMEOUT_S = 300  # longer than the slowest start we wait for


class FileLock:
    """Hold a flock(2) on one file; a forked child never holds it on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Tell whether the file is open, so that a lock taken on it is still ours."""
        return self._descriptor is not None

    def fileno(self) -> int:
        """Return the descriptor, to hand the lock itself to a child process."""
        if self._descriptor is None:
            try:
                self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise folder_error(error, self.path.parent) from error
            _open_locks.add(self)
        return self._descriptor

    def try_exclusive(self) -> bool:
        """Take the lock alone, or turn a shared one into it; False when others hold it."""
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        """Take the lock beside other sharers; False when one holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def wait_exclusive(self, *, timeout_s: float) -> bool:
        """Take the lock alone within so many seconds."""
        deadline = time.monotonic() + timeout_s
        while not self.try_exclusive():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def release(self) -> None:
        """Let go; a descriptor handed to a child keeps the lock until that child ends."""
        _open_locks.discard(self)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _try(self, mode: int) -> bool:
        try:
            fcntl.flock(self.fileno(), mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


# A child made by fork() without exec() shares the open file and with it the lock (flock(2)):
# it would hold it on after its parent was killed.
_open_locks: set[FileLock] = set()


def _drop_in_child() -> None:
    for lock in list(_open_locks):
        lock.release()


os.register_at_fork(after_in_child=_drop_in_child)


@contextmanager
def exclusive(path: Path, *, timeout_s: float, purpose: str) -> Iterator[None]:
    """Hold a file's lock alone for a while; raises BusyError after so many seconds."""
    lock = FileLock(path)
    try:
        if not lock.wait_exclusive(timeout_s=timeout_s):
            raise BusyError(path.parent, purpose)
        yield
    finally:
        lock.release()


def start_lock(control: Path, purpose: str) -> AbstractContextManager[None]:
    """Hold what everyone holds who starts or stops the server; raises BusyError after a while."""
    return exclusive(control / "start.lock", timeout_s=_START_LOCK_TIMEOUT_S, purpose=purpose)


class ServeLock:
    """Let one `posthorn serve` run per data folder; a killed one leaves nothing behind."""

    def __init__(self, data_folder: Path, *, command: str = "posthorn serve") -> None:
        self._data_folder = data_folder
        self._holder = f"{command} (pid {os.getpid()})"
        self._lock = FileLock(data_folder / "serve.lock")

    def acquire(self) -> None:
        """Take the lock; raises AlreadyServingError, which names the holder and its pid."""
        try:
            self._data_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise folder_error(error, self._data_folder) from error
        if not self._lock.try_exclusive():
            self._lock.release()
            raise AlreadyServingError(self._read_holder(), self._data_folder)
        os.ftruncate(self._lock.fileno(), 0)
        os.pwrite(self._lock.fileno(), self._holder.encode(), 0)

    def release(self) -> None:
        """Let go."""
        self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _read_holder(self) -> str:
        text = self._lock.path.read_text("utf-8", "replace")
        return text or "another posthorn process"
