"""Separates firms from one another and makes the audit trail append-only."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from posthorn.tenancy.security import append_only, bind, hide_from_clients, separate

_UNSEALED: list[Any] = [
    # Entries wait here for the sealer; the trigger's function runs as the owner, so nobody needs to write here.
    """CREATE TABLE tenancy_auditunsealed (
        entry_id bigint PRIMARY KEY REFERENCES tenancy_auditentry (id),
        firm_id uuid)""",
    "REVOKE ALL ON tenancy_auditunsealed FROM posthorn_app",
    """CREATE FUNCTION posthorn_audit_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public AS $$
        BEGIN
            INSERT INTO tenancy_auditunsealed (entry_id, firm_id) SELECT id, firm_id FROM written;
            RETURN NULL;
        END $$""",
    """CREATE TRIGGER audit_wait AFTER INSERT ON tenancy_auditentry
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION posthorn_audit_wait()""",
]
_APPEND_ONLY = """CREATE FUNCTION posthorn_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
    END $$"""
_CACHE = """CREATE TABLE posthorn_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)"""


class Migration(migrations.Migration):
    """Row-level security, composite foreign keys, the audit trail's triggers, the shared cache."""

    dependencies: ClassVar = [("tenancy", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(_APPEND_ONLY, migrations.RunSQL.noop),
        separate("tenancy_firm", firm="id"),
        separate("tenancy_membership"),
        separate("tenancy_client", client="id"),
        separate("tenancy_clientnumber", client="client_id"),
        separate("tenancy_trustedsupplier", client="client_id"),
        separate("tenancy_clientassignment", client="client_id"),
        separate("tenancy_clientperson", client="client_id"),
        separate("tenancy_auditentry"),
        separate("tenancy_auditseal"),
        bind("tenancy_membership", {}),
        bind("tenancy_client", {}),
        bind("tenancy_clientnumber", {"client_id": "tenancy_client"}),
        bind("tenancy_trustedsupplier", {"client_id": "tenancy_client"}),
        bind(
            "tenancy_clientassignment",
            {"client_id": "tenancy_client", "membership_id": "tenancy_membership"},
        ),
        bind("tenancy_clientperson", {"client_id": "tenancy_client"}),
        append_only("tenancy_auditentry"),
        append_only("tenancy_auditseal"),
        hide_from_clients("tenancy_auditentry"),
        hide_from_clients("tenancy_auditseal"),
        migrations.RunSQL(
            "REVOKE INSERT ON tenancy_auditseal FROM posthorn_app", migrations.RunSQL.noop
        ),
        migrations.RunSQL(_UNSEALED, migrations.RunSQL.noop),
        migrations.RunSQL(_CACHE, migrations.RunSQL.noop),
    ]
