"""Adds changed import addresses, and who agreed to them."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, separate

_STANDINGS = ["applied", "waiting", "confirmed", "refused", "withdrawn"]


def _text(length: int) -> models.CharField[str, str]:
    return models.CharField(blank=True, default="", max_length=length)


class Migration(migrations.Migration):
    """Row-level security, composite keys, and a second person by constraint."""

    dependencies: ClassVar = [("connections", "0004_sending"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=posthorn.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[(one, one) for one in _STANDINGS], max_length=10
                    ),
                ),
                ("addresses", models.JSONField()),
                ("wanted", models.JSONField(default=dict)),
                ("shared_reason", _text(300)),
                ("author", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("decided_by", _text(200)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", _text(300)),
                ("seen_by", _text(200)),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.client",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.firm",
                    ),
                ),
                (
                    "integration",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="connections.integration",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["firm", "standing", "-made_at"], name="change_latest"),
                    models.Index(fields=["client", "-made_at"], name="change_of_client"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("standing", "waiting")),
                        fields=("integration",),
                        name="change_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("standing", "confirmed"), _negated=True),
                            models.Q(
                                ("decided_by__in", ["", models.F("author")]), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="change_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", _STANDINGS)), name="change_standing"
                    ),
                ],
            },
        ),
        separate("connections_addresschange", client="client_id"),
        bind(
            "connections_addresschange",
            {"client_id": "tenancy_client", "integration_id": "connections_integration"},
        ),
    ]
