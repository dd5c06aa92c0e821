"""What forked processes do for many firms, each with its own account at a stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import httpx

from posthorn.connections import consents, resolutions, signed, signing
from posthorn.connections.errand_models import Resolution
from posthorn.connections.models import Integration
from posthorn.connections.rotation import ensure_keyring
from posthorn.connections.services import loaded_connector
from posthorn.connections.signed import Placed
from posthorn.connections.signing import Visitor
from posthorn.connectors.exact_online.settings import COMPANY, COUNTRY, ROUTE, Route
from posthorn.kernel.clock import now
from posthorn.sdk.matches import Match
from posthorn.tenancy.models import Client, Firm, Membership, Person
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.crash import acts, exact_acts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_WITHIN_S = 30


def open_offices(
    *, users: Sequence[Mapping[str, Any]], env: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Have a firm sign in as each user, with one client for the user's administration."""
    ensure_keyring(acts.use(env).data)
    return [_opened(user) for user in users]


def sign_in_again(*, offices: Sequence[Mapping[str, str]], env: Mapping[str, Any]) -> None:
    """Have each firm sign in as its own user once more."""
    acts.use(env)
    for office in offices:
        _signed_in(office)


def supply_offices(
    *, offices: Sequence[Mapping[str, str]], each: int, start: int
) -> dict[str, str]:
    """Add invoices for the client of each firm and release them; gives SHA-256 by document."""
    made: dict[str, str] = {}
    for office in offices:
        made |= exact_acts.supply_invoices(
            firm=office["firm"], clients=[office["client"]], count=each, start=start + len(made)
        )
    return made


def _opened(user: Mapping[str, Any]) -> dict[str, str]:
    with system("load"):
        firm = Firm.objects.create(name="Load").id
        person = Person.objects.create(email=f"{user['name']}@load.example", name="An Peeters").id
    with acting(firm):
        Membership.objects.create(firm_id=firm, person_id=person, role=Role.ADMINISTRATOR)
        version = loaded_connector(exact_acts.CONNECTOR).spec.version
        consents.confirm_access(firm, exact_acts.CONNECTOR, version, actor="An Peeters")
        client = Client.objects.create(
            firm_id=firm,
            dossier_number="1",
            name="Client",
            shares_documents=True,
            shared_since=now(),
        ).id
    office = {"firm": str(firm), "person": str(person), "client": str(client), "user": user["name"]}
    connection = _signed_in(office)
    with acting(firm):
        _bind(firm, connection, client, user)
    return {**office, "connection": str(connection)}


def _bind(firm: UUID, connection: UUID, client: UUID, user: Mapping[str, Any]) -> None:
    """Bind a client to the user's administration, on somebody's word that it is the right one."""
    integration = Integration.objects.create(
        firm_id=firm,
        client_id=client,
        connection_id=connection,
        settings={COMPANY: str(user["hid"]), ROUTE: Route.DOCUMENTS},
    )
    resolutions.begin(integration, loaded_connector(exact_acts.CONNECTOR))
    (row,) = Resolution.objects.filter(integration=integration)
    (division,) = user["divisions"]
    place = Match(value=str(division), label=f"Client {division}")
    resolutions.settle_on(integration, row, place, actor="An Peeters")


def _signed_in(office: Mapping[str, str]) -> UUID:
    """Go the whole way of a person at a browser, who agrees at once; gives the connection."""
    firm, person = UUID(office["firm"]), UUID(office["person"])
    visitor = Visitor(person=person, session=f"session of {person}", actor="An Peeters")
    with acting(firm):
        address = signing.begin(
            firm, exact_acts.CONNECTOR, {COUNTRY: exact_acts.SITE}, visitor=visitor
        )
    hint = urlencode({"login_hint": office["user"]})
    answer = httpx.get(f"{address}&{hint}", timeout=_WITHIN_S, follow_redirects=False)
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    row = signing.claim(back["state"][0], visitor=visitor)
    signing.take_code(row, back["code"][0])
    signing.identify(row)
    placed = signed.place(firm, row.id, visitor=visitor, replaces=False)
    assert isinstance(placed, Placed), placed
    return placed.connection


ACTS: Mapping[str, Callable[..., object]] = {
    act.__name__: act for act in (open_offices, sign_in_again, supply_offices)
}
