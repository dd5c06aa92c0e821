"""Creates clients and changes what is agreed with them; every change leaves an audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.errors import (
    DossierNumberTakenError,
    IllegalLifeMoveError,
    LinkEndedError,
    NotFoundError,
    NumberTakenError,
)
from posthorn.tenancy.life import ApprovalMode, ClientState, may_become
from posthorn.tenancy.models import (
    Client,
    ClientNumber,
    ClientPerson,
    Invitation,
    TrustedSupplier,
)
from posthorn.tenancy.names import DOSSIER_NUMBER_CHARS, country, language, named
from posthorn.tenancy.numbers import Number, NumberScheme, equivalents, normalised
from posthorn.tenancy.ports import client_watcher
from posthorn.tenancy.queries import owners_of
from posthorn.tenancy.wording import STATES

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

    Raises EmptyNameError, TooLongError, BadCountryError, BadLanguageError, BadNumberError,
    DossierNumberTakenError, NumberTakenError.
    """
    client = Client(
        firm_id=firm,
        dossier_number=dossier_number_of(new.dossier_number),
        name=named(new.name, _("The client's name")),
        country=country(new.country),
        language=language(new.language),
        state=new.state.value,
        shares_documents=new.shares_documents,
        shared_since=now() if new.shares_documents else None,
        approval=new.approval.value,
    )
    with transaction.atomic():
        write(client, is_new=True)
        record(client, actor, "client.created", dossier_number=client.dossier_number)
        for scheme, text in new.numbers:
            _add_number(client, normalised(scheme, text, country=client.country), actor)
    return client


def dossier_number_of(text: str) -> str:
    """Give a dossier number as it is kept; raises EmptyNameError, TooLongError."""
    return named(text, _("The dossier number"), max_chars=DOSSIER_NUMBER_CHARS)


def write(client: Client, *, is_new: bool = False) -> None:
    """Save a client's row; raises DossierNumberTakenError."""
    try:
        with transaction.atomic():
            client.save(force_insert=is_new)
    except IntegrityError as error:
        if "client_dossier_number" not in str(error):
            raise
        message = _("Another client has the dossier number %(number)s already.")
        raise DossierNumberTakenError(message, number=client.dossier_number) from error


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
            message = _("%(number)s belongs to client %(client)s already.")
            raise NumberTakenError(message, number=number.value, client=holder)
    if number not in owners:
        ClientNumber.objects.create(
            firm_id=client.firm_id, client=client, scheme=number.scheme.value, value=number.value
        )
        record(client, actor, "client.number_added", scheme=number.scheme, value=number.value)
        client_watcher().number_added(client.firm_id)


def remove_number(firm: UUID, client: UUID, number: Number, *, actor: str) -> None:
    """Take a number away; doing it twice is harmless. Raises NotFoundError."""
    row = locked(firm, client)
    rows = ClientNumber.objects.filter(
        firm_id=firm, client=row, scheme=number.scheme.value, value=number.value
    )
    if rows.delete()[0]:
        record(row, actor, "client.number_removed", scheme=number.scheme, value=number.value)


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
    record(row, actor, "client.sharing_on" if shares else "client.sharing_off")
    client_watcher().client_changed(firm, client, actor=actor)


def set_approval(firm: UUID, client: UUID, approval: ApprovalMode, *, actor: str) -> None:
    """Choose which purchase documents need no person; raises NotFoundError."""
    row = locked(firm, client)
    row.approval = approval.value
    row.save(update_fields=["approval"])
    record(row, actor, "client.approval_set", approval=approval.value)


def trust_supplier(firm: UUID, client: UUID, number: Number, *, actor: str) -> None:
    """Trust a seller of this client from now on; doing it twice is harmless."""
    row = locked(firm, client)
    found = TrustedSupplier.objects.get_or_create(firm_id=firm, client=row, number=number.value)
    if found[1]:
        record(row, actor, "client.supplier_trusted", number=number.value)


def untrust_supplier(firm: UUID, client: UUID, number: Number, *, actor: str) -> None:
    """Trust a seller of this client no longer; doing it twice is harmless."""
    row = locked(firm, client)
    rows = TrustedSupplier.objects.filter(firm_id=firm, client=row, number=number.value)
    if rows.delete()[0]:
        record(row, actor, "client.supplier_untrusted", number=number.value)


def change_state(firm: UUID, client: UUID, state: ClientState, *, actor: str) -> None:
    """Move a client along its life, to archive it or take it back.

    Raises NotFoundError, IllegalLifeMoveError, LinkEndedError.
    """
    move(locked(firm, client), state, actor=actor, action="client.state_changed")


def move(row: Client, state: ClientState, *, actor: str, action: str) -> None:
    """Move a locked client along its life; raises IllegalLifeMoveError, LinkEndedError."""
    before = ClientState(row.state)
    if before is state:
        return
    if before is ClientState.LOST:
        message = _("%(client)s ended the link: invite its own people again.")
        raise LinkEndedError(message, client=row.name)
    if not may_become(before, state):
        message = _("A client that is “%(before)s” cannot become “%(after)s”.")
        raise IllegalLifeMoveError(message, before=STATES[before], after=STATES[state])
    row.state = state.value
    row.save(update_fields=["state"])
    if state is ClientState.LOST:
        # What was sent before the client left must not bring it back.
        open_ones = Invitation.objects.filter(client=row, used_at=None, revoked_at=None)
        open_ones.update(revoked_at=now())
    record(row, actor, action, before=before.value, after=state.value)
    client_watcher().client_changed(row.firm_id, row.pk, actor=actor)


def pause_client(firm: UUID, client: UUID, *, actor: str) -> None:
    """Stop sending for a client; doing it twice keeps the first time. Raises NotFoundError."""
    row = locked(firm, client)
    if row.paused_at is None:
        row.paused_at = now()
        row.save(update_fields=["paused_at"])
        record(row, actor, "client.paused")
        client_watcher().client_changed(firm, client, actor=actor)


def release_client(firm: UUID, client: UUID, *, actor: str) -> None:
    """End a client's pause; raises NotFoundError."""
    row = locked(firm, client)
    if row.paused_at is not None:
        row.paused_at = None
        row.save(update_fields=["paused_at"])
        record(row, actor, "client.released")
        client_watcher().client_changed(firm, client, actor=actor)


def add_client_person(firm: UUID, client: UUID, person: UUID, *, actor: str) -> None:
    """Let somebody of the company itself into its Business Space; twice is harmless."""
    row = locked(firm, client)
    found = ClientPerson.objects.get_or_create(firm_id=firm, client=row, person_id=person)
    if found[1]:
        record(row, actor, "client.person_added", person=str(person))


def is_live(client: Client) -> bool:
    """Tell whether a client's documents may go out: not before it agreed, not after it left."""
    return client.state == ClientState.ACTIVE


def locked(firm: UUID, client: UUID) -> Client:
    """Lock a client's row until the transaction ends; raises NotFoundError."""
    row = Client.objects.filter(firm_id=firm, pk=client).select_for_update().first()
    if row is None:
        raise NotFoundError(_("The firm has no such client."))
    return row


def record(client: Client, actor: str, action: str, **detail: object) -> None:
    """Say in the trail what was done to a client."""
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
