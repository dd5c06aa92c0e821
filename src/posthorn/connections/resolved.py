"""The settings of an integration as its connector sees them: keys in place of what was typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from posthorn.sdk.fields import Resolved, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.connections.models import Integration
    from posthorn.sdk.fields import Field

_REALM_CHARS = 500


def seen_settings(fields: Sequence[Field], integration: Integration) -> dict[str, str]:
    """Return the firm's and the client's plain settings; a text that names nothing yet is left out.

    `fields` are the client's.
    """
    together = {**integration.connection.settings, **integration.settings}
    typed = {one.id for one in fields if isinstance(one, Resolved)}
    if not typed:
        return together
    kept = {name: value for name, value in together.items() if name not in typed}
    return {
        **kept,
        **{name: integration.resolved[name] for name in typed & set(integration.resolved)},
    }


def typed_fields(fields: Sequence[Field], integration: Integration) -> list[Resolved]:
    """Return the fields of texts to look up that count for this integration and are filled in."""
    together = {**integration.connection.settings, **integration.settings}
    return [
        one
        for one in shown(fields, together)
        if isinstance(one, Resolved) and integration.settings.get(one.id)
    ]


def realm_of(one: Resolved, integration: Integration) -> str:
    """Return what a text depends on, in one line: the same text elsewhere names something else."""
    together = {**integration.connection.settings, **integration.settings}
    values = {name: together.get(name, "") for name in one.depends_on}
    return json.dumps(values, sort_keys=True)[:_REALM_CHARS] if values else ""
