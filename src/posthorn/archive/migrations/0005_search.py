"""Keeps with every document the words by which it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import migrations, models

from posthorn.archive.search import search_text

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BATCH = 1_000


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write the words of the documents that are there."""
    documents = apps.get_model("archive", "Document").objects
    waiting = documents.filter(search="").order_by("pk")
    while rows := list(waiting[:_BATCH]):
        for row in rows:
            row.search = search_text(row)
        documents.bulk_update(rows, ["search"])


class Migration(migrations.Migration):
    """The column may stay empty, so that older code goes on writing rows."""

    dependencies: ClassVar = [("archive", "0004_parts")]
    operations: ClassVar = [
        migrations.AddField(
            "document",
            "search",
            models.TextField(blank=True, db_default="", default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
