"""Creates clients and changes what is agreed with them; every change leaves an audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.errors import (
    DossierNumberTakenError,
    IllegalLifeMoveError,
    NotFoundError,
    NumberTakenError,
)
from posthorn.tenancy.life import ApprovalMode, ClientState, may_become
from posthorn.tenancy.models import (
    Client,
    ClientNumber,
    ClientPerson,
    TrustedSupplier,
)
from posthorn.tenancy.names import named
from posthorn.tenancy.numbers import Number, NumberScheme, equivalents, normalised
from posthorn.tenancy.ports import client_watcher
from posthorn.tenancy.queries import owners_of

if TYPE_CHECKING:
    from uuid import UUID

_NUMBERS_LOCK = 7_401_002


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """What is known of a client when it is added; numbers as (scheme, text as written)."""

    dossier_number: str
    name: str
    country: str = "BE"
    language: str = "nl"
    state: ClientState = ClientState.ACTIVE
    shares_documents: bool = False
    approval: ApprovalMode = ApprovalMode.BY_HAND
    numbers: tuple[tuple[NumberScheme, str], ...] = ()


def create_client(firm: UUID, new: NewClient, *, actor: str) -> Client:
    """Add a client with its numbers, whole or not at all.

    Raises EmptyNameError, DossierNumberTakenError, BadNumberError, NumberTakenError.
    """
    client = Client(
        firm_id=firm,
        dossier_number=named(new.dossier_number, "The dossier number"),
        name=named(new.name, "The client's name"),
        country=new.country.upper(),
        language=new.language,
        state=new.state.value,
        shares_documents=new.shares_documents,
        shared_since=now() if new.shares_documents else None,
        approval=new.approval.value,
    )
    with transaction.atomic():
        _insert(client)
        _record(client, actor, "client.created", dossier_number=client.dossier_number)
        for scheme, text in new.numbers:
            _add_number(client, normalised(scheme, text, country=client.country), actor)
    return client


def _insert(client: Client) -> None:
    try:
        with transaction.atomic():
            client.save(force_insert=True)
    except IntegrityError as error:
        if "client_dossier_number" not in str(error):
            raise
        message = f"Another client has the dossier number {client.dossier_number} already."
        raise DossierNumberTakenError(message) from error


def add_number(firm: UUID, client: UUID, scheme: NumberScheme, text: str, *, actor: str) -> Number:
    """Add a number under which documents name the client; doing it twice is harmless.

    Raises NotFoundError, BadNumberError, NumberTakenError (which names whose it is).
    """
    row = locked(firm, client)
    number = normalised(scheme, text, country=row.country)
    _add_number(row, number, actor)
    return number


def _add_number(client: Client, number: Number, actor: str) -> None:
    # One registration can be written in several ways: no unique key finds two of them at once.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_NUMBERS_LOCK, str(client.firm_id)]
        )
    owners = owners_of(client.firm_id, equivalents(number))
    for owner in owners.values():
        if owner != client.pk:
            holder = Client.objects.get(firm_id=client.firm_id, pk=owner)
            message = f"{number.value} belongs to client {holder} already."
            raise NumberTakenError(message)
    if number not in owners:
        ClientNumber.objects.create(
            firm_id=client.firm_id, client=client, scheme=number.scheme.value, value=number.value
        )
        _record(client, actor, "client.number_added", scheme=number.scheme, value=number.value)
        client_watcher().number_added(client.firm_id)


def remove_number(firm: UUID, client: UUID, number: Number, *, actor: str) -> None:
    """Take a number away; doing it twice is harmless. Raises NotFoundError."""
    row = locked(firm, client)
    rows = ClientNumber.objects.filter(
        firm_id=firm, client=row, scheme=number.scheme.value, value=number.value
    )
    if rows.delete()[0]:
        _record(row, actor, "client.number_removed", scheme=number.scheme, value=number.value)


def set_sharing(firm: UUID, client: UUID, *, shares: bool, actor: str) -> None:
    """Switch *Share documents with accountant*; switching on starts a new time from which it holds.

    Saving the same again changes nothing. Raises NotFoundError.
    """
    row = locked(firm, client)
    if row.shares_documents == shares:
        return
    row.shares_documents = shares
    if shares:
        row.shared_since = now()
    row.save(update_fields=["shares_documents", "shared_since"])
    _record(row, actor, "client.sharing_on" if shares else "client.sharing_off")
    client_watcher().client_changed(firm, client, actor=actor)


def set_approval(firm: UUID, client: UUID, approval: ApprovalMode, *, actor: str) -> None:
    """Choose which purchase documents need no person; raises NotFoundError."""
    row = locked(firm, client)
    row.approval = approval.value
    row.save(update_fields=["approval"])
    _record(row, actor, "client.approval_set", approval=approval.value)


def trust_supplier(firm: UUID, client: UUID, number: Number, *, actor: str) -> None:
    """Trust a seller of this client from now on; doing it twice is harmless."""
    row = locked(firm, client)
    _, is_new = TrustedSupplier.objects.get_or_create(firm_id=firm, client=row, number=number.value)
    if is_new:
        _record(row, actor, "client.supplier_trusted", number=number.value)


def change_state(firm: UUID, client: UUID, state: ClientState, *, actor: str) -> None:
    """Move a client along its life; raises NotFoundError, IllegalLifeMoveError."""
    row = locked(firm, client)
    before = ClientState(row.state)
    if before is state:
        return
    if not may_become(before, state):
        message = f"A client that is {before} cannot become {state}."
        raise IllegalLifeMoveError(message)
    row.state = state.value
    row.save(update_fields=["state"])
    _record(row, actor, "client.state_changed", before=before.value, after=state.value)
    client_watcher().client_changed(firm, client, actor=actor)


def pause_client(firm: UUID, client: UUID, *, actor: str) -> None:
    """Stop sending for a client; doing it twice keeps the first time. Raises NotFoundError."""
    row = locked(firm, client)
    if row.paused_at is None:
        row.paused_at = now()
        row.save(update_fields=["paused_at"])
        _record(row, actor, "client.paused")
        client_watcher().client_changed(firm, client, actor=actor)


def release_client(firm: UUID, client: UUID, *, actor: str) -> None:
    """End a client's pause; raises NotFoundError."""
    row = locked(firm, client)
    if row.paused_at is not None:
        row.paused_at = None
        row.save(update_fields=["paused_at"])
        _record(row, actor, "client.released")
        client_watcher().client_changed(firm, client, actor=actor)


def add_client_person(firm: UUID, client: UUID, person: UUID, *, actor: str) -> None:
    """Let somebody of the company itself into its Business Space; twice is harmless."""
    row = locked(firm, client)
    _, is_new = ClientPerson.objects.get_or_create(firm_id=firm, client=row, person_id=person)
    if is_new:
        _record(row, actor, "client.person_added", person=str(person))


def is_live(client: Client) -> bool:
    """Tell whether a client's documents may go out: not before it agreed, not after it left."""
    return client.state == ClientState.ACTIVE


def locked(firm: UUID, client: UUID) -> Client:
    """Lock a client's row until the transaction ends; raises NotFoundError."""
    row = Client.objects.filter(firm_id=firm, pk=client).select_for_update().first()
    if row is None:
        message = "The firm has no such client."
        raise NotFoundError(message)
    return row


def _record(client: Client, actor: str, action: str, **detail: str) -> None:
    audit.record(
        [
            audit.Entry(
                firm=client.firm_id,
                actor=actor,
                action=action,
                subject_kind="client",
                subject_id=client.pk,
                detail=detail,
            )
        ]
    )
