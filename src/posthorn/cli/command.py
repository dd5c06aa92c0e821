"""Makes commands out of functions: gives them a desk, and the options that all of them have."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from posthorn.cli.desk import Desk, FirmDesk, firm_desk
from posthorn.cli.output import Output

# Each command has parameters of its own; typer reads them from the signature.
Work = Callable[..., None]
AnyWork = TypeVar("AnyWork", bound=Work)

_JSON = Annotated[bool, typer.Option("--json", help="Give JSON, one object a line.")]
_FIRM = Annotated[
    str, typer.Option("--firm", help="The firm's id or name; not needed when there is only one.")
]


def group(name: str, help_text: str) -> typer.Typer:
    """Make a noun, under which its verbs stand."""
    return typer.Typer(name=name, help=help_text, no_args_is_help=True)


def plain(place: typer.Typer, name: str, *, hidden: bool = False) -> Callable[[AnyWork], AnyWork]:
    """Register a command that needs no database."""
    return _registering(place, name, _at_desk, hidden=hidden)


def on_database(place: typer.Typer, name: str) -> Callable[[AnyWork], AnyWork]:
    """Register a command that works on the whole installation."""
    return _registering(place, name, _opened)


def in_firm(place: typer.Typer, name: str) -> Callable[[AnyWork], AnyWork]:
    """Register a command that works for one firm."""
    return _registering(place, name, _in_firm, firm=_FIRM)


def _registering(
    place: typer.Typer,
    name: str,
    around: Callable[[Desk, dict[str, Any], Work], None],
    *,
    hidden: bool = False,
    **options: object,
) -> Callable[[AnyWork], AnyWork]:
    def register(work: AnyWork) -> AnyWork:
        place.command(name, hidden=hidden)(_surrounded(work, around, options))
        return work

    return register


def _surrounded(
    work: Work, around: Callable[[Desk, dict[str, Any], Work], None], options: dict[str, object]
) -> Work:
    def surrounded(**given: Any) -> None:  # noqa: ANN401  # what typer read for the parameters
        context: typer.Context = given.pop("context")
        output = Output(is_json=given.pop("as_json"))
        around(Desk(runtime=context.obj, output=output), given, work)

    signature = inspect.signature(work, eval_str=True)
    parameters = [
        _parameter("context", typer.Context),
        *list(signature.parameters.values())[1:],
        *(_parameter(name, kind, default="") for name, kind in options.items()),
        _parameter("as_json", _JSON, default=False),
    ]
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    surrounded.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # inspect reads it
    surrounded.__annotations__ = {one.name: one.annotation for one in parameters}
    surrounded.__doc__ = work.__doc__
    surrounded.__name__ = work.__name__
    return surrounded


def _parameter(
    name: str, kind: object, *, default: object = inspect.Parameter.empty
) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _at_desk(desk: Desk, given: dict[str, Any], work: Work) -> None:
    work(desk, **given)


def _opened(desk: Desk, given: dict[str, Any], work: Work) -> None:
    with desk.runtime.open():
        work(desk, **given)


def _in_firm(desk: Desk, given: dict[str, Any], work: Work) -> None:
    wanted: str = given.pop("firm")
    with desk.runtime.open():
        seated: FirmDesk = firm_desk(desk, wanted)
        work(seated, **given)
