"""Ties the parts of a file that was cut to the file as it was received."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A file that was cut is never released itself; both columns may stay as they are."""

    dependencies: ClassVar = [("archive", "0003_findings")]
    operations: ClassVar = [
        migrations.AddField(
            "document",
            "parent",
            models.ForeignKey(
                "archive.document",
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                db_index=False,
            ),
        ),
        migrations.AddField(
            "document",
            "parts",
            models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=models.Q(parts=0)
                | models.Q(released_at__isnull=True, client__isnull=True),
                name="document_cut_stays",
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["firm", "parent"],
                condition=models.Q(parent__isnull=False),
                name="document_parts",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE archive_document ADD CONSTRAINT archive_document_parent_same_firm"
            " FOREIGN KEY (firm_id, parent_id) REFERENCES archive_document (firm_id, id)",
            migrations.RunSQL.noop,
        ),
    ]
