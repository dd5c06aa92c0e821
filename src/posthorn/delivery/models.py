"""Rows of how documents get there: lanes, deliveries, prepared revisions and attempts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.archive.models import Document
from posthorn.connections.models import Connection, Integration
from posthorn.delivery import (  # noqa: F401  # Django finds these models through here
    budget_models,
    letters,
    link_models,
    readback_models,
    trials,
)
from posthorn.delivery.states import FAILED, TROUBLE, Hold, State
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import FirmOwned


class Incarnation(models.Model):
    """One life of one worker process; its row is its lease."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    host = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"


class Instance(models.Model):
    """What this installation was when an operator last released it; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    released_at = models.DateTimeField(default=now)
    held_reason = models.CharField(max_length=60, default="", blank=True)
    held_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.fingerprint


class TargetKind(models.TextChoices):
    """What a lane leads to."""

    INTEGRATION = "integration"


class Lane(FirmOwned):
    """The ordered queue of one target; at most one attempt in flight."""

    target_kind = models.CharField(max_length=20, choices=TargetKind)
    target_id = models.UUIDField()
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    owner = models.ForeignKey(Incarnation, on_delete=models.PROTECT, related_name="+", null=True)
    fence = models.BigIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target_kind", "target_id"], name="lane_target"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                condition=Q(owner__isnull=True, next_at__isnull=False),
                name="lane_due",
            ),
            models.Index(fields=["owner"], condition=Q(owner__isnull=False), name="lane_owner"),
            models.Index(fields=["connection"], name="lane_connection"),
        ]


_PAUSES = [Hold.CONNECTION_PAUSED, Hold.INTEGRATION_PAUSED, Hold.CLIENT_PAUSED]
PAUSED = Q(state=State.HELD, reason__in=_PAUSES)
"""What somebody wanted to wait, and sees where the pause was set."""
WANTS_SOMEBODY = (
    Q(state__in=list(FAILED), processed_at__isnull=True, copied_at__isnull=True)
    | Q(state=State.UNKNOWN)
    | (Q(state=State.HELD) & ~Q(reason__in=_PAUSES))
)
"""What somebody must look at: a failure until it is marked as processed or sent again."""


class Delivery(FirmOwned):
    """One document for one target."""

    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    key = models.CharField(max_length=80)
    position = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in State])
    reason = models.CharField(max_length=40, default="", blank=True)
    code = models.CharField(max_length=60, default="", blank=True)
    detail = models.CharField(max_length=2000, default="", blank=True)
    next_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(default=now)
    released_at = models.DateTimeField()
    moved_at = models.DateTimeField(default=now)
    attempts = models.PositiveIntegerField(default=0)
    spent = models.PositiveSmallIntegerField(default=0)
    unknowns = models.PositiveSmallIntegerField(default=0)
    attempt_id = models.UUIDField(null=True)
    revision = models.PositiveSmallIntegerField(default=0)
    remote_id = models.CharField(max_length=300, default="", blank=True)
    url = models.CharField(max_length=500, default="", blank=True)
    resend_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    resend_reason = models.CharField(max_length=300, default="", blank=True)
    copy = models.PositiveSmallIntegerField(default=0)
    copied_at = models.DateTimeField(null=True)  # when it was sent again by a later copy
    processed_at = models.DateTimeField(null=True)
    processed_by = models.CharField(max_length=200, default="", blank=True)
    take_out_at = models.DateTimeField(null=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="delivery_key"),
            models.UniqueConstraint(
                fields=["document", "integration"],
                condition=Q(resend_of__isnull=True) & ~Q(state=State.CANCELLED),
                name="delivery_never_twice",
            ),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="delivery_state"),
            models.CheckConstraint(
                condition=Q(state=State.HELD, reason__in=list(Hold))
                | (~Q(state=State.HELD) & Q(reason="")),
                name="delivery_held_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "retrying", "unknown"], next_at__isnull=False)
                | (~Q(state__in=["queued", "retrying", "unknown"]) & Q(next_at__isnull=True)),
                name="delivery_waiting_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENDING, attempt_id__isnull=False)
                | ~Q(state=State.SENDING),
                name="delivery_sending_has_attempt",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["lane", "position"],
                condition=Q(next_at__isnull=False),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["lane", "next_at"], condition=Q(next_at__isnull=False), name="delivery_next"
            ),
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="delivery_due"
            ),
            models.Index(fields=["firm", "-position"], name="delivery_newest"),
            models.Index(fields=["document"], name="delivery_document"),
            models.Index(
                fields=["firm"], condition=Q(state__in=list(TROUBLE)), name="delivery_trouble"
            ),
            models.Index(
                fields=["connection", "reason"], condition=Q(state="held"), name="delivery_held"
            ),
            models.Index(fields=["client", "-position"], name="delivery_of_client"),
            models.Index(fields=["connection", "-position"], name="delivery_of_connection"),
            models.Index(fields=["firm", "-moved_at"], name="delivery_moved"),
            models.Index(
                fields=["firm", "client"],
                condition=Q(state__in=["queued", "sending", "retrying"]),
                name="delivery_on_its_way",
            ),
            # Holds all that lists and counts of trouble read, so that they read nothing else.
            models.Index(
                fields=["firm", "client"],
                include=["id", "document", "connection", "state", "reason", "code", "moved_at"],
                condition=WANTS_SOMEBODY,
                name="delivery_attention",
            ),
            models.Index(
                fields=["firm", "remote_id"],
                condition=~Q(remote_id=""),
                name="delivery_remote_id",
            ),
        ]


class Revision(FirmOwned):
    """The exact bytes prepared for a delivery: a skeleton referring to files, and a digest."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    number = models.PositiveSmallIntegerField()
    connector_version = models.CharField(max_length=60)
    settings_version = models.CharField(max_length=40)
    media_type = models.CharField(max_length=100)
    envelope = models.JSONField()
    summary = models.JSONField()
    skeleton = models.JSONField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    prepared_at = models.DateTimeField(default=now)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="revision_once"),
        ]


class Attempt(FirmOwned):
    """One try of a delivery; the row stands before the first byte leaves."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    number = models.PositiveIntegerField()
    revision = models.PositiveSmallIntegerField()
    incarnation = models.ForeignKey(Incarnation, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, default="", blank=True)
    code = models.CharField(max_length=60, default="", blank=True)
    detail = models.CharField(max_length=2000, default="", blank=True)
    evidence = models.JSONField(default=dict)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incarnation"], condition=Q(outcome=""), name="attempt_in_flight"),
        ]


class Step(FirmOwned):
    """One finished call of a delivery that needs several; the next attempt goes on from there."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    name = models.CharField(max_length=60)
    remote_id = models.CharField(max_length=300)
    recorded_at = models.DateTimeField(default=now)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "name"], name="step_once"),
        ]
