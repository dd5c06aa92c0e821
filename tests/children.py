"""Runs a call in a forked process that may be killed, and tells how it ended."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from typing import TYPE_CHECKING

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Callable


def in_child(call: Callable[[], object]) -> int:
    """Give the child's exit code, 0 when the call returned, minus the signal that killed it."""
    # A connection that two processes share would serve neither of them.
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads stay behind in the parent
        child = os.fork()
    if child == 0:
        _run(call)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(call: Callable[[], object]) -> None:
    code = 1
    try:
        call()
        connections.close_all()
        code = 0
    except BaseException:  # noqa: BLE001  # the child must never return into the parent's tests
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)
