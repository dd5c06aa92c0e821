"""What screens read of packages, integrations and clients, whatever row they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


class Package(Protocol):
    """An accounting package that a firm set up."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def connector_id(self) -> str:
        """The extension behind it."""

    @property
    def name(self) -> str:
        """What the firm calls it."""

    @property
    def settings(self) -> Mapping[str, str]:
        """The firm's settings, without secrets."""

    @property
    def is_active(self) -> bool:
        """Whether it is switched on."""

    @property
    def checked_at(self) -> datetime | None:
        """When it was checked last."""

    @property
    def attention(self) -> str:
        """The code of what must be mended before anything leaves; empty when nothing must."""


class Company(Protocol):
    """A client."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def dossier_number(self) -> str:
        """The firm's own number of it."""

    @property
    def country(self) -> str:
        """Where it is, as two capital letters."""

    @property
    def language(self) -> str:
        """The language in which it is written to."""

    @property
    def paused_at(self) -> datetime | None:
        """Since when nothing is sent for it."""

    @property
    def shares_documents(self) -> bool:
        """Whether anything of it leaves at all."""

    @property
    def shared_since(self) -> datetime | None:
        """Since when."""


class Binding(Protocol):
    """A client bound to an accounting package."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def connection_id(self) -> UUID:
        """The package's id."""

    @property
    def connection(self) -> Package:
        """The package."""

    @property
    def settings(self) -> Mapping[str, str]:
        """The client's settings, without secrets."""

    @property
    def routes(self) -> Mapping[str, str]:
        """The ways of its kinds."""

    @property
    def both(self) -> Sequence[str]:
        """The kinds that another package gets too."""

    @property
    def paused_at(self) -> datetime | None:
        """Since when it is paused."""

    @property
    def unresolved(self) -> str:
        """What keeps it from delivering: `unverified`, `undecided` or nothing."""


class Place(Protocol):
    """What a typed text names in a package."""

    @property
    def field(self) -> str:
        """The id of the setting."""

    @property
    def typed(self) -> str:
        """The text."""

    @property
    def stage(self) -> str:
        """How sure it is."""

    @property
    def code(self) -> str:
        """Why it is not verified."""

    @property
    def detail(self) -> str:
        """More about that."""

    @property
    def label(self) -> str:
        """What the package calls it."""

    @property
    def facts(self) -> Mapping[str, str]:
        """What the package says of it."""

    @property
    def candidates(self) -> Sequence[Mapping[str, str]]:
        """What there is to choose."""

    @property
    def asked_at(self) -> datetime:
        """Since when an answer is awaited."""

    @property
    def verified_at(self) -> datetime | None:
        """When it was verified last."""


class Errand(Protocol):
    """Something a worker does for a person who waits."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def kind(self) -> str:
        """What is done."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """With what."""

    @property
    def answer(self) -> Mapping[str, Any]:
        """What came of it so far."""

    @property
    def code(self) -> str:
        """Why it came to nothing."""

    @property
    def detail(self) -> str:
        """More about that."""

    @property
    def done_at(self) -> datetime | None:
        """When it ended."""
