"""Keeps with each entry of the audit trail which client it is about."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

_ABOUT = models.Case(
    models.When(subject_kind="client", then=models.F("subject_id")),
    models.When(
        models.Q(detail__client__regex="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
        then=Cast(KeyTextTransform("client", "detail"), models.UUIDField()),
    ),
    default=None,
    output_field=models.UUIDField(),
)


class Migration(migrations.Migration):
    """The database itself works it out, of old entries too: the sealed ones stay as they are."""

    dependencies: ClassVar = [("tenancy", "0004_activity")]
    operations: ClassVar = [
        migrations.AddField(
            "auditentry",
            "client_id",
            models.GeneratedField(
                db_persist=True, expression=_ABOUT, output_field=models.UUIDField()
            ),
        ),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["firm", "client_id", "at", "id"],
                condition=models.Q(client_id__isnull=False),
                name="audit_client",
            ),
        ),
    ]
