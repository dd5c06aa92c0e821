"""Runs commands in this process, whose Django is set up already, and keeps what they wrote."""

from __future__ import annotations

import io
import json
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from posthorn.cli.exit_codes import ExitCode
from posthorn.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from posthorn.cli.runtime import Processes


class RefusedAtStartError(Exception):
    """Stands for what keeps a program from starting."""


@dataclass(slots=True)
class Surroundings:
    """Stands around a command: Django is there, processes are only noted."""

    data: Path = Path("/nonexistent")
    refusal: Exception | None = None
    started: list[str] = field(default_factory=list)

    @property
    def is_embedded(self) -> bool:
        return True

    @property
    def own_failures(self) -> Mapping[type[Exception], ExitCode]:
        return {RefusedAtStartError: ExitCode.NOT_ALLOWED}

    @contextmanager
    def open(self) -> Iterator[None]:
        if self.refusal is not None:
            raise self.refusal
        yield

    def replace_settings(self, settings: Mapping[str, str]) -> None:
        raise NotImplementedError(settings)

    def migrate(self) -> None:
        self.started.append("migrate")

    def upgrade_database(self) -> str:
        return "PostgreSQL 17 became 18."

    def roles_script(self, *, owner_password: str, app_password: str) -> str:
        return f"-- {owner_password} {app_password}\n"

    def run_worker(self, *, with_parent: bool = False) -> None:
        self.started.append(f"worker {with_parent}")

    def run_bounces(self, *, with_parent: bool = False) -> None:
        self.started.append(f"bounces {with_parent}")

    def run_web(self, *, with_parent: bool = False) -> None:
        self.started.append(f"web {with_parent}")

    def serve(self, *, seconds: float = 0) -> None:
        self.started.append(f"serve {seconds:g}")

    def serving(self, command: str) -> AbstractContextManager[object]:
        return nullcontext(command)

    def end_with_parent(self) -> None:
        self.started.append("end with parent")

    def running(
        self, commands: Mapping[str, Sequence[str]], logs: Path
    ) -> AbstractContextManager[Processes]:
        raise NotImplementedError(commands, logs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """What --json gave, line by line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def object(self) -> dict[str, Any]:
        """The one object that --json gave."""
        (found,) = self.objects
        return found


Posthorn = "Callable[..., Ran]"


@pytest.fixture(name="surroundings")
def surroundings_fixture(tmp_path: Path) -> Surroundings:
    """Stand around the commands of one test."""
    return Surroundings(data=tmp_path)


@pytest.fixture(name="posthorn")
def posthorn_fixture(
    surroundings: Surroundings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Ran]:
    """Run a command as `posthorn("client", "list", stdin="…")`."""

    def posthorn(*arguments: object, stdin: str = "") -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            run(surroundings, [str(one) for one in arguments])
        written = capsys.readouterr()
        code = ended.value.code
        return Ran(code=0 if code is None else int(code), out=written.out, err=written.err)

    return posthorn
