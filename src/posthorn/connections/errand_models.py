"""Rows of what a worker asks of packages: errands for people, and places that were typed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.connections.stages import Stage
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import FirmOwned


class Errand(FirmOwned):
    """Something a worker does with a package for a person who waits beside the request."""

    connection = models.ForeignKey(
        "connections.Connection", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    actor = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=now)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)  # grows while it is done, where it has parts
    code = models.CharField(max_length=60, default="", blank=True)  # why it came to nothing
    detail = models.CharField(max_length=500, default="", blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta(FirmOwned.Meta):
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(done_at__isnull=True), name="errand_due"),
            models.Index(
                fields=["done_at"], condition=Q(done_at__isnull=False), name="errand_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.actor}"


class Resolution(FirmOwned):
    """What a text typed for one client names in the package, and how sure that is.

    `value` is the package's own key; while it is set nobody else in the firm can have it.
    """

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    connection = models.ForeignKey(
        "connections.Connection",
        on_delete=models.CASCADE,
        related_name="resolutions",
        db_constraint=False,
    )
    integration = models.ForeignKey(
        "connections.Integration",
        on_delete=models.CASCADE,
        related_name="resolutions",
        db_constraint=False,
    )
    connector_id = models.CharField(max_length=40)
    field = models.CharField(max_length=60)
    realm = models.CharField(max_length=500, blank=True)  # the settings that it depends on
    typed = models.CharField(max_length=200)
    stage = models.CharField(max_length=12, default=Stage.UNVERIFIED)
    code = models.CharField(max_length=60, default="", blank=True)  # why it is not verified
    detail = models.CharField(max_length=500, default="", blank=True)
    value = models.CharField(max_length=200, default="", blank=True)
    label = models.CharField(max_length=200, default="", blank=True)
    facts = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)  # to choose from
    is_exclusive = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)  # grows with every new question
    tries = models.PositiveSmallIntegerField(default=0)  # in a row without an answer
    asked_at = models.DateTimeField(default=now)  # since when an answer is waited for
    next_at = models.DateTimeField(null=True)  # when the package is asked next
    verified_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, default="", blank=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["integration", "field"], name="resolution_once"),
            models.UniqueConstraint(
                fields=["firm", "connector_id", "field", "realm", "value"],
                condition=Q(is_exclusive=True) & ~Q(value=""),
                name="resolution_place",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in Stage]), name="resolution_stage"
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.VERIFIED) | (~Q(value="") & Q(verified_at__isnull=False)),
                name="resolution_verified_has_value",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="resolution_due"
            ),
            models.Index(fields=["connection"], name="resolution_connection"),
            models.Index(fields=["firm"], condition=Q(stage="lost"), name="resolution_lost"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.typed}: {self.stage}"
