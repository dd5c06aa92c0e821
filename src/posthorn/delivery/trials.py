"""Rows of test mails: a marked sample to one address of a client, and whether it arrived."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.connections.models import Connection, Integration
from posthorn.delivery.mail_states import TrialState
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import FirmOwned


class TrialLink(FirmOwned):
    """The sample of a test mail under a download address, where documents go as links.

    Of the token only its SHA-256 is here, as lower-case hex; the sample is nobody's document.
    """

    trial = models.OneToOneField(
        "delivery.Trial", on_delete=models.CASCADE, related_name="link", db_constraint=False
    )
    token_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, default="", blank=True)
    times = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_sha256"], name="trial_link_token"),
        ]


class Trial(FirmOwned):
    """One test mail; it carries no document of the client and counts as none."""

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20)
    recipient = models.CharField(max_length=320)
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in TrialState],
        default=TrialState.QUEUED,
    )
    code = models.CharField(max_length=60, default="", blank=True)
    detail = models.CharField(max_length=2000, default="", blank=True)
    evidence = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    remote_id = models.CharField(max_length=300, default="", blank=True)
    asked_at = models.DateTimeField(default=now)
    asked_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    has_arrived = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, default="", blank=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(has_arrived__isnull=True, answered_at__isnull=True)
                | Q(has_arrived__isnull=False, answered_at__isnull=False),
                name="trial_answered_at",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["integration", "-asked_at"], name="trial_newest"),
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="trial_under_way",
            ),
        ]
