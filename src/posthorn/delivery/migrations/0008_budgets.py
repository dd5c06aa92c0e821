"""Counts the calls to packages, so that all workers together stay within their limits."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Budgets per package and refusals per kind of call; both of no firm."""

    dependencies: ClassVar = [("delivery", "0007_links")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("minute_ends", models.DateTimeField()),
                ("minute_left", models.IntegerField()),
                ("day_ends", models.DateTimeField()),
                ("day_left", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Refusals",
            fields=[
                ("key", models.CharField(max_length=400, primary_key=True, serialize=False)),
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
