"""Rows of changed import addresses: who changed what, and who agreed to it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import FirmOwned


class Standing(StrEnum):
    """What became of a change."""

    APPLIED = "applied"  # at once: nobody else was asked
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by its author, by a newer change, or with the integration


class AddressChange(FirmOwned):
    """One change of where a client's documents go; until it is confirmed nothing of it counts."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    integration = models.ForeignKey(
        "connections.Integration", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    standing = models.CharField(max_length=10, choices=[(one, one) for one in Standing])
    addresses = models.JSONField()  # guarded field: the value that counted, the one that is to
    wanted = models.JSONField(default=dict)  # what is saved once it is confirmed
    shared_reason = models.CharField(max_length=300, default="", blank=True)
    author = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=now)
    decided_by = models.CharField(max_length=200, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    seen_by = models.CharField(max_length=200, default="", blank=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["integration"], condition=Q(standing="waiting"), name="change_waits_once"
            ),
            models.CheckConstraint(
                condition=~Q(standing="confirmed") | ~Q(decided_by__in=["", F("author")]),
                name="change_second_person",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[one.value for one in Standing]), name="change_standing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "standing", "-made_at"], name="change_latest"),
            models.Index(fields=["client", "-made_at"], name="change_of_client"),
        ]
