"""Adds when packages are asked what became of deliveries, and what they said."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import append_only, bind, separate


def _id() -> tuple[str, models.Field[object, object]]:
    new_id = posthorn.kernel.ids.new_id
    return "id", models.UUIDField(
        default=new_id, editable=False, primary_key=True, serialize=False
    )


def _firm() -> tuple[str, models.Field[object, object]]:
    return "firm", models.ForeignKey(
        on_delete=models.PROTECT, related_name="+", to="tenancy.firm"
    )


def _unindexed(model: str) -> models.Field[object, object]:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=models.CASCADE,
        related_name="+",
        to=model,
    )


_STATES = ["received", "booked", "rejected", "gone"]
_OPTIONS = {"abstract": False, "base_manager_name": "objects"}


class Migration(migrations.Migration):
    """Two tables of firms with row-level security; what was said is never changed."""

    dependencies: ClassVar = [
        ("delivery", "0010_unresolved"),
        ("connections", "0002_separation"),
        ("tenancy", "0002_separation"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Readback",
            fields=[
                _id(),
                ("began_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("next_at", models.DateTimeField()),
                ("looks", models.PositiveSmallIntegerField(default=0)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("was_missing", models.BooleanField(default=False)),
                ("connection", _unindexed("connections.connection")),
                ("delivery", _unindexed("delivery.delivery")),
                _firm(),
                ("lane", _unindexed("delivery.lane")),
            ],
            options={
                **_OPTIONS,
                "indexes": [
                    models.Index(fields=["connection", "next_at"], name="readback_due"),
                    models.Index(fields=["lane", "next_at"], name="readback_of_lane"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("delivery",), name="readback_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusReport",
            fields=[
                _id(),
                (
                    "state",
                    models.CharField(
                        choices=[(state, state) for state in _STATES], max_length=12
                    ),
                ),
                ("code", models.CharField(blank=True, default="", max_length=60)),
                ("detail", models.CharField(blank=True, default="", max_length=2000)),
                ("has_moved", models.BooleanField(default=False)),
                ("said_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="delivery.delivery",
                    ),
                ),
                _firm(),
            ],
            options={
                **_OPTIONS,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(state__in=_STATES), name="status_report_state"
                    ),
                ],
            },
        ),
        separate("delivery_readback"),
        separate("delivery_statusreport"),
        bind(
            "delivery_readback",
            {
                "connection_id": "connections_connection",
                "delivery_id": "delivery_delivery",
                "lane_id": "delivery_lane",
            },
        ),
        bind("delivery_statusreport", {"delivery_id": "delivery_delivery"}),
        append_only("delivery_statusreport"),
    ]
