"""Gives lists of deliveries the indexes that serve them, in the place of ones that served none."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


def _unindexed(name: str, target: str) -> migrations.AlterField:
    """Drop the index of its own that a reference has: another one begins with it."""
    return migrations.AlterField(
        "delivery",
        name,
        models.ForeignKey(
            target,
            db_constraint=False,
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
        ),
    )


class Migration(migrations.Migration):
    """Indexes by client, connection, time of the last move and the other side's own id."""

    dependencies: ClassVar = [("delivery", "0002_separation")]
    operations: ClassVar = [
        migrations.AddIndex(
            "delivery", models.Index(fields=["client", "-position"], name="delivery_of_client")
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["connection", "-position"], name="delivery_of_connection"),
        ),
        migrations.AddIndex(
            "delivery", models.Index(fields=["firm", "-moved_at"], name="delivery_moved")
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["firm", "client"],
                condition=models.Q(state__in=["queued", "sending", "retrying"]),
                name="delivery_on_its_way",
            ),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["firm", "remote_id"],
                condition=~models.Q(remote_id=""),
                name="delivery_remote_id",
            ),
        ),
        _unindexed("client", "tenancy.client"),
        _unindexed("connection", "connections.connection"),
        _unindexed("document", "archive.document"),
    ]
