"""The settings a connector runs with, secrets in clear; kept in memory while nothing changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from posthorn.connections import routes, vault
from posthorn.connections.resolved import seen_settings
from posthorn.connections.settings import secret_fields_shown

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.connections.models import Connection, Integration
    from posthorn.connections.registry import Loaded

_MAX_KEPT = 4_096
_Key = tuple["UUID", int, "UUID | None", int]
_kept: OrderedDict[_Key, Mapping[str, str]] = OrderedDict()
_lock = threading.Lock()


class RuntimeSettings(Mapping[str, str]):
    """Settings whose values show up in no trace and no log."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"RuntimeSettings({sorted(self._values)})"


def runtime_settings(
    loaded: Loaded, connection: Connection, integration: Integration | None = None
) -> Mapping[str, str]:
    """Return the firm's and the client's settings as the connector sees them, secrets included.

    Needs an open scope of the firm. Raises KeyringError when a secret cannot be decrypted. Every
    change of a setting raises a row's version, so what is kept here never outlives one.
    """
    key = (
        connection.id,
        connection.version,
        integration.id if integration else None,
        integration.version if integration else 0,
    )
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = RuntimeSettings(_read(loaded, connection, integration))
    with _lock:
        _kept[key] = found
        while len(_kept) > _MAX_KEPT:
            _kept.popitem(last=False)
    return found


def _read(
    loaded: Loaded, connection: Connection, integration: Integration | None
) -> dict[str, str]:
    spec = loaded.spec
    plain = {**connection.settings, **(integration.settings if integration else {})}
    wanted = secret_fields_shown(spec.firm_settings, plain)
    if integration is not None:
        wanted |= secret_fields_shown(spec.client_settings, plain)
        seen = seen_settings(spec.client_settings, integration)
        plain = routes.settings_for(spec.client_settings, seen, integration.routes)
    if not wanted:
        return plain
    secrets = vault.opened(connection, integration)
    return {**plain, **{name: secrets[name] for name in wanted & secrets.keys()}}
