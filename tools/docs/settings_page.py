"""The settings page, from the table that the product itself reads."""

from __future__ import annotations

from posthorn.project.variables import SETTINGS, Setting
from tools.docs.markdown import code, page, table

_INTRODUCTION = """\
Posthorn is set up through environment variables. A variable that is not in this table, or a value
that cannot be read, stops the start with the variable's name and the fix. A *secret* can also stand
in a file: name the file in the variable with `_FILE` behind it, such as
`POSTHORN_SECRET_KEY_FILE=/run/secrets/key`."""


def render() -> str:
    """Give the page."""
    rows = [_row(setting) for setting in SETTINGS]
    return page(
        "Settings",
        "src/posthorn/project/env.py",
        _INTRODUCTION,
        table(("Variable", "Type", "Default", "Unit", "What it does"), rows),
    )


def _row(setting: Setting) -> tuple[str, ...]:
    kind = f"{setting.kind}, secret" if setting.is_secret else setting.kind
    return (code(setting.variable), kind, code(setting.default), setting.unit, setting.help)
