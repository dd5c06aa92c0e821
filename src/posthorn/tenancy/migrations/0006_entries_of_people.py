"""Lets what people did be read without passing over all that Posthorn did by itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds the index while entries are being written."""

    atomic = False
    dependencies: ClassVar = [("tenancy", "0005_clients_of_entries")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "auditentry",
            models.Index(
                fields=["firm", "at", "id"],
                condition=~models.Q(actor__in=("engine", "reader", "rule", "start", "sweep")),
                name="audit_people",
            ),
        ),
    ]
