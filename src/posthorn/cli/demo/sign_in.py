"""Signs the firm in to Exact Online and binds clients there, by the services behind the screens."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from posthorn.cli.demo.exact import NAME, ExactOnlineError, administrations
from posthorn.connections import queries, signed, signing
from posthorn.connections.consents import confirm_access
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.services import loaded_connector
from posthorn.connections.signed import Placed
from posthorn.connections.stages import Stage
from posthorn.connections.verification import verify_integration
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.cli.demo.exact import Administration, ExactOnline
    from posthorn.cli.demo.firm import DemoFirm
    from posthorn.cli.demo.samples import Samples

_CONNECTOR = "exact_online"
_COUNTRY = {"country": "be"}
_FIELD = "company"


def bind_clients(firm: DemoFirm, samples: Samples, exact: ExactOnline, actor: str) -> None:
    """Sign in, and bind the clients whose books are there by their codes.

    Raises ExactOnlineError where the stand-in lets nobody in or knows a code not.
    """
    connection = _signed_in(firm, exact)
    theirs = {one.dossier_number for one in samples.clients if one.package == NAME}
    for books in administrations(samples.clients):
        if books.dossier_number in theirs:
            _bind(firm, connection, books, actor)


def _signed_in(firm: DemoFirm, exact: ExactOnline) -> UUID:
    """Install the extension and sign in as a person does; gives the connection."""
    visitor = signing.Visitor(
        person=firm.person, session=secrets.token_urlsafe(16), actor=firm.email
    )
    with acting(firm.id):
        version = loaded_connector(_CONNECTOR).spec.version
        confirm_access(firm.id, _CONNECTOR, version, actor=firm.email)
        address = signing.begin(firm.id, _CONNECTOR, _COUNTRY, visitor=visitor)
    returned = parse_qs(urlsplit(exact.agree(address)).query)
    row = signing.claim(returned["state"][0], visitor=visitor)
    signing.take_code(row, returned["code"][0])
    signing.identify(row)
    placed = signed.place(firm.id, row.id, visitor=visitor, replaces=False)
    if not isinstance(placed, Placed):
        message = f"Somebody else is signed in to {NAME} already."
        raise ExactOnlineError(message)
    return placed.connection


def _bind(firm: DemoFirm, connection: UUID, books: Administration, actor: str) -> None:
    client = firm.clients[books.dossier_number]
    wish = Wish(values={_FIELD: str(books.code)})
    with acting(firm.id):
        made = create_integration(firm.id, client, connection, wish, actor=actor)
    verify_integration(firm.id, made.id)
    with acting(firm.id):
        places = queries.places_of(firm.id, [made.id]).get(made.id, [])
    if [place.stage for place in places] != [Stage.VERIFIED]:
        message = f"The stand-in for Exact Online does not know the code of {books}."
        raise ExactOnlineError(message)
