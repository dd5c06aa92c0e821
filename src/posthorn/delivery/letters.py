"""Rows of what came back by mail: the letters themselves, and what each one says of a delivery."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.delivery.mail_states import LetterState
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import FirmOwned


class Letter(models.Model):
    """A mail that came to us, kept before it was acknowledged; of no firm, the system's alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=64, unique=True)  # of recipient, Message-ID and bytes
    source = models.CharField(max_length=10)
    sender = models.CharField(max_length=320, null=True)  # noqa: DJ001  # "" is the null sender
    recipients = models.JSONField(default=list)
    raw = models.BinaryField()
    size = models.PositiveBigIntegerField()
    arrived_at = models.DateTimeField(default=now)
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in LetterState],
        default=LetterState.WAITING,
        db_index=True,
    )
    note = models.CharField(max_length=200, default="", blank=True)
    nature = models.CharField(max_length=20, default="", blank=True)
    subject = models.CharField(max_length=300, default="", blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=now, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | (~Q(state="waiting") & Q(next_at__isnull=True)),
                name="letter_waiting_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="letter_due"),
            models.Index(fields=["-arrived_at"], name="letter_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.id}"


class Return(FirmOwned):
    """What one letter says of one delivery or test mail; kept as evidence, never changed."""

    delivery = models.ForeignKey(
        "delivery.Delivery",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
    )
    trial = models.ForeignKey(
        "delivery.Trial", on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    letter_key = models.CharField(max_length=64)
    nature = models.CharField(max_length=20)
    action = models.CharField(max_length=20, default="", blank=True)
    status = models.CharField(max_length=12, default="", blank=True)
    code = models.CharField(max_length=60, default="", blank=True)
    diagnostic = models.CharField(max_length=2000, default="", blank=True)
    remote_mta = models.CharField(max_length=300, default="", blank=True)
    recipient = models.CharField(max_length=320, default="", blank=True)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)
    has_moved = models.BooleanField(default=False)
    arrived_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(delivery__isnull=False, trial__isnull=True)
                | Q(delivery__isnull=True, trial__isnull=False),
                name="return_of_one",
            ),
            models.UniqueConstraint(
                fields=["delivery", "letter_key"],
                condition=Q(delivery__isnull=False),
                name="return_once",
            ),
            models.UniqueConstraint(
                fields=["trial", "letter_key"],
                condition=Q(trial__isnull=False),
                name="return_of_trial_once",
            ),
        ]
