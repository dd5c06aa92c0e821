"""Lets the audit trail be read by time, person and action, however long it is."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds indexes while entries are being written."""

    atomic = False
    dependencies: ClassVar = [("tenancy", "0003_invitations")]
    operations: ClassVar = [
        AddIndexConcurrently(
            "auditentry", models.Index(fields=["firm", "at", "id"], name="audit_time")
        ),
        AddIndexConcurrently(
            "auditentry", models.Index(fields=["firm", "action", "at", "id"], name="audit_action")
        ),
        AddIndexConcurrently(
            "auditentry",
            models.Index(fields=["firm", "actor", "action", "at", "id"], name="audit_actor"),
        ),
    ]
