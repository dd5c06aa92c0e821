"""Invites somebody for tests, and tells what the trail says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.tenancy.acceptance import NewPerson
from posthorn.tenancy.invitations import Issued, invite_member
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from uuid import UUID

ACTOR = "an@kantoor.example"
JO = "jo@kantoor.example"
NEW = NewPerson(name="Jo Maes", password="lang genoeg 7")  # noqa: S106  # of nobody


def invited(firm: UUID, email: str = JO, role: Role = Role.ACCOUNTANT, *clients: UUID) -> Issued:
    with acting(firm):
        return invite_member(firm, email, role, clients, language="nl", actor=ACTOR)


def trail(firm: UUID) -> list[tuple[str, str]]:
    with acting(firm):
        return list(AuditEntry.objects.order_by("pk").values_list("action", "actor"))
