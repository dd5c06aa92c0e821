"""Asks a person at a terminal: to confirm, for a password, for settings a connector declares."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from posthorn.cli.errors import CommandError, UsageError
from posthorn.cli.languages import language
from posthorn.cli.lookups import pairs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from posthorn.sdk.effects import Effect
    from posthorn.sdk.fields import Field


class DeclinedError(CommandError):
    """Nothing was done, as the person wished."""


def is_interactive() -> bool:
    """Tell whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, is_agreed: bool) -> None:
    """Go on when the person agrees; raises DeclinedError, UsageError where nobody can be asked."""
    if is_agreed:
        return
    if not is_interactive():
        message = f"{question} Add --yes to do it without being asked."
        raise UsageError(message)
    import typer  # noqa: PLC0415  # rarely needed

    if not typer.confirm(question, err=True):
        message = "Nothing was done."
        raise DeclinedError(message)


def new_password(*, is_interactive_wanted: bool = True) -> str | None:
    """Ask twice at a terminal, else read one line of standard input; None for an empty one."""
    if is_interactive() and is_interactive_wanted:
        import typer  # noqa: PLC0415  # rarely needed

        asked: str = typer.prompt(
            "Password (empty: none, nobody can log in yet)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
            err=True,
        )
        return asked or None
    return sys.stdin.readline().rstrip("\r\n") or None


def secrets_from_stdin() -> dict[str, str]:
    """Read `field=value` lines from standard input; raises UsageError."""
    return pairs((line.rstrip("\r\n") for line in sys.stdin if line.strip()), "standard input")


def ask_fields(
    fields: Sequence[Field],
    given: Mapping[str, str],
    *,
    kept: Collection[str] = (),
    starts: Mapping[str, str] | None = None,
    chosen: Sequence[Effect] = (),
    sender: str = "",
) -> dict[str, str]:
    """Ask for every field that counts and was not given; `kept` are secrets stored already.

    `starts` are the firm's settings, `chosen` the effects of what it chose, `sender` where its mail
    comes from.
    """
    from posthorn.sdk.fields import (  # noqa: PLC0415  # the help page needs none of it
        effects_of,
        shown,
        started,
    )

    values = dict(given)
    asked: set[str] = set()
    while True:
        visible = [one for one in shown(fields, values) if one.id not in asked]
        missing = next((one for one in visible if one.id not in given), None)
        if missing is None:
            return values
        asked.add(missing.id)
        effects = (*chosen, *effects_of(fields, values))
        say_notes(missing.id, effects, sender)
        start = started(missing, starts or {}, effects)
        is_overruled = any(missing.id in one.overruled for one in effects)
        help_text = "" if is_overruled else missing.help.get(language(), "")
        answer = _ask(missing, start, help_text, is_kept=missing.id in kept)
        if answer:
            values[missing.id] = answer


def say_notes(name: str, effects: Sequence[Effect], sender: str) -> None:
    """Tell what the chosen options have to say of a setting; nothing where it needs our sender."""
    from posthorn.sdk.effects import SENDER  # noqa: PLC0415  # the help page needs none of it

    texts = [text[language()] for one in effects for text in one.notes.get(name, ())]
    for text in texts:
        if sender or SENDER not in text:
            sys.stderr.write(f"  {text.replace(SENDER, sender)}\n")


def _ask(field: Field, start: str, help_text: str, *, is_kept: bool) -> str:
    import typer  # noqa: PLC0415  # rarely needed

    from posthorn.sdk.fields import Secret  # noqa: PLC0415

    if help_text:
        sys.stderr.write(f"  {help_text}\n")
    is_secret = isinstance(field, Secret)
    hint = " (empty keeps the saved one)" if is_kept else ""
    answer: str = typer.prompt(
        f"{field.label[language()]}{_choices(field)}{hint}",
        default=start,
        show_default=bool(start),
        hide_input=is_secret,
        err=True,
    )
    return answer


def _choices(field: Field) -> str:
    from posthorn.sdk.fields import Choice, Flag  # noqa: PLC0415  # the help page needs none of it

    if isinstance(field, Flag):
        return " [on/off]"
    if isinstance(field, Choice):
        return f" [{'/'.join(value for value, _ in field.options)}]"
    return ""
