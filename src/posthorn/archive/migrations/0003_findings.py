"""Keeps what a check found beside the facts of a document."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Verdict and findings; both may stay empty, so that older code goes on writing rows."""

    dependencies: ClassVar = [("archive", "0002_separation")]
    operations: ClassVar = [
        migrations.AddField(
            "document",
            "verdict",
            models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            "document",
            "findings",
            models.JSONField(blank=True, db_default=[], default=list),
        ),
    ]
