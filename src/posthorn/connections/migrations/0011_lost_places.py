"""Finds what clients were bound to and is gone from its package, however many clients there are."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of the few rows that somebody must look at."""

    dependencies: ClassVar = [("connections", "0010_mailbox_use")]
    operations: ClassVar = [
        migrations.AddIndex(
            "resolution",
            models.Index(
                fields=["firm"], condition=models.Q(stage="lost"), name="resolution_lost"
            ),
        ),
    ]
