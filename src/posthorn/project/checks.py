"""Refuses to work on a database that would not keep firms apart, or not keep what it was told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MINIMUM = 150_000


class DataFolderError(RuntimeError):
    """Give this account write access to the data folder, or set POSTHORN_DATA to another one."""


class DatabaseRefusedError(RuntimeError):
    """Give Posthorn the login, server or setting that the message names."""


_LOGIN = """
SELECT current_user, r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind = 'r'
                 AND pg_has_role(current_user, c.relowner, 'USAGE')),
       current_setting('server_version_num')::int, current_setting('fsync'),
       current_setting('synchronous_commit')
FROM pg_roles r WHERE r.rolname = current_user
"""


def demand_data_folder(data: Path) -> None:
    """Make the data folder where it is missing; raises DataFolderError when nobody may write."""
    reason = ""
    try:
        # As root another account, that of the database, passes through.
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
    if not reason and not os.access(data, os.W_OK | os.X_OK):
        reason = "this account may not write there"
    if reason:
        message = (
            f"The data folder {data} cannot be used: {reason}."
            " Give this account write access to it, or set POSTHORN_DATA to another folder."
        )
        raise DataFolderError(message)


def check_database() -> None:
    """Raise DatabaseRefusedError for a too powerful login, an old server or an unsafe setting."""
    from django.db import connection  # noqa: PLC0415  # needs the settings

    with connection.cursor() as cursor:
        cursor.execute(_LOGIN)
        user, is_super, bypasses, owns, number, fsync, commit = cursor.fetchone()
    for is_wrong, what in (
        (is_super, f"The login {user} is a superuser and would see every firm. Use posthorn_app."),
        (bypasses, f"The login {user} may bypass row-level security. Use posthorn_app."),
        (owns, f"The login {user} owns tables and could lift every limit. Use posthorn_app."),
        (number < MINIMUM, "PostgreSQL 15 or newer is needed."),
        (fsync != "on", "The server has fsync off: a crash would lose documents. Switch it on."),
        (commit == "off", "The server has synchronous_commit off: a crash would lose proof."),
    ):
        if is_wrong:
            raise DatabaseRefusedError(what)


def has_pending_migrations() -> bool:
    """Tell whether the database is older than this program. Reads only."""
    from django.db import connection  # noqa: PLC0415  # needs the settings
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415  # needs the apps

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
