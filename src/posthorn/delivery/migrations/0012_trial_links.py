"""Adds download addresses of test mails, where documents go as links."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, separate


class Migration(migrations.Migration):
    """The sample lies beside its address: it is nobody's document."""

    dependencies: ClassVar = [("delivery", "0011_readbacks"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="TrialLink",
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
                ("token_sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("made_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, default="", max_length=200)),
                ("times", models.PositiveIntegerField(default=0)),
                ("fetched_at", models.DateTimeField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="tenancy.firm"
                    ),
                ),
                (
                    "trial",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=models.CASCADE,
                        related_name="link",
                        to="delivery.trial",
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            "triallink",
            models.UniqueConstraint(fields=("token_sha256",), name="trial_link_token"),
        ),
        separate("delivery_triallink"),
        bind("delivery_triallink", {"trial_id": "delivery_trial"}),
    ]
