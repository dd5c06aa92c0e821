"""Separates the connections of firms from one another."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from posthorn.tenancy.security import bind, separate


_KEEP_ACTIVATION = (
    """
    CREATE FUNCTION posthorn_keep_activation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The activation time of integration % never moves.', OLD.id
            USING ERRCODE = 'check_violation';
    END $$
    """,
    "CREATE TRIGGER keep_activation BEFORE UPDATE ON connections_integration FOR EACH ROW"
    " WHEN (OLD.activated_at IS DISTINCT FROM NEW.activated_at)"
    " EXECUTE FUNCTION posthorn_keep_activation()",
)


class Migration(migrations.Migration):
    """Row-level security and composite foreign keys."""

    dependencies: ClassVar = [("connections", "0001_initial"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        separate("connections_connection"),
        separate("connections_secret"),
        separate("connections_integration", client="client_id"),
        bind("connections_connection", {}),
        bind(
            "connections_integration",
            {"client_id": "tenancy_client", "connection_id": "connections_connection"},
        ),
        bind(
            "connections_secret",
            {
                "connection_id": "connections_connection",
                "integration_id": "connections_integration",
            },
        ),
        migrations.RunSQL(_KEEP_ACTIVATION, migrations.RunSQL.noop),
    ]
