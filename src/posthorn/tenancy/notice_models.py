"""Rows of what people are told by mail: facts for persons, the mails that tell them, choices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.models import Firm, Person
from posthorn.tenancy.scope import ScopedManager


class NoticeMail(models.Model):
    """One mail to one person, about one or several facts; `next_at` is empty once it is over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    unknowns = models.PositiveSmallIntegerField(default=0)  # tries whose answer was lost
    next_at = models.DateTimeField(null=True, default=now)
    sent_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, default="", blank=True)
    said = models.CharField(max_length=500, default="", blank=True)  # the server's own words

    objects: ClassVar[ScopedManager[NoticeMail]] = ScopedManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="notice_mail_due"
            ),
            models.Index(fields=["person", "made_at"], name="notice_mail_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at}"


class Notice(models.Model):
    """One fact that one person is told once; of no firm where it is about the own account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    fact = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    mail = models.ForeignKey(
        NoticeMail, on_delete=models.PROTECT, related_name="notices", null=True, db_constraint=False
    )
    dropped = models.CharField(max_length=20, default="", blank=True)  # why nobody was told

    objects: ClassVar[ScopedManager[Notice]] = ScopedManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "firm", "kind", "fact"],
                nulls_distinct=False,
                name="notice_once",
            ),
            models.CheckConstraint(
                condition=Q(dropped="") | Q(mail__isnull=True), name="notice_told_or_dropped"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(mail__isnull=True, dropped=""), name="notice_waits"
            ),
            models.Index(fields=["person", "-made_at"], name="notice_of_person"),
            models.Index(fields=["made_at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact}"


class NoticeChoice(models.Model):
    """That somebody wants to hear of a kind, or not, where that is not what is usual."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    is_on = models.BooleanField()

    objects: ClassVar[ScopedManager[NoticeChoice]] = ScopedManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind"], name="notice_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'on' if self.is_on else 'off'}"
