"""A package in whose screens companies have codes, and clients that are bound to them by code."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from posthorn.connections import resolutions, verification
from posthorn.connections.errand_models import Resolution
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.models import Integration
from posthorn.connections.registry import LOCAL
from posthorn.connections.services import create_connection
from posthorn.delivery.models import Delivery
from posthorn.sdk import CODE, OWNER, VAT_NUMBER, Match
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory, ClientNumberFactory, FirmFactory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from posthorn.connections.models import Connection
    from posthorn.tenancy.models import Client, Firm

ACTOR = "an@kantoor.example"
VAT = "BE0417497106"
OTHER_VAT = "BE0123456749"

_CODE = """
from posthorn.sdk import *

TAKES = Capability(
    formats=frozenset({"ubl_invoice"}), depth=Depth.INBOX, idempotency=Idempotency.NATIVE,
    max_bytes=1_000_000,
)
COMPANIES = []  # of (country, Match)
WRONG = []  # raised instead of an answer, while there is one
ASKED = []

class Register(Connector):
    spec = ConnectorSpec(
        id="register", name="Register", version="1.0.0", contract=CONTRACT,
        docs_url="https://register.example", countries=frozenset({"BE"}),
        firm_settings=(
            Choice(id="country", label=same_words("Country"), default="be",
                   options=(("be", same_words("Belgium")), ("nl", same_words("Netherlands")))),
        ),
        client_settings=(
            Resolved(id="company", label=same_words("Company Code"), required=True,
                     none_code="company_not_found", depends_on=("country",),
                     help=same_words("The number left of the company's name.")),
            Text(id="folder", label=same_words("Folder")),
        ),
    )
    def capabilities(self, settings):
        return {Kind.PURCHASE: TAKES, Kind.SALES: TAKES}
    def check(self, ctx):
        return "An"
    def matches(self, ctx, field, typed):
        ASKED.append((ctx.settings["country"], typed))
        if WRONG:
            raise WRONG[0]
        there = [one for country, one in COMPANIES if country == ctx.settings["country"]]
        return [one for one in there if not typed or one.facts.get("code") == typed]
    def prepare(self, ctx, document, *, key): ...
    def deliver(self, ctx, prepared): ...

connector = Register
"""
_TEXTS = "\n".join(
    f"[{code}]\n[{code}.sentence]\n{lines}\n[{code}.advice]\n{advice}\n"
    for code, said, do in (
        ("company_not_found", "No company has this code", "Check the code"),
        ("company_closed", "The company is closed", "Open it there first"),
        ("odd_code", "The code is not what you think", "Look twice"),
        ("register_busy", "Register is busy", "It will be tried again"),
    )
    for lines in ["\n".join(f'{name} = "{said} ({name})."' for name in ("nl", "fr", "en", "de"))]
    for advice in ["\n".join(f'{name} = "{do} ({name})."' for name in ("nl", "fr", "en", "de"))]
)


@dataclass(slots=True)
class Package:
    """What the stand-in holds and was asked."""

    module: Any
    companies: list[tuple[str, Match]] = field(init=False)
    wrong: list[Exception] = field(init=False)
    asked: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.companies = self.module.COMPANIES
        self.wrong = self.module.WRONG
        self.asked = self.module.ASKED

    def add(self, value: str, code: str, vat: str = "", **more: Any) -> Match:  # noqa: ANN401  # its fields
        """Add a company."""
        facts = {CODE: code, VAT_NUMBER: vat, OWNER: more.pop("owner", "Kantoor Maes")}
        country = more.pop("country", "be")
        made = Match(value=value, label=more.pop("label", f"Company {value}"), facts=facts, **more)
        self.companies.append((country, made))
        return made


@pytest.fixture(name="package")
def package_fixture(settings: Settings, tmp_path: Path) -> Iterator[Package]:
    """Put the connector into the operator's own folder."""
    folder = tmp_path / "connectors" / "register"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(_CODE)
    (folder / "errors.toml").write_text(_TEXTS)
    for language in ("nl", "fr", "en", "de"):
        (folder / f"help.{language}.md").write_text("# Register\n")
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    settings.POSTHORN = replace(settings.POSTHORN, connector_folder=folder.parent)
    name = f"{LOCAL}_register"
    from posthorn.connections.registry import registry  # noqa: PLC0415  # loads it

    assert registry().refused == {}
    yield Package(sys.modules[name])
    del sys.modules[name]


@dataclass(slots=True)
class Office:
    """A firm with the package, and its clients by VAT number."""

    firm: Firm = field(default_factory=FirmFactory.create)
    connection: Connection = field(init=False)

    def __post_init__(self) -> None:
        with acting(self.firm.pk):
            self.connection = create_connection(
                self.firm.pk, "register", "Register", {}, actor=ACTOR
            )

    def client(self, vat: str = "", **values: Any) -> Client:  # noqa: ANN401  # columns
        """Add a client."""
        made: Client = ClientFactory.create(firm=self.firm, **values)
        if vat:
            ClientNumberFactory.create(firm=self.firm, client=made, value=vat)
        return made

    def bind(self, client: Client, code: str = "7", **values: str) -> Integration:
        """Save a typed code for a client."""
        wish = Wish(values={"company": code, **values})
        with acting(self.firm.pk):
            return create_integration(
                self.firm.pk, client.pk, self.connection.pk, wish, actor=ACTOR
            )

    def verified(self, client: Client, code: str = "7") -> Integration:
        """Save a typed code and let the worker look."""
        made = self.bind(client, code)
        assert verification.verify_due()
        return self.integration(made)

    def choose(self, integration: Integration, value: str) -> None:
        """Take one of the places offered."""
        with acting(self.firm.pk):
            resolutions.choose(self.firm.pk, integration.pk, "company", value, actor=ACTOR)

    def integration(self, made: Integration) -> Integration:
        """Read an integration again."""
        with acting(self.firm.pk):
            return Integration.objects.select_related("connection", "client").get(pk=made.pk)

    def row(self, made: Integration) -> Resolution:
        """Read what is known of an integration's code."""
        with acting(self.firm.pk):
            return Resolution.objects.get(integration=made)

    def deliveries(self) -> list[str]:
        """Give state or reason of each delivery, in order."""
        with acting(self.firm.pk):
            rows = Delivery.objects.order_by("position")
            return [row.reason or row.state for row in rows]

    def trail(self, made: Integration) -> list[str]:
        """Give the actions noted on an integration, oldest first."""
        with acting(self.firm.pk):
            rows = AuditEntry.objects.filter(subject_id=made.pk).order_by("pk")
            return list(rows.values_list("action", flat=True))


def set_rows(**columns: object) -> None:
    """Change columns of every look-up, as time would."""
    with system("age"):
        Resolution.objects.update(**columns)
