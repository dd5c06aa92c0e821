"""The connectors' page: what each one takes, asks for and can answer, from its declaration."""

from __future__ import annotations

import importlib
import json
import pkgutil
import tomllib
from importlib import resources

import posthorn.connectors
from posthorn.sdk import Capability, Connector, Field, Kind, Secret
from posthorn.sdk.schema import json_schema
from tools.docs.markdown import code, page, table

_INTRODUCTION = """\
What each accounting package takes, from its connector's own declaration. *Depth* says how far a
document gets: `inbox`, `draft` (a proposed booking) or `booked`. *Seen twice* says what happens
when the same document is sent again: `native` (the package recognises it), `lookup` (Posthorn
looks first) or `none` (nobody can tell, so a copy is flagged)."""


def render() -> str:
    """Give the page."""
    found = connectors()
    rows = [row for name, one in found for row in _capabilities(name, one)]
    head = ("Connector", "Kind", "Formats", "Depth", "Seen twice", "Largest file")
    sections = [part for name, one in found for part in _section(name, one)]
    return page(
        "Connectors", "src/posthorn/connectors/*/", _INTRODUCTION, table(head, rows), *sections
    )


def connectors() -> list[tuple[str, Connector]]:
    """List the built-in connectors by the name of their folder."""
    folders = sorted(info.name for info in pkgutil.iter_modules(posthorn.connectors.__path__))
    modules = [(name, importlib.import_module(f"posthorn.connectors.{name}")) for name in folders]
    return [(name, module.connector()) for name, module in modules]


def _capabilities(name: str, connector: Connector) -> list[tuple[str, ...]]:
    taken: dict[tuple[Kind, str], Capability] = {}
    for settings in ({}, *connector.spec.variants):
        for kind, one in connector.capabilities(settings).items():
            taken[kind, ", ".join(sorted(one.formats))] = one
    link = f"[{connector.spec.name}](#{_anchor(name)})"
    return [
        (link, kind, formats, one.depth, one.idempotency, f"{one.max_bytes / 1_000_000:g} MB")
        for (kind, formats), one in sorted(taken.items(), key=lambda item: item[0])
    ]


def _anchor(name: str) -> str:
    return name.replace("_", "-")


def _section(name: str, connector: Connector) -> list[str]:
    spec = connector.spec
    countries = ", ".join(sorted(spec.countries)) or "any country"
    fields = [_field("firm", one) for one in spec.firm_settings]
    fields += [_field("client", one) for one in spec.client_settings]
    return [
        f'<a id="{_anchor(name)}"></a>\n\n## {spec.name}',
        f"`{spec.id}` {spec.version}, contract {spec.contract}, for {countries}.",
        table(("Asked of", "Setting", "Label", "Type", "Needed", "Help"), fields),
        *_schema(f"What {spec.name} asks of the firm, as JSON Schema", spec.firm_settings),
        *_schema(f"What {spec.name} asks of a client, as JSON Schema", spec.client_settings),
        f"### What {spec.name} can answer",
        table(("Code", "What happened", "What to do"), _errors(name)),
    ]


def _schema(heading: str, fields: tuple[Field, ...]) -> list[str]:
    if not fields:
        return []
    return [f"### {heading}", f"```json\n{json.dumps(json_schema(fields), indent=2)}\n```"]


def _field(owner: str, field: Field) -> tuple[str, ...]:
    kind = type(field).__name__ + (" (kept encrypted)" if isinstance(field, Secret) else "")
    needed = "yes" if field.required else ""
    return (owner, code(field.id), field.label["en"], kind, needed, field.help.get("en", ""))


def _errors(name: str) -> list[tuple[str, ...]]:
    file = resources.files(f"posthorn.connectors.{name}") / "errors.toml"
    listed = tomllib.loads(file.read_text("utf-8"))
    return [
        (code(key), one["sentence"]["en"], one["advice"]["en"])
        for key, one in sorted(listed.items())
    ]
