"""Adds invitations and what a person chooses about the pages."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, separate

_ROLES = ["administrator", "client_manager", "accountant"]
_OWN: Any = models.ForeignKey(
    "tenancy.firm", on_delete=django.db.models.deletion.PROTECT, related_name="+"
)
_CLIENT: Any = models.ForeignKey(
    "tenancy.client",
    db_constraint=False,
    null=True,
    on_delete=django.db.models.deletion.CASCADE,
    related_name="+",
)
_PERSON: Any = models.ForeignKey(
    settings.AUTH_USER_MODEL,
    null=True,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
)
_ID: Any = models.UUIDField(
    default=posthorn.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
)


class Migration(migrations.Migration):
    """A table of a firm; the person's new columns have defaults in the database."""

    dependencies: ClassVar = [("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.AddField(
            "person", "is_keyboard_on", models.BooleanField(db_default=True, default=True)
        ),
        migrations.AddField(
            "person",
            "theme",
            models.CharField(db_default="system", default="system", max_length=6),
        ),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=models.Q(theme__in=["system", "light", "dark"]), name="person_theme"
            ),
        ),
        migrations.CreateModel(
            "Invitation",
            [
                ("id", _ID),
                ("firm", _OWN),
                ("email", models.EmailField(max_length=254)),
                ("role", models.CharField(default="", max_length=20)),
                ("client", _CLIENT),
                ("clients", models.JSONField(default=list)),
                ("language", models.CharField(max_length=2)),
                ("token_sha256", models.CharField(max_length=64)),
                ("invited_by", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(default=None, null=True)),
                ("revoked_at", models.DateTimeField(default=None, null=True)),
                ("person", _PERSON),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(fields=("token_sha256",), name="invitation_token"),
        ),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(
                condition=models.Q(used_at=None, revoked_at=None),
                fields=("firm", "client", "email"),
                name="invitation_open_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(
                condition=models.Q(client__isnull=True, role__in=_ROLES)
                | models.Q(client__isnull=False, role=""),
                name="invitation_role_or_client",
            ),
        ),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
            ),
        ),
        separate("tenancy_invitation", client="client_id"),
        bind("tenancy_invitation", {"client_id": "tenancy_client"}),
    ]
