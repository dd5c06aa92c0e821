"""Separates the deliveries of firms from one another, and gives deliveries their order of arrival."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from posthorn.tenancy.security import bind, separate


class Migration(migrations.Migration):
    """Row-level security, composite foreign keys and the sequence of positions."""

    dependencies: ClassVar = [
        ("delivery", "0001_initial"),
        ("archive", "0002_separation"),
        ("connections", "0002_separation"),
    ]
    operations: ClassVar = [
        separate("delivery_lane"),
        separate("delivery_delivery", client="client_id"),
        separate("delivery_revision"),
        separate("delivery_attempt"),
        separate("delivery_step"),
        bind("delivery_lane", {"connection_id": "connections_connection"}),
        bind(
            "delivery_delivery",
            {
                "lane_id": "delivery_lane",
                "client_id": "tenancy_client",
                "document_id": "archive_document",
                "integration_id": "connections_integration",
                "connection_id": "connections_connection",
            },
        ),
        bind("delivery_revision", {"delivery_id": "delivery_delivery"}),
        bind("delivery_attempt", {"delivery_id": "delivery_delivery"}),
        bind("delivery_step", {"delivery_id": "delivery_delivery"}),
        migrations.RunSQL(
            [
                "CREATE SEQUENCE delivery_position",
                "ALTER TABLE delivery_delivery ADD CONSTRAINT delivery_resend_same_firm"
                " FOREIGN KEY (firm_id, resend_of_id) REFERENCES delivery_delivery (firm_id, id)",
            ],
            migrations.RunSQL.noop,
        ),
    ]
