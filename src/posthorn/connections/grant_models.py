"""Rows of who signed in to a package: what it gave, and sign-ins under way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.connections.stages import Revocation
from posthorn.kernel.clock import now
from posthorn.tenancy.scope import FirmOwned


class Grant(FirmOwned):
    """What signing in to a package gave: who signed in, and the tokens, encrypted in one write.

    One writer at a time: whoever refreshes holds the row's lock over the call. A row that has ended
    holds no tokens any more, but for those that are still to be revoked at the package.
    """

    connection = models.ForeignKey(
        "connections.Connection",
        on_delete=models.CASCADE,
        related_name="grants",
        db_constraint=False,
    )
    connector_id = models.CharField(max_length=40)
    site = models.CharField(max_length=40, default="", blank=True)
    app = models.CharField(max_length=200)  # the operator's client id at the site
    account_id = models.CharField(max_length=200)
    account_name = models.CharField(max_length=200)
    account_detail = models.CharField(max_length=200, default="", blank=True)
    is_newest_only = models.BooleanField()  # a newer sign-in of the account ends this one
    key_id = models.CharField(max_length=20, default="", blank=True, db_index=True)
    sealed = models.BinaryField(default=b"")
    generation = models.PositiveIntegerField(default=1)  # grows with every new pair
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()  # when the package last gave tokens: its age
    retry_at = models.DateTimeField(null=True)  # no token call before
    unanswered = models.PositiveSmallIntegerField(default=0)  # token calls without an answer
    calls_on = models.DateField(null=True)
    calls = models.PositiveIntegerField(default=0)  # of the token endpoint on that day (UTC)
    signed_in_at = models.DateTimeField(default=now)
    signed_in_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_code = models.CharField(max_length=60, default="", blank=True)
    revocation = models.CharField(max_length=10, default="", db_default="", blank=True)
    revoke_until = models.DateTimeField(null=True)  # tried until then

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection"], name="grant_of_connection"),
            # Over all firms: the package itself keeps only the newest one alive.
            models.UniqueConstraint(
                fields=["connector_id", "site", "app", "account_id"],
                condition=Q(ended_at__isnull=True, is_newest_only=True),
                name="grant_of_account",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | (~Q(ended_code="") & (Q(sealed=b"") | Q(revocation="due"))),
                name="grant_ended_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(revocation="")
                | Q(ended_at__isnull=False, revocation__in=[each.value for each in Revocation]),
                name="grant_revoked_has_ended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["refreshed_at"], condition=Q(ended_at__isnull=True), name="grant_live_age"
            ),
            models.Index(
                fields=["revoke_until"],
                condition=Q(revocation="due"),
                name="grant_to_revoke",
            ),
        ]


class SignIn(FirmOwned):
    """A sign-in under way: from the button to the moment its tokens belong to a connection."""

    connector_id = models.CharField(max_length=40)
    connection = models.ForeignKey(
        "connections.Connection",
        on_delete=models.CASCADE,
        related_name="sign_ins",
        null=True,
        db_constraint=False,
    )
    settings = models.JSONField(default=dict)  # of the connection to be made, or as it had them
    site = models.CharField(max_length=40, default="", blank=True)
    person = models.UUIDField()
    actor = models.CharField(max_length=200)
    session = models.CharField(max_length=64)  # SHA-256 of the session's key, lower-case hex
    state = models.CharField(max_length=64, unique=True)  # SHA-256, as above
    key_id = models.CharField(max_length=20, db_index=True)
    sealed = models.BinaryField()  # the PKCE verifier, then the tokens
    began_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)  # the state was used
    issued_at = models.DateTimeField(null=True)  # of the tokens
    tokens_expire_at = models.DateTimeField(null=True)
    account_id = models.CharField(max_length=200, default="", blank=True)
    account_name = models.CharField(max_length=200, default="", blank=True)
    account_detail = models.CharField(max_length=200, default="", blank=True)
    done_at = models.DateTimeField(null=True)
