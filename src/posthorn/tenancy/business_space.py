"""Decides who of a client enters its Business Space, and ends and restores its link to the firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy import clients
from posthorn.tenancy.errors import LinkEndedError, NotFoundError
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.models import ClientPerson, Person
from posthorn.tenancy.ports import client_watcher
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Client


def end_link(firm: UUID, client: UUID, person: UUID) -> None:
    """End the link to the firm for one of the client's own people; opens the firm's scope.

    From then on the firm reads no documents of the client, whose own people still do. Doing it
    twice is harmless. Raises NotFoundError for a stranger, IllegalLifeMoveError.
    """
    # What waits for the client stands in tables that are hidden from the client's own people.
    with acting(firm):
        row = clients.locked(firm, client)
        own = ClientPerson.objects.filter(firm_id=firm, client=row, person_id=person)
        if not own.exists():
            raise NotFoundError(_("The firm has no such client."))
        actor = Person.objects.get(pk=person).email
        clients.move(row, ClientState.LOST, actor=actor, action="client.link_ended")


def restore_link(client: Client, *, actor: str) -> None:
    """Bring back a client that ended the link: one of its people agreed. The row is locked."""
    client.state = ClientState.ACTIVE.value
    client.save(update_fields=["state"])
    clients.record(client, actor, "client.link_restored")
    client_watcher().client_changed(client.firm_id, client.pk, actor=actor)


def remove_client_person(firm: UUID, client: UUID, person: UUID, *, actor: str) -> None:
    """Take somebody out of a client's Business Space; doing it twice is harmless.

    A client that ended the link keeps its people. Raises NotFoundError, LinkEndedError.
    """
    row = clients.locked(firm, client)
    if row.state == ClientState.LOST:
        message = _("%(client)s ended the link: its people stay its own.")
        raise LinkEndedError(message, client=row.name)
    own = ClientPerson.objects.filter(firm_id=firm, client=row, person_id=person)
    if own.delete()[0]:
        clients.record(row, actor, "client.person_removed", person=str(person))
