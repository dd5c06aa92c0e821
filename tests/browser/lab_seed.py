"""The demonstration's firm as a browser walk finds it: people of every role, work half done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import TOTP

from posthorn.cli.demo.arrivals import await_reading, await_sending, release_all, take_in
from posthorn.cli.demo.firm import set_up_firm
from posthorn.cli.demo.samples import read_samples
from posthorn.cli.demo.sign_in import bind_clients
from posthorn.connections import signing
from posthorn.connections.integrations import remove_integration
from posthorn.connections.queries import integrations_of
from posthorn.delivery.models import Delivery
from posthorn.tenancy.clients import set_sharing
from posthorn.tenancy.models import Client, Firm
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.browser import names
from tests.db import web_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from posthorn.cli.demo.exact import ExactOnline
    from posthorn.cli.demo.firm import DemoFirm
    from posthorn.cli.demo.samples import Samples

ACTOR = "lab"
_CLIENTS = 5
_DAYS = 30
_SPREAD = 97


def seed(look: Callable[[], object]) -> DemoFirm:
    """Fill an empty database; a worker must be running, and `look` fails once it is not."""
    return _filled(_first(read_samples()), look)


def seed_month(look: Callable[[], object], exact: ExactOnline) -> DemoFirm:
    """Fill it with all of the demonstration, spread over the last month: the newest last."""
    samples = read_samples()
    exact.prepare(samples.clients, signing.redirect_uri())
    firm = _filled(samples, look, exact)
    await_sending(firm, look, _ignored)
    with system("lab"):
        rows = Delivery.objects.filter(firm_id=firm.id, state__in=("accepted", "delivered"))
        for place, row in enumerate(rows.order_by("position")):
            days = _DAYS * (place * place % _SPREAD) // _SPREAD
            Delivery.objects.filter(pk=row.pk).update(moved_at=row.moved_at - timedelta(days=days))
    return firm


def _filled(
    samples: Samples, look: Callable[[], object], exact: ExactOnline | None = None
) -> DemoFirm:
    firm = set_up_firm(samples, ACTOR, _ignored)
    _people(firm)
    _unbind(firm)
    if exact is not None:
        bind_clients(firm, samples, exact, ACTOR)
    arrivals = take_in(firm, samples.documents, ACTOR, _ignored)
    await_reading(firm, len(samples.documents), look, _ignored)
    going = [one for one in arrivals if one.sample.client != names.UNDECIDED]
    release_all(firm, going, ACTOR)
    return firm


def _first(samples: Samples) -> Samples:
    """Take a few of the clients, their documents and those that are nobody's."""
    clients = samples.clients[:_CLIENTS]
    numbers = {None, *(client.dossier_number for client in clients)}
    documents = tuple(one for one in samples.documents if one.client in numbers)
    return replace(samples, clients=clients, documents=documents)


def _ignored(done: int, total: int = 0, what: str = "") -> None:  # noqa: ARG001  # nobody looks
    return None


def _unbind(firm: DemoFirm) -> None:
    """Leave one client as it is before it is set up: shared with nobody, bound nowhere."""
    client = firm.clients[names.UNDECIDED]
    with acting(firm.id):
        set_sharing(firm.id, client, shares=False, actor=ACTOR)
        for one in integrations_of(firm.id, client):
            remove_integration(firm.id, one.pk, actor=ACTOR)


def _people(firm: DemoFirm) -> None:
    with system("lab"):
        row = Firm.objects.get(pk=firm.id)
        linde = Client.objects.get(pk=firm.clients[names.LINDE])
    with acting(firm.id):
        web_rows.member(row, Role.ADMINISTRATOR, who=web_rows.person(names.OWNER, "Olga Wouters"))
        careful = web_rows.person(names.CAREFUL, "Carla Voorzichtig")
        web_rows.member(row, Role.ADMINISTRATOR, who=careful)
        manager = web_rows.person(names.MANAGER, "Mats Beheer")
        web_rows.member(row, Role.CLIENT_MANAGER, who=manager)
        accountant = web_rows.person(names.ACCOUNTANT, "Aïsha Boek")
        web_rows.member(row, Role.ACCOUNTANT, linde, who=accountant)
        newcomer = web_rows.person(names.NEWCOMER, "Noor Nieuw")
        web_rows.member(row, Role.ACCOUNTANT, who=newcomer)
        web_rows.client_person(linde, who=web_rows.person(names.PRINTER, "Piet Drukker"))
    TOTP.activate(careful, names.CAREFUL_SECRET)
