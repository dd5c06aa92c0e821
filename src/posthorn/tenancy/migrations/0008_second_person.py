"""Lets a firm ask for a second person when an import address changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """With a default of the database's own: processes of the version before know no such column."""

    dependencies: ClassVar = [("tenancy", "0007_estimates")]
    operations: ClassVar = [
        migrations.AddField(
            "firm", "asks_second_person", models.BooleanField(db_default=False, default=False)
        ),
    ]
