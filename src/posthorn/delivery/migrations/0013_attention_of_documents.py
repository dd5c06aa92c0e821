"""Holds the documents too in the index of what somebody must look at: lists count them there."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_PAUSES = ["connection_paused", "integration_paused", "client_paused"]


class Migration(migrations.Migration):
    """The index anew, with the document of each delivery."""

    dependencies: ClassVar = [("delivery", "0012_trial_links")]
    operations: ClassVar = [
        migrations.RemoveIndex("delivery", "delivery_attention"),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["firm", "client"],
                include=["id", "document", "connection", "state", "reason", "code", "moved_at"],
                condition=models.Q(
                    state__in=["refused", "bounced", "rejected_by_package", "expired"],
                    processed_at__isnull=True,
                    copied_at__isnull=True,
                )
                | models.Q(state="unknown")
                | (models.Q(state="held") & ~models.Q(reason__in=_PAUSES)),
                name="delivery_attention",
            ),
        ),
    ]
