"""Sets the invented firm up through the same services that the commands and the site use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.cli.demo.exact import NAME as EXACT
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.services import create_connection
from posthorn.tenancy.clients import NewClient, create_client
from posthorn.tenancy.numbers import NumberScheme
from posthorn.tenancy.people import add_member, add_person
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from posthorn.tenancy.services import create_firm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

    from posthorn.cli.demo.samples import SampleClient, Samples

_CONNECTOR = "email_delivery"
# One package is known by name: its clients' forms say what it cannot take.
_PRESETS: Mapping[str, Mapping[str, str]] = {"Compta": {"package": "winbooks"}}
_EMAIL = "demo@lindekade.example"
_PERSON = "Demo Administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFirm:
    """The firm as it stands in the database: its id, its clients by dossier number, who logs in."""

    id: UUID
    clients: Mapping[str, UUID]
    person: UUID
    email: str
    password: str


def set_up_firm(samples: Samples, actor: str, on_client: Callable[[int], None]) -> DemoFirm:
    """Create the firm, its administrator, its clients and the packages that take mail."""
    password = secrets.token_urlsafe(9)
    firm = create_firm(samples.firm.name, samples.firm.language, actor=actor)
    person = add_person(_EMAIL, _PERSON, password, actor=actor)
    clients: dict[str, UUID] = {}
    with acting(firm.pk):
        add_member(firm.pk, person.pk, Role.ADMINISTRATOR, actor=actor)
        names = dict.fromkeys(one.package for one in samples.clients if one.package != EXACT)
        connections = {
            name: create_connection(
                firm.pk, _CONNECTOR, name, _PRESETS.get(name, {}), actor=actor
            ).pk
            for name in names
        }
        for done, sample in enumerate(samples.clients, start=1):
            client = create_client(firm.pk, _new_client(sample), actor=actor)
            if sample.package in connections:
                wish = Wish(values=_settings(sample))
                connection = connections[sample.package]
                create_integration(firm.pk, client.pk, connection, wish, actor=actor)
            clients[sample.dossier_number] = client.pk
            on_client(done)
    return DemoFirm(id=firm.pk, clients=clients, person=person.pk, email=_EMAIL, password=password)


def _new_client(sample: SampleClient) -> NewClient:
    return NewClient(
        dossier_number=sample.dossier_number,
        name=sample.name,
        country=sample.country,
        language=sample.language,
        shares_documents=True,
        numbers=tuple(_numbers(sample)),
    )


def _numbers(sample: SampleClient) -> Iterator[tuple[NumberScheme, str]]:
    yield NumberScheme.ENTERPRISE, sample.enterprise_number
    yield NumberScheme.VAT, sample.vat_number
    yield NumberScheme.ENDPOINT, f"{sample.endpoint_scheme}:{sample.endpoint}"
    for iban in sample.ibans:
        yield NumberScheme.IBAN, iban


def _settings(sample: SampleClient) -> dict[str, str]:
    given = {kind: address or "" for kind, address in sample.addresses.items()}
    settings = {f"{kind}_address": address for kind, address in given.items() if address}
    if given["sales"] and given["sales"] == given["purchase"]:
        del settings["sales_address"]
        settings["same_address"] = "on"
    return settings
