"""What the server is told: safe defaults for a small machine, open to the operator's own values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.postgres.errors import BadSettingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PORT = 5432
# Every process reaches the server through its socket folder and nothing else.
HOST_RULES = "local all all scram-sha-256\n"

_DEFAULTS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
    "jit": "off",  # our queries are short: compiling them costs more than it saves
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # Statements and key values hold people's data, so they stay out of the log.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # One file per weekday, overwritten a week later: the log stays bounded.
    "logging_collector": "on",
    "log_filename": "server-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "cluster_name": "posthorn",
}
_SUPERVISED = frozenset(
    {
        "listen_addresses",
        "port",
        "unix_socket_directories",
        "unix_socket_permissions",
        "password_encryption",
        "log_directory",
        "data_directory",
        "hba_file",
        "external_pid_file",
    }
)


def server_settings(*, socket: Path, log: Path, overrides: Mapping[str, str]) -> str:
    """Return the whole postgresql.conf; raises BadSettingError for what the supervisor decides."""
    for name in overrides:
        if name.lower() in _SUPERVISED:
            raise BadSettingError(name, "is decided by Posthorn and cannot be changed")
        if not name.replace("_", "").replace(".", "").isalnum():
            raise BadSettingError(name, "is not the name of a setting")
    values = {
        **_DEFAULTS,
        **{name.lower(): value for name, value in overrides.items()},
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "log_directory": str(log),
    }
    lines = [f"{name} = {_quote(name, value)}" for name, value in sorted(values.items())]
    return "\n".join(["# Written by Posthorn at every start; edits here do not stay.", *lines, ""])


def _quote(name: str, value: str) -> str:
    if "\n" in value:
        raise BadSettingError(name, "has a value of more than one line")
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
