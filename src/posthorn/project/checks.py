"""Refuses to work on a database that would not keep firms apart, or not keep what it was told."""

from __future__ import annotations

from django.db import connection

MINIMUM = 150_000


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


def check_database() -> None:
    """Raise DatabaseRefusedError for a too powerful login, an old server or an unsafe setting."""
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
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415  # needs the apps

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
