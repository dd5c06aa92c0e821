"""Rows of what packages say later of what they were given: when they are asked, what they said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.kernel.clock import now
from posthorn.sdk.connector import RemoteState
from posthorn.tenancy.scope import FirmOwned


class Readback(FirmOwned):
    """When a package is asked next what became of a delivery; gone once it is asked no more."""

    delivery = models.ForeignKey(
        "delivery.Delivery",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    lane = models.ForeignKey(
        "delivery.Lane",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    connection = models.ForeignKey(
        "connections.Connection",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    began_at = models.DateTimeField(default=now)
    next_at = models.DateTimeField()
    looks = models.PositiveSmallIntegerField(default=0)  # that were answered
    failures = models.PositiveSmallIntegerField(default=0)  # in a row, without an answer
    was_missing = models.BooleanField(default=False)  # the last answer was that it is not there

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery"], name="readback_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "next_at"], name="readback_due"),
            models.Index(fields=["lane", "next_at"], name="readback_of_lane"),
        ]


class StatusReport(FirmOwned):
    """What a package said of a delivery; kept as evidence, never changed."""

    delivery = models.ForeignKey(
        "delivery.Delivery", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in RemoteState]
    )
    code = models.CharField(max_length=60, default="", blank=True)
    detail = models.CharField(max_length=2000, default="", blank=True)
    has_moved = models.BooleanField(default=False)
    said_at = models.DateTimeField(default=now)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(RemoteState)), name="status_report_state"
            ),
        ]
