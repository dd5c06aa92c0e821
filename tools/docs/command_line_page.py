"""The page of every command, from the program's own help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from posthorn.cli.exit_codes import MEANINGS
from posthorn.cli.main import app_for
from tools.docs.markdown import code, page, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """\
Data goes to standard output, everything else to standard error. `--json` gives the same data to a
program, one object a line."""


def render() -> str:
    """Give the page."""
    codes = [(str(int(one)), meaning) for one, meaning in MEANINGS.items()]
    parts = [part for name, command in commands(app_for()) for part in _section(name, command)]
    return page(
        "Commands",
        "src/posthorn/cli/",
        _INTRODUCTION,
        "## Exit codes",
        table(("Code", "Meaning"), codes),
        *parts,
    )


def commands(program: typer.Typer) -> list[tuple[str, TyperCommand]]:
    """List every command that does something by its full name, in order of the alphabet."""
    return sorted(_below("posthorn", get_command(program)), key=lambda found: found[0])


def _below(name: str, command: object) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for word, one in command.commands.items():
            yield from _below(f"{name} {word}", one)
    elif isinstance(command, TyperCommand) and not command.hidden:
        yield name, command


def _section(name: str, command: TyperCommand) -> list[str]:
    context = typer.Context(command, info_name=name)
    usage = " ".join((name, *command.collect_usage_pieces(context)))
    records = [one.get_help_record(context) for one in command.get_params(context)]
    rows = [(code(words), text) for words, text in filter(None, records) if words != "--help"]
    parameters = [table(("Argument or option", "What it does"), rows)] if rows else []
    said = (command.help or "").replace("\b", "").strip()
    return [f"## {name}", said, f"```console\n$ {usage}\n```", *parameters]
