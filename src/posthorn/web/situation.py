"""Says how a firm's clients stand and what a new firm has yet to do; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.delivery.queries.client_standing import ClientStatus
from posthorn.tenancy.roles import Permission

if TYPE_CHECKING:
    from collections import Counter

    from django.utils.functional import _StrPromise

_SET_UP = (
    ClientStatus.ACTIVE,
    ClientStatus.WAITING_FOR_YOU,
    ClientStatus.QUIET,
    ClientStatus.NEEDS_ATTENTION,
)
_OVER = (ClientStatus.ARCHIVED, ClientStatus.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """How many clients there are, deliver, stand still, went quiet, are paused or not set up."""

    number: int
    live: int
    affected: int
    quiet: int
    paused: int
    not_set_up: int


def clients_of(counts: Counter[ClientStatus]) -> Clients:
    """Sum clients up by how they stand; archived and lost ones not at all."""
    return Clients(
        number=sum(number for status, number in counts.items() if status not in _OVER),
        live=sum(counts[status] for status in _SET_UP),
        affected=counts[ClientStatus.NEEDS_ATTENTION],
        quiet=counts[ClientStatus.QUIET],
        paused=counts[ClientStatus.PAUSED],
        not_set_up=counts[ClientStatus.NOT_SET_UP],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing a new firm does; `route` is the page on which those who may do it."""

    title: _StrPromise
    text: _StrPromise
    verb: _StrPromise
    route: str
    permission: Permission
    is_done: bool


def first_steps(*, has_package: bool, has_client: bool, has_delivered: bool) -> tuple[Step, ...]:
    """Give the way from an empty firm to its first delivery, in its order."""
    return (
        Step(
            title=_("Add an accounting package"),
            text=_("Where the documents of your clients go, such as the mailbox of a package."),
            verb=_("Add accounting package"),
            route="package_channels",
            permission=Permission.MANAGE_CONNECTIONS,
            is_done=has_package,
        ),
        Step(
            title=_("Add a client"),
            text=_("With its dossier number, and its own address in the accounting package."),
            verb=_("Add client"),
            route="client_add",
            permission=Permission.MANAGE_CLIENTS,
            is_done=has_client,
        ),
        Step(
            title=_("Send the first document"),
            text=_("Upload an e-invoice, approve it and read here when it was accepted."),
            verb=_("Upload documents"),
            route="upload",
            permission=Permission.WORK_DOCUMENTS,
            is_done=has_delivered,
        ),
    )
