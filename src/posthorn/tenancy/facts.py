"""Gives everything that a client's page says about the client itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy.errors import NotFoundError
from posthorn.tenancy.life import LIFE, ApprovalMode, ClientState
from posthorn.tenancy.members import assigned_to
from posthorn.tenancy.models import Client, ClientPerson, TrustedSupplier
from posthorn.tenancy.queries import numbers_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from posthorn.tenancy.members import MemberRow
    from posthorn.tenancy.numbers import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPersonRow:
    """Somebody of the client itself, who enters its Business Space."""

    person: UUID
    name: str
    email: str
    language: str
    last_seen: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFacts:
    """A client with all that is agreed with it; `next_states` are those the firm may choose."""

    id: UUID
    dossier_number: str
    name: str
    country: str
    language: str
    state: ClientState
    next_states: frozenset[ClientState]
    shares_documents: bool
    shared_since: datetime | None
    paused_at: datetime | None
    created_at: datetime
    approval: ApprovalMode
    numbers: tuple[Number, ...]
    trusted_suppliers: tuple[str, ...]  # VAT numbers
    people: tuple[ClientPersonRow, ...]
    assigned: tuple[MemberRow, ...]


def client_facts(firm: UUID, client: UUID) -> ClientFacts:
    """Give a client's page; inside the firm's scope. Raises NotFoundError."""
    row = Client.objects.filter(firm_id=firm, pk=client).first()
    if row is None:
        raise NotFoundError(_("The firm has no such client."))
    trusted = TrustedSupplier.objects.filter(firm_id=firm, client=row)
    state = ClientState(row.state)
    return ClientFacts(
        id=row.pk,
        dossier_number=row.dossier_number,
        name=row.name,
        country=row.country,
        language=row.language,
        state=state,
        next_states=LIFE[state],
        shares_documents=row.shares_documents,
        shared_since=row.shared_since,
        paused_at=row.paused_at,
        created_at=row.created_at,
        approval=ApprovalMode(row.approval),
        numbers=numbers_of(firm, client),
        trusted_suppliers=tuple(trusted.order_by("number").values_list("number", flat=True)),
        people=people_of(firm, client),
        assigned=assigned_to(firm, client),
    )


def people_of(firm: UUID, client: UUID) -> tuple[ClientPersonRow, ...]:
    """Give the people of a client's Business Space, by name."""
    rows = ClientPerson.objects.filter(firm_id=firm, client_id=client).select_related("person")
    return tuple(
        ClientPersonRow(
            person=row.person_id,
            name=row.person.name,
            email=row.person.email,
            language=row.person.language,
            last_seen=row.person.last_login,
        )
        for row in rows.order_by("person__name", "pk")
    )
