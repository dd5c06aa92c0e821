"""Adds the domains a firm signs its mail with, and the shared pace of sending."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, separate


class Migration(migrations.Migration):
    """Row-level security for the domains; the pace belongs to the installation."""

    dependencies: ClassVar = [("connections", "0003_consents"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="SendingDomain",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=posthorn.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("domain", models.CharField(max_length=253)),
                ("selector", models.CharField(max_length=63)),
                ("public", models.TextField()),
                ("key_id", models.CharField(db_index=True, max_length=20)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("proven_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("findings", models.JSONField(default=list)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.firm",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "domain"), name="sending_domain_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "key",
                    models.CharField(max_length=300, primary_key=True, serialize=False),
                ),
                ("next_at", models.DateTimeField()),
            ],
        ),
        separate("connections_sendingdomain"),
        bind("connections_sendingdomain", {}),
    ]
