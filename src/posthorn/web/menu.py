"""What the menus of a space offer to whom, in the order of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from posthorn.tenancy.roles import Permission
from posthorn.web.access import address_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from posthorn.tenancy.entrances import Entrances
    from posthorn.web.access import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of the side menu; `route` names its page, `key` is pressed after g to go there."""

    route: str
    label: _StrPromise
    icon: str
    key: str = ""
    short: _StrPromise | None = None  # its word in the bar of small screens; None: not there
    is_for: Callable[[Space], bool] = lambda _space: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line as a page shows it, in the language of the page: three places draw it."""

    here: str
    url: str
    label: str
    icon: str
    key: str = ""
    short: str = ""
    count: int = 0

    @property
    def is_quick(self) -> bool:
        """Tell whether it stands in the bar of small screens too."""
        return bool(self.short)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSpace:
    """A space that a person may change to."""

    id: UUID
    name: str
    url: str
    is_firm: bool


def _reads(space: Space) -> bool:
    return space.reads_documents


def _manages(space: Space) -> bool:
    return space.may(Permission.MANAGE_PEOPLE)


def _connects(space: Space) -> bool:
    return space.may(Permission.MANAGE_CONNECTIONS)


FIRM: tuple[Place, ...] = (
    Place(
        route="overview",
        label=_("Overview"),
        icon="layout-dashboard",
        key="o",
        short=_("Overview"),
    ),
    Place(
        route="clients",
        label=_("Clients"),
        icon="building-2",
        key="c",
        short=_("Clients"),
    ),
    Place(
        route="documents",
        label=_("Client documents"),
        icon="files",
        key="d",
        short=_("Documents"),
        is_for=_reads,
    ),
    Place(
        route="deliveries",
        label=_("Deliveries"),
        icon="send",
        key="a",
        short=_("Deliveries"),
        is_for=_reads,
    ),
    Place(
        route="packages",
        label=_("Accounting Package Configuration"),
        icon="plug-zap",
        is_for=_connects,
    ),
    Place(route="people", label=_("Users"), icon="users", is_for=_manages),
    Place(route="activity", label=_("Activity"), icon="history"),
    Place(route="settings", label=_("Settings"), icon="settings", is_for=_manages),
)
CLIENT: tuple[Place, ...] = (
    Place(
        route="overview",
        label=_("Overview"),
        icon="layout-dashboard",
        key="o",
        short=_("Overview"),
    ),
    Place(route="documents", label=_("Documents"), icon="files", key="d", short=_("Documents")),
    Place(
        route="shared",
        label=_("Shared with your accountant"),
        icon="share-2",
        key="s",
        short=pgettext_lazy("menu", "Shared"),
    ),
    Place(route="company", label=_("Company"), icon="building-2", key="c", short=_("Company")),
)
_OWN = (
    ("own_settings", _("Your settings"), "user-cog"),
    ("mfa_index", _("Sign-in and security"), "shield-check"),
    ("account_logout", _("Sign out"), "log-out"),
)


def menu_of(space: Space, attention: int) -> list[Item]:
    """Give the side menu of a space; deliveries carry the number that needs somebody."""
    places = FIRM if space.is_firm else CLIENT
    return [
        Item(
            here=place.route,
            url=space.url(place.route),
            label=str(place.label),
            icon=place.icon,
            key=place.key,
            short=str(place.short or ""),
            count=attention if place.route == "deliveries" else 0,
        )
        for place in places
        if place.is_for(space)
    ]


def own_menu() -> list[Item]:
    """Give what people find behind their own name."""
    return [
        Item(here=route, url=address_of(route), label=str(label), icon=icon)
        for route, label, icon in _OWN
    ]


def spaces_behind(entrances: Entrances) -> list[OtherSpace]:
    """Give every space a person may enter, firms first."""
    firms = [
        OtherSpace(
            id=one.firm,
            name=one.firm_name,
            url=address_of("firm:overview", one.firm),
            is_firm=True,
        )
        for one in entrances.firms
    ]
    clients = [
        OtherSpace(
            id=one.id,
            name=one.name,
            url=address_of("client:overview", one.id),
            is_firm=False,
        )
        for one in entrances.companies
    ]
    return [*firms, *clients]
