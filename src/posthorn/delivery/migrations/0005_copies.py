"""Finds the copies of a delivery without looking through the first ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of the few deliveries that repeat another one."""

    dependencies: ClassVar = [("delivery", "0004_estimates")]
    operations: ClassVar = [
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["document"],
                condition=models.Q(resend_of__isnull=False),
                name="delivery_copies",
            ),
        ),
    ]
