"""A package that gives lists to choose from, and a client's form in which they are shown."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser

from posthorn.connections.choice_models import ChoiceList
from posthorn.connections.errand_models import Errand
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.models import Integration
from posthorn.connections.registry import LOCAL
from posthorn.connections.services import create_connection
from posthorn.delivery import instance
from posthorn.delivery.asker import ask_once
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db import web_rows
from tests.db.factories import ClientFactory, FirmFactory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from posthorn.connections.models import Connection
    from posthorn.tenancy.models import Client, Firm, Person

ACTOR = "an@kantoor.example"
_CODE = """
from posthorn.sdk import *

TAKES = Capability(
    formats=frozenset({"ubl_invoice"}), depth=Depth.INBOX, idempotency=Idempotency.NATIVE,
    max_bytes=1_000_000,
)
LISTS = {}  # (division, field): options, or what is raised instead
ASKED = []

class Shelves(Connector):
    spec = ConnectorSpec(
        id="shelves", name="Shelves", version="1.0.0", contract=CONTRACT,
        docs_url="https://shelves.example", countries=frozenset({"BE"}),
        client_settings=(
            Text(id="division", label=same_words("Division")),
            Choice(id="way", label=same_words("Way"), default="shelf", options=(
                ("shelf", same_words("Shelf")), ("box", same_words("Box")))),
            RemoteChoice(id="folder", label=same_words("Folder"), depends_on=("division",),
                         shown_when=("way", "shelf")),
            RemoteChoice(id="box", label=same_words("Box"), depends_on=("division",),
                         shown_when=("way", "box")),
            RemoteChoice(id="colour", label=same_words("Colour"), default="red"),
        ),
    )
    def capabilities(self, settings):
        return {Kind.PURCHASE: TAKES, Kind.SALES: TAKES}
    def check(self, ctx):
        return "An"
    def choices(self, ctx, field):
        key = (ctx.settings.get("division", ""), field)
        ASKED.append(key)
        found = LISTS.get(key, [])
        if isinstance(found, Exception):
            raise found
        return found
    def prepare(self, ctx, document, *, key): ...
    def deliver(self, ctx, prepared): ...

connector = Shelves
"""
_TEXTS = """
[shelves_closed]
sentence = { nl = "Dicht.", fr = "Fermé.", en = "Shelves is closed.", de = "Zu." }
advice = { nl = "Wacht.", fr = "Attendez.", en = "It opens again.", de = "Warten Sie." }
"""
FOLDERS = [("f1", "Purchases"), ("f2", "Sales")]


@dataclass(slots=True)
class Package:
    """What the stand-in gives, and what it was asked."""

    module: Any
    lists: dict[tuple[str, str], list[tuple[str, str]] | Exception] = field(init=False)
    asked: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.lists = self.module.LISTS
        self.asked = self.module.ASKED


@pytest.fixture(name="shelves")
def shelves_fixture(settings: Settings, tmp_path: Path) -> Iterator[Package]:
    """Put the connector into the operator's own folder; this is no copy of an installation."""
    folder = tmp_path / "connectors" / "shelves"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(_CODE)
    (folder / "errors.toml").write_text(_TEXTS)
    for language in ("nl", "fr", "en", "de"):
        (folder / f"help.{language}.md").write_text("# Shelves\n")
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    settings.POSTHORN = replace(settings.POSTHORN, connector_folder=folder.parent)
    instance.recognise()
    name = f"{LOCAL}_shelves"
    from posthorn.connections.registry import registry  # noqa: PLC0415  # loads it

    assert registry().refused == {}
    yield Package(sys.modules[name])
    del sys.modules[name]


@dataclass(slots=True)
class Seat:
    """Somebody before the form of a client's integration."""

    role: Role = Role.ADMINISTRATOR
    firm: Firm = field(default_factory=FirmFactory.create)
    connection: Connection = field(init=False)
    client: Client = field(init=False)
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        with acting(self.firm.pk):
            self.connection = create_connection(self.firm.pk, "shelves", "Shelves", {}, actor=ACTOR)
        self.client = ClientFactory.create(firm=self.firm)
        assigned = (self.client,) if self.role is Role.ACCOUNTANT else ()
        person: Person = web_rows.member(self.firm, self.role, *assigned)
        self.browser = Browser()
        self.browser.force_login(person)

    @property
    def base(self) -> str:
        """The pages of the client."""
        return f"/firms/{self.firm.pk}/clients/{self.client.pk}"

    def bind(self, client: Client | None = None, **values: str) -> Integration:
        """Connect a client with these settings."""
        chosen = client or self.client
        with acting(self.firm.pk):
            return create_integration(
                self.firm.pk,
                chosen.pk,
                self.connection.pk,
                Wish(values=values),
                actor=ACTOR,
            )

    def list_url(self, name: str = "folder") -> str:
        """Give where a list is asked for."""
        return f"{self.base}/packages/{self.connection.pk}/choices/{name}/"

    def press(self, name: str = "folder", **typed: str) -> Any:  # noqa: ANN401  a response
        """Press *Fetch again*, with htmx."""
        return self.browser.post(self.list_url(name), typed, headers={"HX-Request": "true"})

    def poll(self, name: str = "folder", **typed: str) -> Any:  # noqa: ANN401  a response
        """Ask how far it is, with htmx."""
        return self.browser.get(self.list_url(name), typed, headers={"HX-Request": "true"})

    def fetch(self, name: str = "folder") -> None:
        """Press the button and let a worker ask."""
        assert self.press(name).status_code == 200
        assert ask_once()

    def form(self, made: Integration) -> str:
        """Read the form of an integration."""
        response = self.browser.get(f"{self.base}/integrations/{made.pk}/")
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def save(self, made: Integration, **typed: str) -> dict[str, str]:
        """Save the form; gives the settings it left."""
        posted = {f"set-{name}": value for name, value in typed.items()}
        response = self.browser.post(f"{self.base}/integrations/{made.pk}/", posted)
        assert response.status_code == 302, response.content.decode()
        with acting(self.firm.pk):
            return dict(Integration.objects.get(pk=made.pk).settings)

    def lists(self) -> list[ChoiceList]:
        """Give what is kept, the first asked for first."""
        with acting(self.firm.pk):
            return list(ChoiceList.objects.order_by("id"))

    def errands(self) -> int:
        """Count the questions that wait for a worker."""
        with acting(self.firm.pk):
            return Errand.objects.filter(done_at=None).count()


def field_in(page: str, name: str) -> str:
    """Give the part of a page that draws one field."""
    found = re.search(
        rf'<div id="field-set-{name}".*?(?=<div id="field-set-|<details|</form>|$)', page
    )
    assert found, page
    return found[0]


def options_in(part: str) -> list[tuple[str, str]]:
    """Give value and text of the options of a select."""
    found = re.findall(r'<option value="([^"]*)"[^>]*>(.*?)</option>', part)
    return [(value, text.strip()) for value, text in found]


def chosen_in(part: str) -> list[str]:
    """Give the values that are chosen in a select."""
    return re.findall(r'<option value="([^"]*)"\s+selected', part)
