"""Rows of download addresses: where a document of a delivery can be fetched, and who fetched it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from posthorn.archive.models import Document
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import FirmOwned


class Link(FirmOwned):
    """One document of one delivery under an address of its own.

    Of the token only its SHA-256 is here, as lower-case hex.
    """

    delivery = models.ForeignKey(
        "delivery.Delivery", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    token_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, default="", blank=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_sha256"], name="link_token"),
        ]


class Download(FirmOwned):
    """One time that a document was fetched; the address is cut short: a network, not a person."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    at = models.DateTimeField(default=now)
    network = models.CharField(max_length=50)
    user_agent = models.CharField(max_length=200, blank=True)

    class Meta(FirmOwned.Meta):
        indexes: ClassVar = [models.Index(fields=["link", "-at"], name="download_latest")]


class Fetching(models.Model):
    """How often an address was asked for, or from one network, since a time; of no firm."""

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    times = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["since"], name="fetching_since")]

    def __str__(self) -> str:
        return f"{self.times} since {self.since}"
