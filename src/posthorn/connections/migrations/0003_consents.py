"""Adds who confirmed what an extension may do, and why something was paused."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import append_only, separate


def _reason() -> models.CharField[str, str]:
    # With a default of the database's own: processes of the version before know no such column.
    return models.CharField(blank=True, db_default="", default="", max_length=300)


class Migration(migrations.Migration):
    """Row-level security, and rows that are never changed."""

    dependencies: ClassVar = [("connections", "0002_separation"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.AddField("connection", "pause_reason", _reason()),
        migrations.AddField("integration", "pause_reason", _reason()),
        migrations.CreateModel(
            name="Consent",
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
                ("connector_id", models.CharField(max_length=40)),
                ("connector_version", models.CharField(max_length=20)),
                ("access", models.JSONField()),
                ("confirmed_by", models.CharField(max_length=200)),
                ("confirmed_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
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
                "indexes": [
                    models.Index(
                        fields=["firm", "connector_id", "-confirmed_at"], name="consent_latest"
                    )
                ],
            },
        ),
        separate("connections_consent"),
        append_only("connections_consent"),
    ]
