"""Writes data to stdout, for people or as JSON, and everything else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from posthorn.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

# Tables that go to a file or a pipe keep their lines whole.
_WIDE = 240


class Bar(Protocol):
    """A progress bar, or nothing where nobody looks at it."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Show how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where a command writes; `is_json` gives one object a line and no words."""

    is_json: bool = False

    def rows(self, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
        """Give a list: a line of JSON for each row with all it has, or a table of some columns."""
        if self.is_json:
            for row in rows:
                _write(_json(row))
            return
        _table(list(rows), columns)

    def record(self, record: Mapping[str, object]) -> None:
        """Give one thing with everything there is to know of it."""
        if self.is_json:
            _write(_json(record))
            return
        width = max(map(len, record), default=0)
        for name, value in record.items():
            _write(f"{_words(name):<{width}}  {shown(value)}")

    def done(self, sentence: str, record: Mapping[str, object]) -> None:
        """Say what was done; a program gets the thing itself."""
        _write(_json(record) if self.is_json else sentence)

    def text(self, text: str) -> None:
        """Give text that is data itself."""
        _write(_json({"text": text}) if self.is_json else text)

    def note(self, sentence: str) -> None:
        """Tell a person something beside the data."""
        note(sentence)

    @contextmanager
    def progress(self, label: str) -> Iterator[Bar]:
        """Show a bar on stderr while inside, where that is a terminal."""
        if not sys.stderr.isatty():
            yield _no_bar
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress  # noqa: PLC0415

        columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=_console(sys.stderr), transient=True) as bars:
            task = bars.add_task(label, total=None)

            def show(done: int, total: int, what: str = "") -> None:
                bars.update(task, completed=done, total=total, description=what or label)

            yield show


def note(sentence: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def fail(sentence: str, code: ExitCode) -> ExitCode:
    """Say why a command ends here; gives its exit code."""
    note(f"posthorn: {sentence}" if code is not ExitCode.INTERRUPTED else sentence)
    return code


def shown(value: object) -> str:
    """Give a value as people read it; nothing for what is not there."""
    if value is None:
        return ""
    return next((say(value) for kind, say in _SHOWN if isinstance(value, kind)), str(value))


def _pairs(value: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={shown(one)}" for name, one in value.items())


# The first that fits: a time is no number, yes and no are not 1 and 0.
_SHOWN: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (datetime, lambda value: value.strftime("%Y-%m-%d %H:%M:%S")),
    (dict, _pairs),
    ((list, tuple, frozenset), lambda value: ", ".join(map(shown, value))),
)


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, title: str = "") -> None:
    """Write a table to stdout."""
    _table(rows, columns, title=title)


def _table(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, title: str = ""
) -> None:
    from rich import box  # noqa: PLC0415  # the help page must not wait for it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left")
    for column in columns:
        made.add_column(_words(column), overflow="fold")
    for row in rows:
        made.add_row(*(Text(shown(row.get(column))) for column in columns))
    _console(sys.stdout).print(made)


def _console(stream: object) -> Console:
    from rich.console import Console  # noqa: PLC0415

    width = None if stream.isatty() else _WIDE  # type: ignore[attr-defined]  # a text stream
    return Console(file=stream, width=width, highlight=False)  # type: ignore[arg-type]  # as above


def _words(name: str) -> str:
    return name.replace("_", " ")


def _json(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    isoformat: Callable[[], str] | None = getattr(value, "isoformat", None)
    if isoformat is not None:
        return isoformat()
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _no_bar(done: int, total: int, what: str = "") -> None:
    """Show nothing."""
    del done, total, what
