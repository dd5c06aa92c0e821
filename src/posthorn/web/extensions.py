"""Says what an extension takes and asks for, in people's words, from its declaration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from posthorn.connections.queries import features_of, names_of
from posthorn.connections.registry import registry
from posthorn.sdk.spec import ApiKey, Depth, OAuth2
from posthorn.tenancy.roles import Permission
from posthorn.web.access import address_of
from posthorn.web.countries import country_name
from posthorn.web.labels import kind_name, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.registry import Loaded
    from posthorn.sdk.spec import Auth
    from posthorn.web.access import Space

DEPTHS: Mapping[Depth, str] = {
    Depth.INBOX: _("arrives in an inbox"),
    Depth.DRAFT: _("becomes a draft booking"),
    Depth.BOOKED: _("is booked"),
}
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What becomes of one kind of documents."""

    kind: str
    depth: str
    formats: tuple[str, ...]
    megabytes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An extension in the store."""

    id: str
    name: str
    version: str
    logo: str  # empty when it ships none
    countries: tuple[str, ...]  # two letters each; empty: any
    login: str
    takes: tuple[Taken, ...]
    docs_url: str

    @property
    def lines(self) -> list[Taken]:
        """What it takes, kinds that are treated alike on one line."""
        alike: dict[tuple[object, ...], list[Taken]] = {}
        for one in self.takes:
            alike.setdefault((one.depth, one.formats), []).append(one)
        return [
            replace(group[0], kind=", ".join(one.kind for one in group)) for group in alike.values()
        ]

    @property
    def named_countries(self) -> list[str]:
        """Name the countries in the language of the page."""
        return sorted(map(country_name, self.countries))

    def matches(self, text: str) -> bool:
        """Tell whether every word that was typed stands somewhere on the card."""
        said = [self.name, self.id, self.login, *self.countries, *self.named_countries]
        said += [f"{one.kind} {one.depth} {' '.join(one.formats)}" for one in self.takes]
        whole = " ".join(said).casefold()
        return all(word in whole for word in text.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An installed extension in the launcher."""

    name: str
    url: str
    logo: str


def cards() -> list[Card]:
    """Give every loaded extension, by name."""
    found = [card_of(one) for one in registry().loaded.values()]
    return sorted(found, key=lambda card: card.name.casefold())


def card_of(loaded: Loaded) -> Card:
    """Give the card of one extension."""
    spec = loaded.spec
    takes = tuple(
        Taken(
            kind=kind_name(one.kind),
            depth=", ".join(gettext(DEPTHS[depth]) for depth in one.depth),
            formats=tuple(label(name) for name in one.formats),
            megabytes=f"{one.max_bytes / _MEGABYTE:g} MB",
        )
        for one in features_of(loaded)
    )
    return Card(
        id=loaded.id,
        name=spec.name,
        version=spec.version,
        logo=logo_url(loaded),
        countries=tuple(sorted(spec.countries)),
        login=_login(spec.auth, spec.name),
        takes=takes,
        docs_url=spec.docs_url if spec.docs_url.startswith("https://") else "",
    )


def logo_url(loaded: Loaded | None) -> str:
    """Give the address of a logo, a new one for each version; empty when there is none."""
    if loaded is None or not loaded.assets.logo:
        return ""
    return f"{address_of('logo', loaded.id)}?v={loaded.spec.version}"


def connector_name(connector_id: str) -> str:
    """Name a connector; one that is not loaded by its id."""
    loaded = registry().get(connector_id)
    return loaded.spec.name if loaded else connector_id


def apps_of(space: Space) -> list[App]:
    """Give what stands in the app launcher: the firm's extensions by the names it gave them."""
    if not space.is_firm:
        return []
    return [
        App(
            name=name,
            url=space.url("extension", connector),
            logo=logo_url(registry().get(connector)),
        )
        for connector, name in names_of(space.firm)
    ]


def discover_url(space: Space) -> str:
    """Give the address of the extension store to those who may install from it."""
    return space.url("extensions") if space.may(Permission.MANAGE_CONNECTIONS) else ""


def _login(auth: Auth, name: str) -> str:
    if isinstance(auth, OAuth2):
        return gettext("Sign in with %(name)s") % {"name": name}
    if isinstance(auth, ApiKey):
        return gettext("With a key from the package")
    return gettext("No login needed")
