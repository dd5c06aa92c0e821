"""Puts together all that a connector may touch: its settings, the mail, and a log that redacts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from posthorn.connections.calling import NoHttp
from posthorn.connections.links import LinkMaker
from posthorn.connections.mail import (
    NoMailer,
    RelayMailer,
    Switchboard,
    Terms,
    UnprovenMailer,
)
from posthorn.connections.pace import SharedPacer
from posthorn.connections.relays import firm_endpoint, operator_endpoint
from posthorn.connections.smtp import Times
from posthorn.kernel.redact import redact
from posthorn.sdk.connector import Context
from posthorn.sdk.fields import Secret
from posthorn.sdk.relay import relay_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from posthorn.connections.registry import Loaded
    from posthorn.connections.relays import Endpoint
    from posthorn.sdk.connector import Progress
    from posthorn.sdk.http import Http
    from posthorn.sdk.mail import Mailer

_log = logging.getLogger("posthorn.connector")


def make_context(
    loaded: Loaded,
    settings: Mapping[str, str],
    *,
    progress: Progress,
    now: datetime,
    http: Http | None = None,
    mail: Mailer | None = None,
) -> Context:
    """Return the context of one call; `settings` come from `runtime_settings`.

    `http` comes from `logins.connection_http`, `mail` from `mailer_for` where the lines are others
    than this process's, or a domain is proven.
    """
    return Context(
        settings=settings,
        http=http or NoHttp(),
        mail=mail or mailer_for(settings, switchboard()),
        progress=progress,
        now=now,
        log=RedactingLog(label=loaded.label, secrets=secrets_among(loaded, settings)),
    )


def secrets_among(loaded: Loaded, settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secret values that must appear nowhere."""
    declared = (*loaded.spec.firm_settings, *loaded.spec.client_settings)
    ids = [one.id for one in declared if isinstance(one, Secret)]
    return tuple(settings[name] for name in ids if settings.get(name))


def mailer_for(
    settings: Mapping[str, str], board: Switchboard, proven: Collection[str] = ()
) -> Mailer:
    """Return the mailer of the firm's own relay, or of the operator's.

    An address of the firm's own passes the operator's relay only from a domain that it proved to
    be its own: else any firm could write in another one's name.
    """
    sender, endpoint = way_of(settings)
    if endpoint is None:
        return NoMailer(sender=sender)
    is_theirs = not endpoint.is_operators or sender == django_settings.POSTHORN.mail_from
    if not is_theirs and sender.rpartition("@")[2].lower() not in proven:
        return UnprovenMailer(sender=sender)
    return RelayMailer(switchboard=board, endpoint=endpoint, sender=sender)


def way_of(settings: Mapping[str, str]) -> tuple[str, Endpoint | None]:
    """Return the sender and the relay of these settings. Raises RelayAddressError."""
    relay = relay_of(settings)
    if relay is not None:
        return relay.sender, firm_endpoint(relay)
    env = django_settings.POSTHORN
    return settings.get("mail_from") or env.mail_from, _operators(env.mail_relay)


def operator_mailer(board: Switchboard) -> Mailer:
    """Return the mailer of the operator's relay. Raises RelayAddressError for a bad address."""
    env = django_settings.POSTHORN
    endpoint = _operators(env.mail_relay)
    if endpoint is None:
        return NoMailer(sender=env.mail_from)
    return RelayMailer(switchboard=board, endpoint=endpoint, sender=env.mail_from)


@lru_cache(maxsize=2)
def _operators(address: str) -> Endpoint | None:
    return operator_endpoint(address)


def switchboard() -> Switchboard:
    """Return this process's mail lines, on the operator's terms."""
    return _switchboard(operators_terms())


@lru_cache(maxsize=2)
def _switchboard(terms: Terms) -> Switchboard:
    return Switchboard(terms, SharedPacer())


def operators_terms() -> Terms:
    """Read the operator's terms from the settings."""
    env = django_settings.POSTHORN
    return Terms(
        times=Times(
            connect_s=env.connect_timeout, reply_s=env.reply_timeout, accept_s=env.accept_timeout
        ),
        ca=env.mail_ca,
        allow_private=frozenset(pair.lower() for pair in env.allow_private),
        concurrency=env.senders,
        limits=env.mail_limits,
    )


def link_maker(firm: UUID) -> LinkMaker:
    """Return what makes download addresses of a firm's documents."""
    site = django_settings.POSTHORN.public_url
    return LinkMaker(site=site, secret=django_settings.SECRET_KEY, firm=firm)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactingLog:
    """Notes what a connector says under its id and version, without the secrets it knows."""

    label: str
    secrets: Sequence[str]

    def info(self, event: str, **values: str) -> None:
        """Note something worth knowing."""
        self._note(logging.INFO, event, values)

    def warning(self, event: str, **values: str) -> None:
        """Note something an operator should look at."""
        self._note(logging.WARNING, event, values)

    def __repr__(self) -> str:
        return f"RedactingLog({self.label!r})"

    def _note(self, level: int, event: str, values: Mapping[str, str]) -> None:
        said = " ".join([event, *(f"{name}={value}" for name, value in values.items())])
        _log.log(level, "%s: %s", self.label, redact(said, self.secrets))
