"""One module for each noun of the command line; a command loads its own and no other."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

# In the order of the help: what stands under `posthorn` itself, then the nouns.
_VERBS: Final = {
    "demo": "demo",
    "check": "files",
    "show": "files",
    "convert": "conversion",
    "render": "picture",
    "serve": "running",
    "web": "running",
    "worker": "running",
    "migrate": "running",
    "doctor": "doctor",
    "connectors": "connectors",
}
_NOUNS: Final = {
    "firm": "firm",
    "client": "client",
    "connection": "connection",
    "integration": "integration",
    "doc": "doc",
    "statement": "statement",
    "delivery": "delivery",
    "bounces": "bounces",
    "audit": "audit",
    "secrets": "keys",
    "instance": "instance",
    "db": "db",
    "sandbox": "sandbox",
}


def add_commands(app: typer.Typer, arguments: Sequence[str] | None = None) -> None:
    """Put the command that the arguments name under `posthorn`, or all where they name none."""
    word = arguments[0] if arguments else ""
    if word in _VERBS:
        _add_verbs(app, _VERBS[word])
    elif word in _NOUNS:
        _add_noun(app, _NOUNS[word])
    else:
        for module in dict.fromkeys(_VERBS.values()):
            _add_verbs(app, module)
        for module in _NOUNS.values():
            _add_noun(app, module)


def _add_verbs(app: typer.Typer, module: str) -> None:
    import_module(f"{__name__}.{module}").register(app)


def _add_noun(app: typer.Typer, module: str) -> None:
    app.add_typer(import_module(f"{__name__}.{module}").noun)
