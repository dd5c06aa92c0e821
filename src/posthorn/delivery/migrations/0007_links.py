"""Adds addresses under which documents can be fetched, and who fetched them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

import posthorn.kernel.clock
import posthorn.kernel.ids
from posthorn.tenancy.security import bind, separate

def _id() -> tuple[str, models.Field[object, object]]:
    new_id = posthorn.kernel.ids.new_id
    return "id", models.UUIDField(
        default=new_id, editable=False, primary_key=True, serialize=False
    )


def _to(model: str, on_delete: Any = models.PROTECT) -> models.Field[object, object]:  # noqa: ANN401
    is_bound = model != "tenancy.firm"  # the others by composite keys below
    return models.ForeignKey(
        db_constraint=not is_bound, on_delete=on_delete, related_name="+", to=model
    )


class Migration(migrations.Migration):
    """Two tables of firms with row-level security, and one that counts."""

    dependencies: ClassVar = [
        ("delivery", "0006_attention"),
        ("archive", "0002_separation"),
        ("tenancy", "0002_separation"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Link",
            fields=[
                _id(),
                ("token_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, default="", max_length=200)),
                ("delivery", _to("delivery.delivery", models.CASCADE)),
                ("document", _to("archive.document")),
                ("firm", _to("tenancy.firm")),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            "link", models.UniqueConstraint(fields=("token_sha256",), name="link_token")
        ),
        migrations.CreateModel(
            name="Download",
            fields=[
                _id(),
                ("at", models.DateTimeField(default=posthorn.kernel.clock.now)),
                ("network", models.CharField(max_length=50)),
                ("user_agent", models.CharField(blank=True, max_length=200)),
                ("link", _to("delivery.link", models.CASCADE)),
                ("firm", _to("tenancy.firm")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["link", "-at"], name="download_latest")],
            },
        ),
        migrations.CreateModel(
            name="Fetching",
            fields=[
                (
                    "key",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("since", models.DateTimeField()),
                ("times", models.PositiveIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["since"], name="fetching_since")]},
        ),
        separate("delivery_link"),
        separate("delivery_download"),
        bind(
            "delivery_link",
            {"delivery_id": "delivery_delivery", "document_id": "archive_document"},
        ),
        bind("delivery_download", {"link_id": "delivery_link"}),
    ]
