"""Adds errands of people, and what typed texts name in packages."""

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


def _to(
    model: str, *, related: str = "+", on_delete: str = "CASCADE"
) -> models.ForeignKey[object, object]:
    return models.ForeignKey(
        db_constraint=False,
        on_delete=getattr(django.db.models.deletion, on_delete),
        related_name=related,
        to=model,
    )


def _firm() -> models.ForeignKey[object, object]:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.firm"
    )


def _text(length: int) -> models.CharField[str, str]:
    return models.CharField(blank=True, default="", max_length=length)


_OPTIONS = {"abstract": False, "base_manager_name": "objects"}
_STAGES = ["unverified", "undecided", "refused", "verified", "lost"]
_TO_CONNECTION = {"connection_id": "connections_connection"}


class Migration(migrations.Migration):
    """Row-level security, and one client of a firm for each place in a package."""

    dependencies: ClassVar = [("connections", "0005_changes"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        # With defaults of the database's own: processes of the version before know neither.
        migrations.AddField(
            "integration", "resolved", models.JSONField(db_default={}, default=dict)
        ),
        migrations.AddField(
            "integration",
            "unresolved",
            models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.CreateModel(
            name="Errand",
            fields=[
                _id(),
                ("kind", models.CharField(max_length=20)),
                ("payload", models.JSONField(default=dict)),
                ("actor", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("answer", models.JSONField(default=dict)),
                ("code", _text(60)),
                ("detail", _text(500)),
                ("done_at", models.DateTimeField(null=True)),
                ("connection", _to("connections.connection")),
                ("firm", _firm()),
            ],
            options={
                **_OPTIONS,
                "indexes": [
                    models.Index(
                        condition=models.Q(done_at__isnull=True),
                        fields=["asked_at"],
                        name="errand_due",
                    ),
                    models.Index(
                        condition=models.Q(done_at__isnull=False),
                        fields=["done_at"],
                        name="errand_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                _id(),
                ("connector_id", models.CharField(max_length=40)),
                ("field", models.CharField(max_length=60)),
                ("realm", models.CharField(blank=True, max_length=500)),
                ("typed", models.CharField(max_length=200)),
                ("stage", models.CharField(default="unverified", max_length=12)),
                ("code", _text(60)),
                ("detail", _text(500)),
                ("value", _text(200)),
                ("label", _text(200)),
                ("facts", models.JSONField(default=dict)),
                ("candidates", models.JSONField(default=list)),
                ("is_exclusive", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("next_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("confirmed_by", _text(200)),
                ("client", _to("tenancy.client")),
                ("connection", _to("connections.connection", related="resolutions")),
                ("integration", _to("connections.integration", related="resolutions")),
                ("firm", _firm()),
            ],
            options={
                **_OPTIONS,
                "indexes": [
                    models.Index(
                        condition=models.Q(next_at__isnull=False),
                        fields=["next_at"],
                        name="resolution_due",
                    ),
                    models.Index(fields=["connection"], name="resolution_connection"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("integration", "field"), name="resolution_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(is_exclusive=True) & ~models.Q(value=""),
                        fields=("firm", "connector_id", "field", "realm", "value"),
                        name="resolution_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(stage__in=_STAGES), name="resolution_stage"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(stage="verified")
                        | (~models.Q(value="") & models.Q(verified_at__isnull=False)),
                        name="resolution_verified_has_value",
                    ),
                ],
            },
        ),
        separate("connections_errand"),
        separate("connections_resolution", client="client_id"),
        bind("connections_errand", _TO_CONNECTION),
        bind(
            "connections_resolution",
            {
                **_TO_CONNECTION,
                "client_id": "tenancy_client",
                "integration_id": "connections_integration",
            },
        ),
    ]
