"""`connectors`: the accounting packages this installation knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.cli.command import on_database
from posthorn.cli.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer


def register(app: typer.Typer) -> None:
    """Put the command under `posthorn` itself."""
    on_database(app, "connectors")(connectors)


def connectors(desk: Desk) -> None:
    """List the connectors that are loaded, and those that were refused with the reason."""
    desk.output.rows(list(_rows()), ("id", "name", "version", "state", "takes", "why", "source"))


def _rows() -> Iterator[dict[str, object]]:
    from posthorn.connections.queries import features  # noqa: PLC0415  # needs Django
    from posthorn.connections.registry import registry  # noqa: PLC0415

    takes: dict[str, list[str]] = {}
    for feature in features():
        takes.setdefault(feature.connector_id, []).append(feature.kind.value)
    found = registry()
    for name in sorted(found.loaded):
        one = found.loaded[name]
        yield {
            "id": one.id,
            "name": one.spec.name,
            "version": one.spec.version,
            "state": "loaded",
            "takes": takes.get(one.id, []),
            "why": "",
            "source": one.source,
        }
    for source, why in sorted(found.refused.items()):
        yield {"id": "", "state": "refused", "takes": [], "why": why, "source": source}
