"""Every command that names something, tried on what belongs to another firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from posthorn.cli.main import app_for
from posthorn.connections.change_models import AddressChange
from posthorn.delivery.models import Delivery
from posthorn.tenancy.models import AuditEntry, Client
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import (
    ClientFactory,
    DeliveryFactory,
    FirmFactory,
    IntegrationFactory,
    MembershipFactory,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.command_line import Ran

pytestmark = pytest.mark.django_db

# Words in braces are filled with what belongs to the other firm.
FOREIGN: dict[str, str] = {
    "firm member role": "{email} accountant",
    "firm member remove": "{email} --yes",
    "firm member assign": "{email} {dossier}",
    "firm member unassign": "{email} {dossier}",
    "client show": "{client}",
    "client edit": "{dossier} --name=Ours",
    "client number add": "{dossier} vat BE0404616494",
    "client number remove": "{dossier} vat BE0404616494 --yes",
    "client share": "{dossier} off",
    "client approval": "{dossier} all_valid",
    "client trust": "{dossier} BE0404616494",
    "client untrust": "{dossier} BE0404616494",
    "client state": "{client} archived --yes",
    "client pause": "{dossier}",
    "client release": "{client}",
    "connection set": "{connection} --set=attach_pdfs=on",
    "connection show": "{package}",
    "connection check": "{package}",
    "connection sign-in": "{package}",
    "connection domain show": "{package}",
    "connection domain check": "{connection}",
    "connection domain forget": "{package} --yes",
    "connection activate": "{connection}",
    "connection deactivate": "{package} --yes",
    "connection remove": "{package} --yes",
    "connection pause": "{connection}",
    "connection on-unknown": "{package} ask",
    "connection release": "{package}",
    "integration create": "{dossier} {package}",
    "integration set": "{client} {connection}",
    "integration confirm": "{change}",
    "integration refuse": "{change} --reason=no",
    "integration choices show": "{client} {package} folder",
    "integration choices fetch": "{dossier} {connection} folder",
    "integration place show": "{client} {package}",
    "integration place verify": "{dossier} {package}",
    "integration place choose": "{client} {package} 9001",
    "integration place list": "{package}",
    "integration place proposals": "{connection}",
    "integration place bind": "{package} --code={dossier}=7",
    "integration test-mail send": "{client} {package}",
    "integration test-mail list": "{dossier} {connection}",
    "integration test-mail arrived": "{client} {package} {change}",
    "integration test-mail close-link": "{client} {package} {change}",
    "integration pause": "{client} {package}",
    "integration release": "{client} {package}",
    "integration remove": "{client} {package} --yes",
    "doc import": "{file} --client={dossier}",
    "doc show": "{document}",
    "doc approve": "{document}",
    "doc send": "{document}",
    "doc send-anyway": "{document}",
    "doc reject": "{document} --reason=no",
    "doc assign": "{document} {own} purchase",
    "doc move": "{document} {own}",
    "delivery show": "{delivery}",
    "delivery resend": "{delivery} --reason=again",
    "delivery hold": "{delivery}",
    "delivery release": "{delivery}",
    "delivery cancel": "{delivery} --yes",
    "delivery processed": "{delivery}",
    "delivery close-link": "{delivery}",
}
# Lists show nothing of another firm.
LISTS = {
    "firm member list",
    "client list",
    "connection list",
    "integration list",
    "integration changes",
    "doc list",
    "delivery list",
    "audit list",
}
# These make something new, or belong to the whole installation.
OTHERS = {
    "firm create",
    "firm list",
    "firm person add",
    "firm member add",
    "firm second-person",
    "client create",
    "connection create",
    "audit verify",
    "audit seal",
    "secrets rotate",
    "instance status",
    "instance pause",
    "instance release",
    "connectors",
    "db roles-sql",
    "db upgrade",
    "db status",
    "sandbox mail",
    "sandbox exact",
    "check",
    "show",
    "convert",
    "render",
    "statement show",
    "demo",
    "serve",
    "web",
    "worker",
    "migrate",
    "doctor",
    "bounces listen",
    "bounces list",
    "bounces show",
    "bounces take",
}


def every_command(name: str, command: object) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for word, one in command.commands.items():
            yield from every_command(f"{name} {word}".strip(), one)
    elif isinstance(command, TyperCommand):
        yield name


def test_no_command_is_missing_from_the_matrix() -> None:
    assert set(every_command("", get_command(app_for()))) == {*FOREIGN, *LISTS, *OTHERS}


@pytest.fixture
def theirs() -> dict[str, object]:
    """Make a firm with something of everything, and a firm of ours with one client."""
    client = ClientFactory.create(dossier_number="9999", name="Their client")
    integration = IntegrationFactory.create(
        firm=client.firm,
        client=client,
        settings={"purchase_address": "their@package.example"},
        connection__name="Their package",
    )
    delivery = DeliveryFactory.create(firm=client.firm, client=client, integration=integration)
    member = MembershipFactory.create(firm=client.firm)
    with acting(client.firm_id):
        change = AddressChange.objects.create(
            firm=client.firm,
            client=client,
            integration=integration,
            standing="waiting",
            addresses={"purchase_address": ["their@package.example", "new@package.example"]},
            author="them@kantoor.example",
        )
    ClientFactory.create(firm=FirmFactory.create(name="Ours"), dossier_number="0001")
    return {
        "firm": client.firm_id,
        "email": member.person.email,
        "dossier": "9999",
        "client": client.pk,
        "package": "Their package",
        "connection": integration.connection_id,
        "document": delivery.document_id,
        "delivery": delivery.pk,
        "change": change.pk,
        "own": "0001",
        "file": __file__,
    }


def rows(firm: object) -> tuple[object, ...]:
    """Give what a command could have changed."""
    with acting(firm):  # type: ignore[arg-type]  # an id among other values
        return (
            list(Client.objects.values_list()),
            list(Delivery.objects.values_list()),
            list(AddressChange.objects.values_list()),
            AuditEntry.objects.count(),
        )


@pytest.mark.parametrize("command", sorted(FOREIGN))
def test_what_belongs_to_another_firm_is_not_there(
    command: str, theirs: dict[str, object], posthorn: Callable[..., Ran]
) -> None:
    before = rows(theirs["firm"])
    arguments = [word.format(**theirs) for word in FOREIGN[command].split()]

    tried = posthorn(*command.split(), *arguments, "--firm=Ours", "--json")

    assert tried.code == 3, tried.err
    assert not any(secret in tried.out for secret in ("Their client", "their@package.example"))
    assert rows(theirs["firm"]) == before


@pytest.mark.parametrize("command", sorted(LISTS))
def test_lists_show_nothing_of_another_firm(
    command: str, theirs: dict[str, object], posthorn: Callable[..., Ran]
) -> None:
    listed = posthorn(*command.split(), "--firm=Ours", "--json")

    assert listed.code == 0
    assert [one.get("dossier_number", "0001") for one in listed.objects] in ([], ["0001"])
    assert not any(
        str(theirs[name]) in listed.out
        for name in ("email", "client", "package", "document", "delivery")
    )
