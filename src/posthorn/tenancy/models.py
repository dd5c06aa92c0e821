"""Rows of firms, their people and their clients."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.about import ABOUT_CLIENT
from posthorn.tenancy.life import ApprovalMode, ClientState
from posthorn.tenancy.numbers import NumberScheme
from posthorn.tenancy.roles import PARTS, Role
from posthorn.tenancy.scope import FirmOwned, ScopedManager
from posthorn.tenancy.themes import Theme


class Firm(models.Model):
    """An accounting firm; its Partner Space on screen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="en")
    asks_second_person = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[ScopedManager[Firm]] = ScopedManager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Finds people by their e-mail address; allauth logs them in through it."""

    def create_person(self, email: str, name: str, password: str | None = None) -> Person:
        """Create a person; without a password nobody can log in as them yet."""
        person = Person(email=self.normalize_email(email).lower(), name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who logs in, for one firm or several, or for a client."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="en")
    theme = models.CharField(max_length=6, default="system", db_default="system")
    # Single-key shortcuts can be switched off (WCAG 2.2, success criterion 2.1.4).
    is_keyboard_on = models.BooleanField(default=True, db_default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[People] = People()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(theme__in=list(Theme)), name="person_theme"),
        ]

    def __str__(self) -> str:
        return self.email


class Membership(FirmOwned):
    """A person's role in a firm."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField(default=now)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "person"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="membership_role"),
        ]


class Client(FirmOwned):
    """A company whose books the firm keeps; its Business Space on screen."""

    dossier_number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="BE")
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in ClientState],
        default=ClientState.ACTIVE.value,
    )
    shares_documents = models.BooleanField(default=False)
    shared_since = models.DateTimeField(null=True, default=None)
    approval = models.CharField(
        max_length=20,
        choices=[(mode.value, mode.value) for mode in ApprovalMode],
        default=ApprovalMode.BY_HAND.value,
    )
    paused_at = models.DateTimeField(null=True, default=None)
    created_at = models.DateTimeField(default=now)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "dossier_number"], name="client_dossier_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ClientState]),
                name="client_state",
            ),
            models.CheckConstraint(
                condition=models.Q(shares_documents=False) | models.Q(shared_since__isnull=False),
                name="client_shared_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_number} {self.name}"


class ClientNumber(FirmOwned):
    """One number under which documents name a client; a client may have several of each scheme."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="numbers", db_constraint=False
    )
    scheme = models.CharField(
        max_length=10, choices=[(scheme.value, scheme.value) for scheme in NumberScheme]
    )
    value = models.CharField(max_length=60)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "scheme", "value"], name="client_number_once"),
        ]


class TrustedSupplier(FirmOwned):
    """A seller whose valid invoices to one client are released without a person."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="trusted_suppliers", db_constraint=False
    )
    number = models.CharField(max_length=60)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "client", "number"], name="trusted_supplier_once"
            ),
        ]


class ClientAssignment(FirmOwned):
    """A client that an accountant works on."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="assignments", db_constraint=False
    )

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "client", "membership"], name="assignment_once"
            ),
        ]


class ClientPerson(FirmOwned):
    """A person of the client itself, who sees that company alone (its Business Space)."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "client", "person"], name="client_person_once"),
        ]


class Invitation(FirmOwned):
    """Asks the owner of an address into the firm, with a role, or into one client's Business Space.

    Of the token only its SHA-256 is here, as lower-case hex.
    """

    email = models.EmailField()
    role = models.CharField(max_length=20, default="")
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="+", db_constraint=False, null=True
    )
    clients = models.JSONField(default=list)  # ids of those that an accountant will work on
    language = models.CharField(max_length=2)
    token_sha256 = models.CharField(max_length=64)
    invited_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, default=None)
    revoked_at = models.DateTimeField(null=True, default=None)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta(FirmOwned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_sha256"], name="invitation_token"),
            models.UniqueConstraint(
                fields=["firm", "client", "email"],
                condition=models.Q(used_at=None, revoked_at=None),
                nulls_distinct=False,
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(client__isnull=True, role__in=[role.value for role in Role])
                | models.Q(client__isnull=False, role=""),
                name="invitation_role_or_client",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
            ),
        ]


class AuditEntry(models.Model):
    """One thing that somebody did; written in the transaction that did it, never changed."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=now)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    client_id = models.GeneratedField(
        expression=ABOUT_CLIENT, output_field=models.UUIDField(), db_persist=True
    )

    objects: ClassVar[ScopedManager[AuditEntry]] = ScopedManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar = [
            models.Index(fields=["firm", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["firm", "at", "id"], name="audit_time"),
            models.Index(fields=["firm", "action", "at", "id"], name="audit_action"),
            models.Index(fields=["firm", "actor", "action", "at", "id"], name="audit_actor"),
            models.Index(
                fields=["firm", "client_id", "at", "id"],
                condition=models.Q(client_id__isnull=False),
                name="audit_client",
            ),
            models.Index(
                fields=["firm", "at", "id"],
                condition=~models.Q(actor__in=PARTS),
                name="audit_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"


class AuditSeal(models.Model):
    """A batch of a firm's entries, chained to the batch before it by digest."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", null=True)
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=now)
    entry_ids = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects: ClassVar[ScopedManager[AuditSeal]] = ScopedManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "number"], name="audit_seal_number", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest}"
