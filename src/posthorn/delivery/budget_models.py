"""Rows of what a package still allows: shared by all workers, of no firm."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Budget(models.Model):
    """Calls left in the running minute and day of whatever shares a package's limits.

    A window that has ended says nothing: the next call begins a new one.
    """

    key = models.CharField(max_length=200, primary_key=True)
    minute_ends = models.DateTimeField()
    minute_left = models.IntegerField()
    day_ends = models.DateTimeField()
    day_left = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.minute_left} and {self.day_left} left"


class Refusals(models.Model):
    """When calls of one kind were refused within the last hour, the oldest first."""

    key = models.CharField(max_length=400, primary_key=True)
    times = ArrayField(models.DateTimeField())
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {len(self.times)} until {self.last_at}"
