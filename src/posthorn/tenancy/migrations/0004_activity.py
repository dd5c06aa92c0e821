"""Lets the audit trail be read by time, person, action and client, however long it is."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform


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
        AddIndexConcurrently(
            "auditentry",
            models.Index(
                "firm",
                KeyTextTransform("client", "detail"),
                "at",
                "id",
                condition=models.Q(detail__has_key="client"),
                name="audit_client",
            ),
        ),
    ]
