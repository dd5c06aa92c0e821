"""What a connector declares about itself: frozen data, readable without an instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from posthorn.sdk.fields import Field
from posthorn.sdk.languages import Words

# Raised when an old connector would no longer work; the registry refuses any other number.
CONTRACT = 1


class Depth(StrEnum):
    """How far into the books a delivery gets."""

    INBOX = "inbox"
    DRAFT = "draft"
    BOOKED = "booked"


class Idempotency(StrEnum):
    """What happens when the same key is delivered twice; decides what follows a lost answer."""

    NATIVE = "native"  # the package honours our key
    LOOKUP = "lookup"  # it would book twice, but `find` can look first
    NONE = "none"  # nobody can tell


class OnUnknown(StrEnum):
    """What the engine does after a lost answer where idempotency is NONE."""

    RESEND = "resend"
    ASK = "ask"


class Proof(StrEnum):
    """Whose word a receipt is."""

    SERVER = "server"  # a mail server took it: it may still come back
    PACKAGE = "package"  # the package itself has it


class LimitScope(StrEnum):
    """Who shares a limit."""

    CONNECTION = "connection"
    FIRM = "firm"
    APP = "app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a connector takes for one kind of document."""

    formats: frozenset[str]  # names of documents.Format
    depth: Depth
    idempotency: Idempotency
    max_bytes: int  # of the document itself, before any encoding
    on_unknown: OnUnknown = OnUnknown.ASK
    proof: Proof = Proof.PACKAGE
    reports_status: bool = False
    # LOOKUP: the wait before each look after an unknown outcome; sent again when all saw nothing.
    looks: tuple[timedelta, ...] = (timedelta(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAuth:
    """Nothing to log in to beyond the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key in a header; `field` is the id of the firm's Secret that holds it."""

    field: str
    header: str = "Authorization"
    prefix: str = "Bearer "


class TokenFault(StrEnum):
    """What a refusal of the token endpoint means."""

    STILL_VALID = "still_valid"  # too early: the access token there is goes on being good
    SUPERSEDED = "superseded"  # this refresh token was used before; a newer one is somewhere
    GONE = "gone"  # the consent has ended: somebody must sign in again


class ClientAuth(StrEnum):
    """How the operator's client id and secret reach the token endpoint (RFC 6749, 2.3.1)."""

    FORM = "form"
    BASIC = "basic"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth2:
    """An authorization code flow.

    URLs may hold {setting} placeholders of firm settings, and {site}: the address of the site that
    the firm chose with the Choice `site_field`, one of `sites`.
    """

    authorize_url: str
    token_url: str
    sites: Mapping[str, str] = field(default_factory=dict)  # site's id: its address, https://host
    site_field: str = ""  # id of the firm's Choice whose options are the sites' ids
    scopes: tuple[str, ...] = ()
    permissions: tuple[Words, ...] = ()  # what signing in lets it do, as people read it before
    pkce: bool = True
    client_auth: ClientAuth = ClientAuth.FORM
    authorize_params: Mapping[str, str] = field(default_factory=dict)  # sent along, as they are
    rotating_refresh: bool = False  # each refresh gives a new refresh token and ends the old one
    refresh_margin: timedelta = timedelta(minutes=1)  # refreshed when the token has less life left
    earliest_refresh: timedelta = timedelta()  # age of a token before which none is asked for
    idle_limit: timedelta | None = None  # unused for longer, the refresh token dies
    calls_per_day: int | None = None  # of the token endpoint, per sign-in
    newest_only: bool = False  # signing in again as the same account ends the sign-in before
    # Lower-case words of a refusal (status, headers' Reason, body): what it means; the first that
    # is found counts. RFC 6749's invalid_grant means GONE after all of these.
    token_faults: tuple[tuple[str, TokenFault], ...] = ()
    revoke_url: str = ""  # where a sign-in is ended (RFC 7009); empty where packages offer none
    revoke_help: Words = field(default_factory=dict)  # how people end it there by themselves


Auth = NoAuth | ApiKey | OAuth2


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetHeaders:
    """Headers of an answer that tell a budget, lower-case; the reset in Unix milliseconds."""

    limit: str
    remaining: str
    reset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The package's own limits; None where it names none."""

    per_minute: int | None = None  # of the clock's minute
    per_day: int | None = None  # of the day in UTC
    scope: LimitScope = LimitScope.CONNECTION
    per_setting: str = ""  # id of the setting each value of which has these limits for itself
    concurrency: int | None = None  # calls at once, for each that has limits for itself
    minute_headers: BudgetHeaders | None = None
    day_headers: BudgetHeaders | None = None
    refusals_per_hour: int | None = None  # of one kind of call, before it is blocked for an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorSpec:
    """The whole declaration of one connector."""

    id: str  # lower_snake; never changes
    name: str
    version: str
    contract: int
    docs_url: str  # https://, or a path on this site
    countries: frozenset[str]  # ISO 3166-1 alpha-2, upper case; empty means anywhere
    auth: Auth = NoAuth()
    hosts: frozenset[str] = frozenset()  # those `http` may reach; may hold {setting} placeholders
    logo: str = "logo.svg"  # file beside the connector
    firm_settings: tuple[Field, ...] = ()
    client_settings: tuple[Field, ...] = ()
    limits: Limits = Limits()
    variants: tuple[Mapping[str, str], ...] = ()  # settings whose capabilities differ
    # Whether a marked sample can go to each of a client's addresses, to see whether it arrives.
    takes_test_mails: bool = False
    # What a delivered document's receipt says to people; {name}s stand for its evidence.
    arrived: Words = field(default_factory=dict)
