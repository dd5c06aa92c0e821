"""Gives migrations the SQL that separates firms: row-level security and composite keys."""

from __future__ import annotations

from typing import Any

from django.db import migrations

OWNER_ROLE, APP_ROLE, SYSTEM_ROLE = "posthorn_owner", "posthorn_app", "posthorn_system"
_FIRM = "nullif(current_setting('posthorn.firm', true), '')::uuid"
_CLIENT = "nullif(current_setting('posthorn.client', true), '')::uuid"

# What RunSQL takes, from its stubs.
_Statement = str | tuple[str, dict[str, Any] | list[Any] | tuple[Any, ...] | None]


def separate(table: str, *, client: str = "", firm: str = "firm_id") -> migrations.RunSQL:
    """Force row-level security on a firm's table; `client` names the column that narrows it."""
    own = f"{firm} = {_FIRM}"
    if client:
        own += f" AND {_narrowed(client)}"
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner_all ON {table} TO {OWNER_ROLE} USING (true) WITH CHECK (true)",
            f"CREATE POLICY system_all ON {table} TO {SYSTEM_ROLE} USING (true) WITH CHECK (true)",
            f"CREATE POLICY own_firm ON {table} TO {APP_ROLE} USING ({own}) WITH CHECK ({own})",
        ],
        migrations.RunSQL.noop,
    )


def reword(table: str, client: str) -> migrations.RunSQL:
    """Word the policy of a table separated before as `separate` words it: the same rows."""
    own = f"firm_id = {_FIRM} AND {_narrowed(client)}"
    return migrations.RunSQL(
        f"ALTER POLICY own_firm ON {table} USING ({own}) WITH CHECK ({own})",
        migrations.RunSQL.noop,
    )


def _narrowed(client: str) -> str:
    # For `a IS NULL OR column = a` the planner (PostgreSQL 18, clausesel.c) expects one row in two
    # hundred and joins row by row; of a CASE it knows nothing and expects one in two.
    return f"CASE WHEN {_CLIENT} IS NULL THEN true ELSE {client} = {_CLIENT} END"


def hide_from_clients(table: str) -> migrations.RunSQL:
    """Let a client's own people add rows to a firm's table but never read it."""
    return migrations.RunSQL(
        f"CREATE POLICY not_for_clients ON {table} AS RESTRICTIVE FOR SELECT TO {APP_ROLE}"
        f" USING ({_CLIENT} IS NULL)",
        migrations.RunSQL.noop,
    )


def bind(table: str, references: dict[str, str]) -> migrations.RunSQL:
    """Tie columns to rows of the same firm.

    {"client_id": "tenancy_client"} makes (firm_id, client_id) refer to that table's (firm_id, id).
    """
    statements: list[_Statement] = [
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_firm_id_key UNIQUE (firm_id, id)"
    ]
    statements += [
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_firm"
        f" FOREIGN KEY (firm_id, {column})"
        f" REFERENCES {target} (firm_id, id) DEFERRABLE INITIALLY IMMEDIATE"
        for column, target in references.items()
    ]
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


def append_only(table: str) -> migrations.RunSQL:
    """Take the right to change or remove rows from everybody, the owner's statements included."""
    return migrations.RunSQL(
        [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}, {SYSTEM_ROLE}",
            (
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " EXECUTE FUNCTION posthorn_append_only()"
            ),
        ],
        migrations.RunSQL.noop,
    )
