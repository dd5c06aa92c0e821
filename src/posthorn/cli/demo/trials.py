"""Sends one client's test mails, which then wait for somebody to say whether they arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import queries
from posthorn.delivery import trial_desk
from posthorn.delivery.queries.trials import trials_of
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posthorn.cli.demo.firm import DemoFirm
    from posthorn.delivery.queries.trials import TrialRow

_CLIENT = "2026-0106"  # one address: one test mail


def ask_trials(firm: DemoFirm, actor: str) -> None:
    """Have a test mail sent to each address of one client."""
    client = firm.clients[_CLIENT]
    with acting(firm.id):
        for one in queries.integrations_of(firm.id, client):
            trial_desk.ask(firm.id, client, one.id, actor=actor)


def asked_trials(firm: DemoFirm) -> Sequence[TrialRow]:
    """Give the test mails as they stand."""
    with acting(firm.id):
        bound = queries.integrations_of(firm.id, firm.clients[_CLIENT])
        return [row for one in bound for row in trials_of(firm.id, one.id)]
