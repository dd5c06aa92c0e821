"""Running the server's programs: bounded in time, with a clean environment, off the terminal."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.postgres.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_OUTPUT_CHARS = 4000
# PG… variables of the operator's shell must not reach the server; messages stay in English.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Run programs under one account; None means our own."""

    uid: int | None = None
    gid: int | None = None

    def run(
        self,
        arguments: Sequence[str | Path],
        *,
        timeout_s: float,
        env: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
        pass_fds: Sequence[int] = (),
    ) -> str:
        """Run to the end and return both outputs; raises CommandError on failure or time-out."""
        with tempfile.TemporaryFile() as output:
            call = partial(
                subprocess.run,
                [str(argument) for argument in arguments],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=output,  # a file: a server that stays behind would keep a pipe open
                stderr=subprocess.STDOUT,
                timeout=timeout_s,
                env={**_ENVIRONMENT, **(env or {})},
                cwd=cwd,
                pass_fds=pass_fds,
                start_new_session=True,  # Ctrl-C at the terminal is not for the server
                umask=0o077,
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
            )
            reason = _failure_of(call)
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        if reason:
            program = Path(arguments[0]).name
            raise CommandError(program, reason=reason, output=text[-_OUTPUT_CHARS:])
        return text

    def succeeds(self, arguments: Sequence[str | Path], *, timeout_s: float) -> bool:
        """Tell whether the program can be run and ends well."""
        try:
            self.run(arguments, timeout_s=timeout_s)
        except CommandError:
            return False
        return True


def run(arguments: Sequence[str | Path], *, timeout_s: float) -> str:
    """Run a program under our own account; raises CommandError."""
    return Runner().run(arguments, timeout_s=timeout_s)


def _failure_of(call: Callable[[], object]) -> str:
    try:
        call()
    except subprocess.TimeoutExpired as error:
        return f"took longer than {error.timeout:.0f} seconds"
    except subprocess.CalledProcessError as error:
        return f"ended with code {error.returncode}"
    except OSError as error:
        return f"could not be run ({error.strerror})"
    return ""
