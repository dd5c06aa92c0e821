"""Decides who comes in where: a firm's Partner Space, a client's Business Space, or nowhere."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Concatenate, Protocol, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from posthorn.kernel.zone import zone
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.entrances import entrances_of
from posthorn.tenancy.queries import viewer_as
from posthorn.tenancy.roles import Permission, is_allowed
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse

    from posthorn.tenancy.entrances import Entrances

    SpaceView = Callable[Concatenate[HttpRequest, "Space", ...], HttpResponse]
    RoutedView = Callable[..., HttpResponse]


class Person(Protocol):
    """Whoever is signed in."""

    pk: UUID
    email: str
    name: str


class Side(StrEnum):
    """Whose space it is."""

    FIRM = "firm"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """The space a person stands in; `id` is that of the firm or of the client.

    `entrances` are all the person may enter, this one among them.
    """

    side: Side
    id: UUID
    name: str
    firm: UUID
    viewer: Viewer
    actor: str
    entrances: Entrances

    @property
    def is_firm(self) -> bool:
        """Tell a Partner Space from a Business Space."""
        return self.side is Side.FIRM

    @property
    def reads_documents(self) -> bool:
        """Tell whether lists of documents and deliveries exist for this person here."""
        return not self.is_firm or self.may(Permission.READ_DOCUMENTS)

    def may(self, permission: Permission) -> bool:
        """Tell whether the person's role in this firm carries a permission."""
        role = self.viewer.role
        return role is not None and is_allowed(role, permission)

    def url(self, name: str, *arguments: object) -> str:
        """Give the address of a page of this space."""
        return address_of(f"{self.side}:{name}", self.id, *arguments)


def address_of(route: str, *arguments: object) -> str:
    """Give the address of any page by the name of its route."""
    ids = [one for one in arguments if isinstance(one, UUID)]
    # Told apart by type: 1 and True are one key, and two addresses.
    words = tuple(None if isinstance(one, UUID) else str(one) for one in arguments)
    return _form(route, words).format(*ids)


@lru_cache(maxsize=512)
def _form(route: str, words: tuple[str | None, ...]) -> str:
    """Give the address of a route with {} for each of its ids; a list asks a hundred times."""
    places = [UUID(int=place) if word is None else word for place, word in enumerate(words, 1)]
    address = reverse(route, args=places)  # which writes braces of a word as %7B and %7D
    for place in places:
        address = address.replace(str(place), "{}") if isinstance(place, UUID) else address
    return address


def opens(*permissions: Permission) -> Callable[[SpaceView], RoutedView]:
    """Open a view to people of the space in the address; of a firm, to those with the permissions.

    The view runs inside the scope of that firm or client; for everybody else it does not exist.
    """

    def decorate(view: SpaceView) -> RoutedView:
        @login_required
        @never_cache
        @wraps(view)
        def routed(
            request: HttpRequest,
            *args: object,
            firm: UUID | None = None,
            client: UUID | None = None,
            **kwargs: object,
        ) -> HttpResponse:
            person = person_of(request)
            opened = _firm_space(firm, person) if firm else _client_space(client, person)
            with timezone.override(zone()), opened as space:
                if space.is_firm and not all(map(space.may, permissions)):
                    raise Http404
                return view(request, space, *args, **kwargs)

        return cast("RoutedView", routed)

    return decorate


def person_of(request: HttpRequest) -> Person:
    """Give who is signed in; views behind the sign-in only."""
    return cast("Person", request.user)


@contextmanager
def _firm_space(firm: UUID, person: Person) -> Iterator[Space]:
    entrances = entrances_of(person.pk)
    member = entrances.of_firm(firm)
    if member is None:
        raise Http404
    with acting(firm):
        # What somebody sees as a client's own person is shown in that client's space alone.
        yield Space(
            side=Side.FIRM,
            id=firm,
            name=member.firm_name,
            firm=firm,
            viewer=viewer_as(member),
            actor=person.email,
            entrances=entrances,
        )


@contextmanager
def _client_space(client: UUID | None, person: Person) -> Iterator[Space]:
    entrances = entrances_of(person.pk)
    own = entrances.of_company(client) if client else None
    if own is None:
        raise Http404
    with acting(own.firm, own.id):
        yield Space(
            side=Side.CLIENT,
            id=own.id,
            name=own.name,
            firm=own.firm,
            viewer=Viewer(own=frozenset({own.id})),
            actor=person.email,
            entrances=entrances,
        )
