"""Rows of where documents go: accounting packages a firm connected, and clients bound to them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from posthorn.connections import (  # noqa: F401  # Django finds these models through here
    change_models,
    choice_models,
    errand_models,
    grant_models,
)
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import FirmOwned


class Connection(FirmOwned):
    """A connector installed and configured by a firm: an accounting package on screen."""

    connector_id = models.CharField(max_length=40)
    connector_version = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    settings = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)  # grows with every change of a setting
    is_active = models.BooleanField(default=True)
    asks_on_unknown = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=300, default="", db_default="", blank=True)
    created_at = models.DateTimeField(default=now)

    attention = models.CharField(max_length=60, default="", blank=True)
    attention_field = models.CharField(max_length=60, default="", blank=True)
    attention_detail = models.CharField(max_length=500, default="", blank=True)
    attention_since = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    backoff_step = models.PositiveSmallIntegerField(default=0)
    probe_lane = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_as = models.CharField(max_length=200, default="", blank=True)
    removed_at = models.DateTimeField(null=True)  # kept for what it delivered

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                "firm",
                Lower("name"),
                condition=Q(removed_at__isnull=True),
                name="connection_name",
            ),
            models.CheckConstraint(
                condition=Q(attention="") | Q(attention_since__isnull=False),
                name="connection_attention_since",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Integration(FirmOwned):
    """One client bound to one connection; its activation time never moves."""

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="integrations", db_constraint=False
    )
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, related_name="integrations", db_constraint=False
    )
    settings = models.JSONField(default=dict)
    routes = models.JSONField(default=dict)  # kind: own, none or same_as:<kind>; absent is own
    both = models.JSONField(default=list)  # kinds that another integration may take as well
    version = models.PositiveIntegerField(default=1)  # grows with every change of a setting
    activated_at = models.DateTimeField(default=now)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=300, default="", db_default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    # Both follow from the resolutions, kept here for whoever plans and sends.
    resolved = models.JSONField(default=dict, db_default={})  # field: the package's own key
    unresolved = models.CharField(max_length=12, default="", db_default="", blank=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "connection"],
                condition=Q(removed_at__isnull=True),
                name="integration_once",
            ),
        ]


class Secret(FirmOwned):
    """One secret setting of a connection or an integration, encrypted, bound to its own place."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="secrets", db_constraint=False
    )
    integration = models.ForeignKey(
        Integration,
        on_delete=models.CASCADE,
        related_name="secrets",
        null=True,
        db_constraint=False,
    )
    field = models.CharField(max_length=60)
    key_id = models.CharField(max_length=20, db_index=True)
    sealed = models.BinaryField()

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "integration", "field"],
                nulls_distinct=False,
                name="secret_once",
            ),
        ]


class Consent(FirmOwned):
    """Who let an extension do what it asked for, in which version; rows are never changed.

    A row that withdraws says who removed the extension: nothing before it counts any more.
    """

    connector_id = models.CharField(max_length=40)
    connector_version = models.CharField(max_length=20)
    access = models.JSONField()  # what it asked for: hosts, kinds, secrets, login
    confirmed_by = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(default=now)
    withdraws = models.BooleanField(default=False, db_default=False)

    class Meta(FirmOwned.Meta):
        indexes: ClassVar = [
            models.Index(fields=["firm", "connector_id", "-confirmed_at"], name="consent_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.connector_id} {self.connector_version}"


class SendingDomain(FirmOwned):
    """A domain of a firm's own from which its mail is signed; the key stays encrypted."""

    domain = models.CharField(max_length=253)  # lower case, ASCII form
    selector = models.CharField(max_length=63)
    public = models.TextField()  # base64 of the public key, as the p= of its DNS record
    key_id = models.CharField(max_length=20, db_index=True)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=now)
    proven_at = models.DateTimeField(null=True)  # our key was seen in the domain's DNS
    checked_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)  # of the last check, one object a subject

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "domain"], name="sending_domain_once"),
        ]

    def __str__(self) -> str:
        return self.domain


class MailboxUse(models.Model):
    """When mails left to one mailbox that takes so many in a time; by a digest of its address."""

    key = models.CharField(max_length=64, primary_key=True)
    times = ArrayField(models.DateTimeField())
    last_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[MailboxUse]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.key}: {len(self.times)}"


class Pace(models.Model):
    """When the next message to a relay or a recipient's domain may leave, whoever sends it."""

    key = models.CharField(max_length=300, primary_key=True)
    next_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Pace]] = models.Manager()

    def __str__(self) -> str:
        return self.key
