"""Rows of what came in: files, and documents with the facts read from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.archive.directions import Direction, Reading
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import FirmOwned

_READ = Q(reading="read")
_PLACES = {
    "document_unassigned": _READ & Q(client__isnull=True, parts=0),
    "document_duplicate": Q(duplicate_of__isnull=False),
    "document_rejected": Q(rejected_at__isnull=False),
    "document_nowhere": ~Q(not_planned=""),
    "document_unread": Q(reading__in=["unreadable", "quarantined"]),
}


class Blob(FirmOwned):
    """One stored file of a firm, named by the SHA-256 of its bytes."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField(default=now)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "sha256"], name="blob_once")
        ]


class Document(FirmOwned):
    """An invoice, credit note, statement or other file of one client; its bytes never change."""

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    direction = models.CharField(
        max_length=10,
        choices=[(direction.value, direction.value) for direction in Direction],
        default=Direction.NONE.value,
        blank=True,
    )
    direction_basis = models.CharField(max_length=60, default="", blank=True)
    source = models.CharField(max_length=20)
    source_id = models.CharField(max_length=200, default="", blank=True)
    file_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100, default="application/octet-stream")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    arrived_at = models.DateTimeField(default=now)
    arrived_by = models.CharField(max_length=200, default="", blank=True)

    reading = models.CharField(
        max_length=12,
        choices=[(reading.value, reading.value) for reading in Reading],
        default=Reading.PENDING.value,
    )
    read_tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, default="", blank=True)
    problem_detail = models.CharField(max_length=500, default="", blank=True)

    verdict = models.CharField(max_length=10, default="", db_default="", blank=True)
    findings = models.JSONField(default=list, db_default=[], blank=True)

    format = models.CharField(max_length=40, default="", blank=True)
    profile = models.CharField(max_length=250, default="", blank=True)
    category = models.CharField(max_length=20, default="", blank=True)
    number = models.CharField(max_length=200, default="", blank=True)
    type_code = models.CharField(max_length=10, default="", blank=True)
    issue_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    total = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    seller_name = models.CharField(max_length=300, default="", blank=True)
    seller_number = models.CharField(max_length=60, default="", blank=True)
    buyer_name = models.CharField(max_length=300, default="", blank=True)
    buyer_number = models.CharField(max_length=60, default="", blank=True)
    account = models.CharField(max_length=40, default="", blank=True)
    identities = models.JSONField(default=dict, blank=True)

    assigned_at = models.DateTimeField(null=True)
    assigned_basis = models.CharField(max_length=60, default="", blank=True)
    duplicate_key = models.CharField(max_length=64, default="", blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=200, default="", blank=True)
    release_basis = models.CharField(max_length=60, default="", blank=True)
    rejected_at = models.DateTimeField(null=True)
    rejected_reason = models.CharField(max_length=500, default="", blank=True)
    not_planned = models.CharField(max_length=40, default="", blank=True)

    # A file with statements of several clients is cut: the parts are documents of their own.
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    parts = models.PositiveIntegerField(default=0, db_default=0)

    search = models.TextField(default="", db_default="", blank=True, editable=False)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "source", "source_id"],
                condition=~Q(source_id=""),
                name="document_source_once",
            ),
            models.UniqueConstraint(
                fields=["firm", "duplicate_key"],
                condition=~Q(duplicate_key="") & Q(duplicate_of__isnull=True),
                name="document_business_once",
            ),
            models.UniqueConstraint(
                fields=["firm", "client", "direction", "sha256"],
                condition=Q(client__isnull=False)
                & Q(duplicate_of__isnull=True)
                & Q(reading="read"),
                name="document_bytes_once",
            ),
            models.CheckConstraint(
                condition=Q(reading__in=[reading.value for reading in Reading]),
                name="document_reading",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[each.value for each in Direction]),
                name="document_direction",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | (Q(client__isnull=False) & Q(reading="read") & Q(rejected_at__isnull=True)),
                name="document_released_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | ~Q(direction="") | Q(category="statement"),
                name="document_released_has_direction",
            ),
            models.CheckConstraint(
                condition=Q(parts=0) | Q(released_at__isnull=True, client__isnull=True),
                name="document_cut_stays",
            ),
        ]
        indexes: ClassVar = [
            # With the client, so that it alone tells from whom something came of late.
            models.Index(
                fields=["firm", "-arrived_at", "-id"], include=["client"], name="document_newest"
            ),
            models.Index(
                fields=["firm", "client", "-arrived_at", "-id"], name="document_of_client"
            ),
            models.Index(
                fields=["firm", "category", "-arrived_at", "-id"], name="document_category"
            ),
            models.Index(fields=["firm", "total"], name="document_total"),
            models.Index(
                fields=["firm", "client"],
                condition=_READ
                & Q(
                    client__isnull=False,
                    released_at__isnull=True,
                    rejected_at__isnull=True,
                    duplicate_of__isnull=True,
                ),
                name="document_to_decide",
            ),
            *(
                models.Index(fields=["firm", "-arrived_at", "-id"], condition=each, name=name)
                for name, each in _PLACES.items()
            ),
            models.Index(fields=["firm", "sha256"], name="document_hash"),
            models.Index(fields=["firm", "client", "number"], name="document_number"),
            models.Index(
                fields=["arrived_at"], condition=Q(reading="pending"), name="document_pending"
            ),
            models.Index(
                fields=["firm", "parent"],
                condition=Q(parent__isnull=False),
                name="document_parts",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.file_name
