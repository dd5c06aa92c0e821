"""Adds removed accounting packages, permissions withdrawn, and sign-ins to be ended there too."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.functions import Lower

_DUE = models.Q(revocation="due")
_LIVE = models.Q(ended_at__isnull=True)
_WORDS = ["due", "done", "by_hand", "failed"]


class Migration(migrations.Migration):
    """A name is free again once its package is removed."""

    dependencies: ClassVar = [("connections", "0007_signing_in")]
    operations: ClassVar = [
        # With defaults of the database's own: processes of the version before know none of them.
        migrations.AddField("connection", "removed_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("connection", "connection_name"),
        migrations.AddConstraint(
            "connection",
            models.UniqueConstraint(
                "firm",
                Lower("name"),
                condition=models.Q(removed_at__isnull=True),
                name="connection_name",
            ),
        ),
        migrations.AddField(
            "consent", "withdraws", models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            "grant",
            "revocation",
            models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField("grant", "revoke_until", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("grant", "grant_ended_is_empty"),
        migrations.AddConstraint(
            "grant",
            models.CheckConstraint(
                condition=_LIVE | (~models.Q(ended_code="") & (models.Q(sealed=b"") | _DUE)),
                name="grant_ended_is_empty",
            ),
        ),
        migrations.AddConstraint(
            "grant",
            models.CheckConstraint(
                condition=models.Q(revocation="")
                | models.Q(ended_at__isnull=False, revocation__in=_WORDS),
                name="grant_revoked_has_ended",
            ),
        ),
        migrations.AddIndex(
            "grant",
            models.Index(fields=["revoke_until"], condition=_DUE, name="grant_to_revoke"),
        ),
    ]
