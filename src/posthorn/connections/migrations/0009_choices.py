"""Adds what packages give to choose from."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, hide_from_clients, separate


class Migration(migrations.Migration):
    """A table of firms with row-level security, not for clients' own people."""

    dependencies: ClassVar = [("connections", "0008_removals"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ChoiceList",
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
                ("field", models.CharField(max_length=60)),
                ("realm", models.CharField(max_length=64)),
                ("options", models.JSONField(default=list)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("code", models.CharField(blank=True, default="", max_length=60)),
                ("detail", models.CharField(blank=True, default="", max_length=500)),
                (
                    "connection",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="connections.connection",
                    ),
                ),
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
                "indexes": [models.Index(fields=["asked_at"], name="choice_list_asked")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("connection", "field", "realm"), name="choice_list_once"
                    ),
                ],
            },
        ),
        separate("connections_choicelist"),
        bind("connections_choicelist", {"connection_id": "connections_connection"}),
        hide_from_clients("connections_choicelist"),
    ]
