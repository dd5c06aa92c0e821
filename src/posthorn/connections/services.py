"""Creates and changes connections; call inside the firm's scope, every change leaves an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from posthorn.connections import both, resolutions, vault
from posthorn.connections.errors import (
    BadNameError,
    ConnectorMissingError,
    NameTakenError,
    NotFoundError,
)
from posthorn.connections.models import Connection
from posthorn.connections.ports import hold_keeper
from posthorn.connections.registry import registry
from posthorn.connections.settings import Before, Checked, changes, check_settings
from posthorn.kernel.clock import now
from posthorn.tenancy import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from posthorn.connections.registry import Loaded

NAME_MAX_CHARS = 100
REASON_MAX_CHARS = 300


def create_connection(
    firm: UUID, connector_id: str, name: str, values: Mapping[str, str], *, actor: str
) -> Connection:
    """Install a connector for a firm, switched on.

    Raises ConnectorMissingError, BadNameError, NameTakenError, SettingsError.
    """
    loaded = loaded_connector(connector_id)
    checked = check_settings(loaded.spec.firm_settings, values)
    connection = Connection(
        firm_id=firm,
        connector_id=connector_id,
        connector_version=loaded.spec.version,
        name=_clean_name(name),
        settings=checked.plain,
    )
    with transaction.atomic():
        _write_name(connection)
        vault.keep(connection, None, checked.secrets)
        _record(connection, "connection.created", actor, _seen(connection, checked))
    return connection


def save_connection(
    firm: UUID, connection_id: UUID, values: Mapping[str, str], *, actor: str
) -> Connection:
    """Replace a connection's settings; an empty secret keeps the stored one.

    Takes away what needed attention, so that what waits is tried again. Raises NotFoundError,
    ConnectorMissingError, SettingsError, BothNeededError.
    """
    with transaction.atomic():
        connection = _locked(firm, connection_id)
        loaded = loaded_connector(connection.connector_id)
        stored = vault.kept_fields(connection)
        checked = check_settings(
            loaded.spec.firm_settings,
            values,
            before=Before(plain=connection.settings, secrets=stored),
        )
        before = connection.settings
        _apply(connection, loaded, checked)
        both.demand_for_connection(loaded, connection, before)
        vault.keep(connection, None, checked.secrets)
        vault.forget(connection, None, stored - checked.wanted_secrets)
        if checked.plain != before:
            resolutions.begin_for_connection(connection, loaded)
        _record(connection, "connection.saved", actor, changes(before, checked))
        _reconsider(connection, actor)
    return connection


def rename_connection(firm: UUID, connection_id: UUID, name: str, *, actor: str) -> Connection:
    """Give a connection another name. Raises NotFoundError, BadNameError, NameTakenError."""
    with transaction.atomic():
        connection = _locked(firm, connection_id)
        old, connection.name = connection.name, _clean_name(name)
        if connection.name != old:
            _write_name(connection)
            _record(connection, "connection.renamed", actor, {"name": [old, connection.name]})
    return connection


def activate_connection(firm: UUID, connection_id: UUID, *, actor: str) -> Connection:
    """Switch an extension on for the firm. Raises NotFoundError."""
    return _set(firm, connection_id, "activated", {"is_active": True}, actor)


def deactivate_connection(firm: UUID, connection_id: UUID, *, actor: str) -> Connection:
    """Switch an extension off for the firm: what is released meanwhile waits on hold."""
    return _set(firm, connection_id, "deactivated", {"is_active": False}, actor)


def pause_connection(
    firm: UUID, connection_id: UUID, *, actor: str, reason: str = ""
) -> Connection:
    """Hold everything for this accounting package. Raises NotFoundError."""
    columns = {"paused_at": now(), "pause_reason": reason[:REASON_MAX_CHARS]}
    return _set(firm, connection_id, "paused", columns, actor)


def release_connection(firm: UUID, connection_id: UUID, *, actor: str) -> Connection:
    """End the pause of this accounting package. Raises NotFoundError."""
    columns = {"paused_at": None, "pause_reason": ""}
    return _set(firm, connection_id, "released", columns, actor)


def ask_on_unknown(firm: UUID, connection_id: UUID, *, asks: bool, actor: str) -> Connection:
    """Choose whether a person decides after a lost answer, instead of sending the same copy again.

    Raises NotFoundError.
    """
    word = "asks_on_unknown" if asks else "resends_on_unknown"
    return _set(firm, connection_id, word, {"asks_on_unknown": asks}, actor)


def lock_connection(firm: UUID, connection_id: UUID) -> Connection:
    """Lock a connection until the transaction ends. Raises NotFoundError."""
    return _locked(firm, connection_id)


def loaded_connector(connector_id: str) -> Loaded:
    """Return a connector. Raises ConnectorMissingError when it is not loaded."""
    loaded = registry().get(connector_id)
    if loaded is None:
        raise ConnectorMissingError(connector_id)
    return loaded


def _set(
    firm: UUID, connection_id: UUID, word: str, columns: Mapping[str, object], actor: str
) -> Connection:
    """Set one switch, the first column; setting it to where it stands changes nothing."""
    switch = next(iter(columns))
    with transaction.atomic():
        connection = _locked(firm, connection_id)
        if bool(getattr(connection, switch)) == bool(columns[switch]):
            return connection
        for column, value in columns.items():
            setattr(connection, column, value)
        connection.save(update_fields=list(columns))
        reason = columns.get("pause_reason")
        _record(connection, f"connection.{word}", actor, {"reason": reason} if reason else {})
        _reconsider(connection, actor)
    return connection


def _apply(connection: Connection, loaded: Loaded, checked: Checked) -> None:
    if checked.plain != connection.settings or checked.secrets:
        connection.version += 1
    connection.settings = checked.plain
    connection.connector_version = loaded.spec.version
    connection.attention = connection.attention_field = connection.attention_detail = ""
    connection.attention_since = None
    connection.save(
        update_fields=[
            "settings",
            "version",
            "connector_version",
            "attention",
            "attention_field",
            "attention_detail",
            "attention_since",
        ]
    )


def _locked(firm: UUID, connection_id: UUID) -> Connection:
    try:
        rows = Connection.objects.select_for_update().filter(firm_id=firm, removed_at=None)
        return rows.get(id=connection_id)
    except Connection.DoesNotExist:
        raise NotFoundError("The firm has no such accounting package.") from None


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not 0 < len(cleaned) <= NAME_MAX_CHARS or not cleaned.isprintable():
        raise BadNameError(f"Give the accounting package a name of 1 to {NAME_MAX_CHARS} letters.")
    return cleaned


def _write_name(connection: Connection) -> None:
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError as error:
        if "connection_name" not in str(error):
            raise
        raise NameTakenError(
            f"Another accounting package of the firm is called {connection.name!r}: choose another."
        ) from None


def _reconsider(connection: Connection, actor: str) -> None:
    hold_keeper().reconsider(connection.firm_id, connection_ids=[connection.id], actor=actor)


def _seen(connection: Connection, checked: Checked) -> dict[str, object]:
    return {
        "connector": connection.connector_id,
        "name": connection.name,
        **changes({}, checked),
    }


def _record(connection: Connection, action: str, actor: str, detail: Mapping[str, object]) -> None:
    audit.record(
        [
            audit.Entry(
                firm=connection.firm_id,
                actor=actor,
                action=action,
                subject_kind="connection",
                subject_id=connection.id,
                detail=detail,
            )
        ]
    )
