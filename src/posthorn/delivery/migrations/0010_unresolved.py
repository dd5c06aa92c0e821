"""Adds holds for what waits until its place in the package is known."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The same constraint over two reasons more."""

    dependencies: ClassVar = [("delivery", "0009_returns")]
    operations: ClassVar = [
        migrations.RemoveConstraint("delivery", "delivery_held_has_reason"),
        migrations.AddConstraint(
            "delivery",
            models.CheckConstraint(
                condition=Q(
                    state="held",
                    reason__in=[
                        "missing_address",
                        "extension_off",
                        "connection_paused",
                        "connection_attention",
                        "connector_missing",
                        "integration_paused",
                        "integration_removed",
                        "unverified",
                        "undecided",
                        "client_paused",
                        "client_left",
                        "not_shared",
                        "by_hand",
                        "unknown_thrice",
                        "ask_me",
                        "misconfigured",
                        "internal_error",
                        "file_damaged",
                        "withdrawn",
                        "key_missing",
                    ],
                )
                | (~Q(state="held") & Q(reason="")),
                name="delivery_held_has_reason",
            ),
        ),
    ]
