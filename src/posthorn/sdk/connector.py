"""The contract: what a connector must do, and the few things it is given to do it with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

from posthorn.sdk.http import Http
from posthorn.sdk.kinds import Kind
from posthorn.sdk.links import Links, NoLinks
from posthorn.sdk.mail import Mailer
from posthorn.sdk.matches import Match
from posthorn.sdk.memory import Forgetful, Memory
from posthorn.sdk.spec import Capability, ConnectorSpec


class Progress(Protocol):
    """Remembers the finished calls of one delivery across attempts."""

    def record(self, step: str, remote_id: str) -> None:
        """Keep a finished call; committed before this returns."""
        ...

    def recorded(self, step: str) -> str | None:
        """Return the remote id kept for a step, or None when it has not been done."""
        ...


class Log(Protocol):
    """Takes technical notes; values are redacted before they are kept."""

    def info(self, event: str, **values: str) -> None:
        """Note something worth knowing."""
        ...

    def warning(self, event: str, **values: str) -> None:
        """Note something an operator should look at."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a connector may touch."""

    settings: Mapping[str, str]  # the firm's and the client's, cleaned, in one mapping
    http: Http
    mail: Mailer
    progress: Progress
    now: datetime  # aware, UTC
    log: Log
    links: Links = field(default_factory=NoLinks)
    memory: Memory = field(default_factory=Forgetful)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in to the package."""

    id: str  # the package's own id of the user; never changes
    name: str  # as people know it there
    detail: str = ""  # what tells it from others, such as the company it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document to deliver: its bytes and what was read from them."""

    id: str
    kind: Kind
    format: str  # a name of documents.Format
    file_name: str  # as it arrived: hostile until proven otherwise
    media_type: str
    content: bytes
    sha256: str  # lower-case hex of content
    released_at: datetime  # aware, UTC
    language: str = "en"  # of the texts the package's user reads: nl, fr, en or de
    client_name: str = ""
    client_number: str = ""  # the firm's own dossier number
    is_credit_note: bool = False
    number: str = ""
    issue_date: date | None = None
    currency: str = ""
    total: Decimal | None = None
    seller_name: str = ""
    buyer_name: str = ""
    copy: int = 0  # 0 the first time; n for the n-th copy sent again by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What will be sent: stored, shown, and sent unchanged on every try."""

    key: str
    payload: bytes = field(repr=False)
    media_type: str
    envelope: Mapping[str, str] = field(default_factory=dict)  # where it goes: {"from", "to"}, …
    summary: Mapping[str, str] = field(default_factory=dict)  # what a person sees of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The proof that they have it."""

    remote_id: str
    url: str = ""
    duplicate_of: str = ""  # remote id of an earlier one, when the package recognised it
    evidence: Mapping[str, str] = field(default_factory=dict)


class RemoteState(StrEnum):
    """What became of a delivered document in the package."""

    RECEIVED = "received"  # it is there; `code` says what more the package says of it, if anything
    BOOKED = "booked"  # only where the package itself says so
    REJECTED = "rejected"  # somebody there decided against it
    GONE = "gone"  # it is not there any more; believed once it was said twice in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStatus:
    """The package's own word on a delivered document.

    `code` is lower_snake and explained in errors.toml; without one, people are told nothing of a
    document that was merely received.
    """

    state: RemoteState
    code: str = ""
    detail: str = ""  # the package's own words


class Connector(ABC):
    """Knows one accounting package; holds no state and may be called from any thread.

    Its package names the class `connector`, which is how the registry finds it.
    """

    spec: ClassVar[ConnectorSpec]

    @abstractmethod
    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        """Return what is taken with these firm and client settings; a missing kind is not.

        The settings may be incomplete, even empty: the store's card is drawn before any exist.
        """

    def tells_case_apart(self, settings: Mapping[str, str]) -> bool:
        """Return whether two mailboxes may differ in capitals alone, with these firm settings.

        Only of what stands before the @. Where it is not known, they are taken for one.
        """
        del settings
        return False

    @abstractmethod
    def check(self, ctx: Context) -> str:
        """Return who we are connected as; reads only. Raises an outcome when it does not work."""

    @abstractmethod
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        """Map a document to the bytes that will be sent, without any network.

        The same input gives the same result. Raises Rejected when it cannot be mapped,
        Misconfigured when a setting is missing.
        """

    @abstractmethod
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        """Send once. Returns a receipt or raises exactly one of the six outcomes."""

    def account(self, ctx: Context) -> Account:
        """Return who signed in; required where auth is OAuth2, reads only. Raises an outcome."""
        raise NotImplementedError

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        """Return the receipt of a delivery with this key if all of it is there; for LOOKUP only.

        Changes nothing there. What is there in part is recorded as progress, so that `deliver`
        continues it. Asked after an unknown outcome, before anything is sent again, as often as
        the capability's `looks` say; never raises Rejected nor Uncertain.
        """
        raise NotImplementedError

    def choices(self, ctx: Context, field: str) -> Sequence[tuple[str, str]]:
        """Return value and label of a RemoteChoice's options, at most 500."""
        raise NotImplementedError

    def matches(self, ctx: Context, field: str, typed: str) -> Sequence[Match]:
        """Return what a text typed into a Resolved field names, best first; reads only.

        None when it names nothing; every one there is when nothing is typed, for choosing from and
        for looking again later at one that was chosen (by its `value`: codes are given out anew).
        """
        raise NotImplementedError

    def status(self, ctx: Context, receipt: Receipt) -> RemoteStatus:
        """Return what became of a delivery; where a capability reports status.

        Asked a few times over some weeks, of what `deliver` gave as receipt; reads only. Raises an
        outcome where there is no answer.
        """
        raise NotImplementedError
