"""Assigns clients to accountants, one or many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy import audit
from posthorn.tenancy.errors import NotAnAccountantError, NotFoundError
from posthorn.tenancy.models import Client, ClientAssignment, Membership
from posthorn.tenancy.people import entry_of
from posthorn.tenancy.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID


def assign(firm: UUID, membership: UUID, client: UUID, *, actor: str) -> None:
    """Let an accountant work on a client; doing it twice is harmless.

    Raises NotFoundError, NotAnAccountantError.
    """
    assign_many(firm, [membership], [client], actor=actor)


def assign_many(
    firm: UUID, memberships: Iterable[UUID], clients: Iterable[UUID], *, actor: str
) -> int:
    """Let each accountant work on each client, all or none; gives how many pairs are new.

    Raises NotFoundError, NotAnAccountantError.
    """
    members = _accountants(firm, memberships)
    wanted = _clients(firm, clients)
    taken = _pairs(firm, members, wanted)
    new = [(member, one) for member in members for one in wanted if (member, one) not in taken]
    _add(firm, new, actor)
    return len(new)


def unassign(firm: UUID, membership: UUID, client: UUID, *, actor: str) -> None:
    """Take a client from an accountant; doing it twice is harmless."""
    unassign_many(firm, [membership], [client], actor=actor)


def unassign_many(
    firm: UUID, memberships: Iterable[UUID], clients: Iterable[UUID], *, actor: str
) -> int:
    """Take each client from each accountant; gives how many pairs ended."""
    return _remove(firm, _pairs(firm, list(memberships), list(clients)), actor)


def set_assignments(firm: UUID, membership: UUID, clients: Iterable[UUID], *, actor: str) -> None:
    """Let an accountant work on exactly these clients.

    Raises NotFoundError, NotAnAccountantError.
    """
    members = _accountants(firm, [membership])
    wanted = {(membership, client) for client in _clients(firm, clients)}
    rows = ClientAssignment.objects.filter(firm_id=firm, membership_id__in=members)
    before = set(rows.values_list("membership_id", "client_id"))
    _add(firm, sorted(wanted - before), actor)
    _remove(firm, before - wanted, actor)


def _accountants(firm: UUID, memberships: Iterable[UUID]) -> list[UUID]:
    """Lock members whose role must not change meanwhile."""
    wanted = set(memberships)
    rows = Membership.objects.filter(firm_id=firm, pk__in=wanted).order_by("pk")
    members = list(rows.select_for_update(no_key=True))
    if len(members) != len(wanted):
        raise NotFoundError(_("The firm has no such member or client."))
    if any(member.role != Role.ACCOUNTANT.value for member in members):
        message = _("Only accountants are assigned to clients; this member reaches every client.")
        raise NotAnAccountantError(message)
    return [member.pk for member in members]


def _clients(firm: UUID, clients: Iterable[UUID]) -> list[UUID]:
    wanted = set(clients)
    rows = Client.objects.filter(firm_id=firm, pk__in=wanted).order_by("pk")
    found = list(rows.values_list("pk", flat=True))
    if len(found) != len(wanted):
        raise NotFoundError(_("The firm has no such member or client."))
    return found


def _pairs(
    firm: UUID, members: Collection[UUID], clients: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    rows = ClientAssignment.objects.filter(
        firm_id=firm, membership_id__in=members, client_id__in=clients
    )
    return set(rows.values_list("membership_id", "client_id"))


def _add(firm: UUID, pairs: Collection[tuple[UUID, UUID]], actor: str) -> None:
    ClientAssignment.objects.bulk_create(
        [
            ClientAssignment(firm_id=firm, membership_id=member, client_id=client)
            for member, client in pairs
        ],
        ignore_conflicts=True,
    )
    _record(firm, pairs, actor, "client.assigned")


def _remove(firm: UUID, pairs: Collection[tuple[UUID, UUID]], actor: str) -> int:
    members, clients = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    rows = ClientAssignment.objects.filter(
        firm_id=firm, membership_id__in=members, client_id__in=clients
    )
    locked = rows.order_by("pk").select_for_update()
    gone = [row for row in locked if (row.membership_id, row.client_id) in pairs]
    ClientAssignment.objects.filter(firm_id=firm, pk__in=[row.pk for row in gone]).delete()
    _record(firm, [(row.membership_id, row.client_id) for row in gone], actor, "client.unassigned")
    return len(gone)


def _record(firm: UUID, pairs: Collection[tuple[UUID, UUID]], actor: str, action: str) -> None:
    members = Membership.objects.filter(firm_id=firm, pk__in={member for member, _client in pairs})
    people = dict(members.values_list("pk", "person_id"))
    audit.record(
        entry_of(
            firm,
            actor,
            action,
            client,
            {"membership": str(member), "person": str(people[member])},
        )
        for member, client in pairs
    )
