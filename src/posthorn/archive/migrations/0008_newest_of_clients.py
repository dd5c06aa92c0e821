"""Lets the index of the newest documents tell whose they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Build the index anew, with the client beside its keys."""

    dependencies: ClassVar = [("archive", "0007_words")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="document", name="document_newest"),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["firm", "-arrived_at", "-id"], include=["client"], name="document_newest"
            ),
        ),
    ]
