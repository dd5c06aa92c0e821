"""Counts mails to mailboxes of packages that take so many in a time; of no firm."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """One row per mailbox, under a digest of its address."""

    dependencies: ClassVar = [("connections", "0009_choices")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="MailboxUse",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "times",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), size=None
                    ),
                ),
                ("last_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
