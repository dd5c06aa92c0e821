"""Gives lists of documents the indexes that serve them, and search its view."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_READ = models.Q(reading="read")
_WORDS = "array_to_tsvector(array_remove(string_to_array(search, ' '), ''))"
_FIRM = "nullif(current_setting('posthorn.firm', true), '')::uuid"
_CLIENT = "nullif(current_setting('posthorn.client', true), '')::uuid"
# Not a security barrier: its own condition separates firms, and the query's may use an index.
# A CASE, for the planner takes *is null or equal* for one row in two hundred.
_VIEW = f"""CREATE VIEW archive_search AS
    SELECT id, total, {_WORDS} AS words FROM archive_document
    WHERE firm_id = {_FIRM}
    AND CASE WHEN {_CLIENT} IS NULL THEN true ELSE client_id = {_CLIENT} END"""  # noqa: S608


def _newest(name: str, condition: models.Q) -> migrations.AddIndex:
    fields = ["firm", "-arrived_at", "-id"]
    return migrations.AddIndex(
        "document", models.Index(fields=fields, condition=condition, name=name)
    )


class Migration(migrations.Migration):
    """Indexes, and a view of the scope's own documents whose conditions may use them."""

    dependencies: ClassVar = [("archive", "0005_search"), ("tenancy", "0002_separation")]
    operations: ClassVar = [
        migrations.RemoveIndex("document", "document_of_client"),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["firm", "client", "-arrived_at", "-id"], name="document_of_client"
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["firm", "category", "-arrived_at", "-id"], name="document_category"
            ),
        ),
        migrations.AddIndex(
            "document", models.Index(fields=["firm", "total"], name="document_total")
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["firm", "client"],
                condition=_READ
                & models.Q(
                    client__isnull=False,
                    released_at__isnull=True,
                    rejected_at__isnull=True,
                    duplicate_of__isnull=True,
                ),
                name="document_to_decide",
            ),
        ),
        _newest("document_unassigned", _READ & models.Q(client__isnull=True, parts=0)),
        _newest("document_duplicate", models.Q(duplicate_of__isnull=False)),
        _newest("document_rejected", models.Q(rejected_at__isnull=False)),
        _newest("document_nowhere", ~models.Q(not_planned="")),
        _newest("document_unread", models.Q(reading__in=["unreadable", "quarantined"])),
        migrations.RunSQL(
            f"CREATE INDEX document_words ON archive_document USING gin (({_WORDS}))",
            "DROP INDEX document_words",
        ),
        migrations.RunSQL(
            [
                _VIEW,
                "REVOKE ALL ON archive_search FROM posthorn_app, posthorn_system",
                "GRANT SELECT ON archive_search TO posthorn_app",
            ],
            "DROP VIEW archive_search",
        ),
    ]
