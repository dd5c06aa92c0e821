"""Words the separation of a client's own people so that the planner guesses sizes well."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

_FIRM = "nullif(current_setting('posthorn.firm', true), '')::uuid"
_CLIENT = "nullif(current_setting('posthorn.client', true), '')::uuid"
# The column that names the client in each table that lists join.
_TABLES = {
    "tenancy_client": "id",
    "tenancy_clientnumber": "client_id",
    "tenancy_clientassignment": "client_id",
    "connections_integration": "client_id",
    "archive_document": "client_id",
    "delivery_delivery": "client_id",
}


def _reworded(table: str, column: str) -> str:
    # For `a IS NULL OR column = a` the planner (PostgreSQL 18, clausesel.c) expects one row in two
    # hundred and joins row by row; of a CASE it knows nothing and expects one in two.
    own = f"firm_id = {_FIRM} AND CASE WHEN {_CLIENT} IS NULL THEN true ELSE {column} = {_CLIENT} END"
    return f"ALTER POLICY own_firm ON {table} USING ({own}) WITH CHECK ({own})"


class Migration(migrations.Migration):
    """The same rows are seen by the same people as before."""

    dependencies: ClassVar = [
        ("delivery", "0003_lists"),
        ("archive", "0006_lists"),
        ("connections", "0002_separation"),
        ("tenancy", "0002_separation"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(_reworded(table, column), migrations.RunSQL.noop)
        for table, column in _TABLES.items()
    ]
