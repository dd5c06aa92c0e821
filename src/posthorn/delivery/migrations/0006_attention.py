"""Notes on a delivery that it was sent again, so that trouble is found in one small index."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_COPIED = """
UPDATE delivery_delivery AS earlier SET copied_at = later.planned_at
FROM (
    SELECT firm_id, resend_of_id, max(copy) AS copy, min(planned_at) AS planned_at
    FROM delivery_delivery WHERE resend_of_id IS NOT NULL GROUP BY firm_id, resend_of_id
) AS later
WHERE earlier.firm_id = later.firm_id AND earlier.copy < later.copy
    AND later.resend_of_id IN (earlier.id, earlier.resend_of_id)
"""
_PAUSES = ["connection_paused", "integration_paused", "client_paused"]


class Migration(migrations.Migration):
    """A column for the time of the next copy, and an index of what somebody must look at."""

    dependencies: ClassVar = [("delivery", "0005_copies")]
    operations: ClassVar = [
        migrations.AddField("delivery", "copied_at", models.DateTimeField(null=True)),
        migrations.RunSQL(_COPIED, migrations.RunSQL.noop),
        migrations.RemoveIndex("delivery", "delivery_copies"),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["firm", "client"],
                include=["id", "connection", "state", "reason", "code", "moved_at"],
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
