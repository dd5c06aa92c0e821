"""Adds who signed in to which package, with the tokens, and sign-ins under way."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, separate


def _id() -> tuple[str, models.Field[object, object]]:
    field: models.Field[object, object] = models.UUIDField(
        default=posthorn.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
    )
    return ("id", field)


def _firm() -> tuple[str, models.Field[object, object]]:
    field: models.Field[object, object] = models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.firm"
    )
    return ("firm", field)


def _text(length: int) -> models.CharField[str, str]:
    return models.CharField(blank=True, default="", max_length=length)


_LIVE = models.Q(ended_at__isnull=True)
_OPTIONS = {"abstract": False, "base_manager_name": "objects"}


class Migration(migrations.Migration):
    """Row-level security, and one live sign-in per account where the package keeps one."""

    dependencies: ClassVar = [("connections", "0006_resolutions"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                _id(),
                ("connector_id", models.CharField(max_length=40)),
                ("site", _text(40)),
                ("app", models.CharField(max_length=200)),
                ("account_id", models.CharField(max_length=200)),
                ("account_name", models.CharField(max_length=200)),
                ("account_detail", _text(200)),
                ("is_newest_only", models.BooleanField()),
                (
                    "key_id",
                    models.CharField(blank=True, db_index=True, default="", max_length=20),
                ),
                ("sealed", models.BinaryField(default=b"")),
                ("generation", models.PositiveIntegerField(default=1)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("refreshed_at", models.DateTimeField()),
                ("retry_at", models.DateTimeField(null=True)),
                ("unanswered", models.PositiveSmallIntegerField(default=0)),
                ("calls_on", models.DateField(null=True)),
                ("calls", models.PositiveIntegerField(default=0)),
                ("signed_in_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("signed_in_by", models.CharField(max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_code", _text(60)),
                (
                    "connection",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="connections.connection",
                    ),
                ),
                _firm(),
            ],
            options={
                **_OPTIONS,
                "indexes": [
                    models.Index(fields=["refreshed_at"], condition=_LIVE, name="grant_live_age")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["connection"], name="grant_of_connection"),
                    models.UniqueConstraint(
                        fields=["connector_id", "site", "app", "account_id"],
                        condition=models.Q(ended_at__isnull=True, is_newest_only=True),
                        name="grant_of_account",
                    ),
                    models.CheckConstraint(
                        condition=_LIVE | (models.Q(sealed=b"") & ~models.Q(ended_code="")),
                        name="grant_ended_is_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                _id(),
                ("connector_id", models.CharField(max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("site", _text(40)),
                ("person", models.UUIDField()),
                ("actor", models.CharField(max_length=200)),
                ("session", models.CharField(max_length=64)),
                ("state", models.CharField(max_length=64, unique=True)),
                ("key_id", models.CharField(db_index=True, max_length=20)),
                ("sealed", models.BinaryField()),
                ("began_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(null=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("tokens_expire_at", models.DateTimeField(null=True)),
                ("account_id", _text(200)),
                ("account_name", _text(200)),
                ("account_detail", _text(200)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "connection",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to="connections.connection",
                    ),
                ),
                _firm(),
            ],
            options=_OPTIONS,
        ),
        separate("connections_grant"),
        separate("connections_signin"),
        bind("connections_grant", {"connection_id": "connections_connection"}),
        bind("connections_signin", {"connection_id": "connections_connection"}),
    ]
