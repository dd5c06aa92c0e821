"""Rows of what packages give to choose from, as it was when they were last asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from posthorn.kernel.clock import now
from posthorn.tenancy.scope import FirmOwned


class ChoiceList(FirmOwned):
    """The options of one setting of a connection; `realm` is what they depend on.

    A question that comes to nothing leaves the options of the last one that did not.
    """

    connection = models.ForeignKey(
        "connections.Connection",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    field = models.CharField(max_length=60)
    realm = models.CharField(max_length=64)  # SHA-256 of the settings it depends on
    options = models.JSONField(default=list)  # [value, label], at most 500
    fetched_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(default=now)
    code = models.CharField(max_length=60, default="", blank=True)  # why the last one came to none
    detail = models.CharField(max_length=500, default="", blank=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "field", "realm"], name="choice_list_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="choice_list_asked")]

    def __str__(self) -> str:
        return f"{self.field}: {len(self.options)} options"
