"""Separates the documents of firms from one another."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from posthorn.tenancy.security import bind, separate


class Migration(migrations.Migration):
    """Row-level security and composite foreign keys."""

    dependencies: ClassVar = [("archive", "0001_initial"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        separate("archive_blob"),
        separate("archive_document", client="client_id"),
        bind("archive_blob", {}),
        bind("archive_document", {"client_id": "tenancy_client"}),
        migrations.RunSQL(
            [
                "ALTER TABLE archive_document ADD CONSTRAINT archive_document_duplicate_same_firm"
                " FOREIGN KEY (firm_id, duplicate_of_id) REFERENCES archive_document (firm_id, id)",
                "ALTER TABLE archive_document ADD CONSTRAINT archive_document_blob_same_firm"
                " FOREIGN KEY (firm_id, sha256) REFERENCES archive_blob (firm_id, sha256)",
            ],
            migrations.RunSQL.noop,
        ),
    ]
