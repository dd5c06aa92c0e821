"""Reads POSTHORN_… variables once, into one frozen object; nothing else reads the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posthorn.connections.domains.servers import Server, parse_servers
from posthorn.connections.limits import Limits, parse_limits
from posthorn.connections.sites import Sites, parse_origin, parse_sites
from posthorn.project.variables import SETTINGS, Setting

_HIGHEST_PORT = 65_535
_LONGEST_S = 1_000_000.0
_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+", re.IGNORECASE)


class SettingError(Exception):
    """Correct the variable that the message names and start again."""


Variables = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """The settings after reading: folders absolute, times in seconds, sizes in bytes."""

    data: Path
    database_url: str
    database_owner_url: str
    secret_key: str
    keyring: str
    hosts: tuple[str, ...]
    link_days: int
    https: bool
    proxies: int
    listen: tuple[str, int]
    mail_relay: str
    mail_from: str
    bounce_domain: str
    bounce_listen: str
    bounce_mailbox: str
    bounce_poll: float
    mail_ca: Path | None
    mail_limits: Limits
    mail_addresses: tuple[str, ...]
    dns: tuple[Server, ...]
    allow_private: tuple[str, ...]
    public_url: str
    sites: Sites = field(repr=False)
    several_accounts: bool
    http_ca: Path | None
    http_timeout: float
    connectors: tuple[str, ...]
    connector_folder: Path | None
    senders: int
    heartbeat: float
    lease: float
    sweep: float
    connect_timeout: float
    reply_timeout: float
    accept_timeout: float
    max_upload: int
    readers: int
    reader_memory: int
    reader_timeout: float
    crash_at: str


def read(variables: Variables) -> Env:
    """Read every setting. Raises SettingError for an unknown variable or a bad value."""
    _refuse_unknown(variables)
    values = {setting.name: _value(setting, variables) for setting in SETTINGS}
    return Env(**values)  # type: ignore[arg-type]  # the table's kinds are the fields' types; a test compares them


def _refuse_unknown(variables: Variables) -> None:
    known = {setting.variable for setting in SETTINGS}
    known |= {f"{setting.variable}_FILE" for setting in SETTINGS if setting.is_secret}
    for name in sorted(variables):
        if name.startswith("POSTHORN_") and name not in known:
            message = f"{name} is no setting of Posthorn; docs/reference/settings.md lists them."
            raise SettingError(message)


def _value(setting: Setting, variables: Variables) -> object:
    text = variables.get(setting.variable, "")
    if setting.is_secret and not text:
        text = _from_file(setting, variables)
    text = text.strip() or setting.default
    try:
        return _CONVERTERS[setting.kind](text)
    except ValueError as error:
        shown = "not as it should be" if setting.is_secret else repr(text)
        message = f"{setting.variable} is {shown}: {error}"
        raise SettingError(message) from None


def _from_file(setting: Setting, variables: Variables) -> str:
    path = variables.get(f"{setting.variable}_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        message = f"{setting.variable}_FILE names {path}, which cannot be read: {error.strerror}."
        raise SettingError(message) from None


def _flag(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        message = "write yes or no."
        raise ValueError(message)
    return text.lower() == "yes"


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        message = "write a whole number of 1 or more."
        raise ValueError(message)
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        message = "write a whole number, 0 or more."
        raise ValueError(message)
    return int(text)


def _decimal(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < _LONGEST_S:
        message = "write a number of seconds above 0."
        raise ValueError(message)
    return value


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _HIGHEST_PORT:
        message = "write an address and a port, such as 127.0.0.1:8000."
        raise ValueError(message)
    return host, int(port)


def _domain(text: str) -> str:
    if text and not _DOMAIN.fullmatch(text):
        message = "write a domain, such as bounces.example.com."
        raise ValueError(message)
    return text.lower()


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _servers(text: str) -> tuple[Server, ...]:
    return parse_servers(_list(text))


def _limits(text: str) -> Limits:
    return parse_limits(_list(text))


def _folder(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


_CONVERTERS: Mapping[str, Callable[[str], object]] = {
    "text": str,
    "flag": _flag,
    "number": _number,
    "count": _count,
    "decimal": _decimal,
    "address": _address,
    "domain": _domain,
    "list": _list,
    "limits": _limits,
    "servers": _servers,
    "folder": _folder,
    "file": _folder,
    "origin": parse_origin,
    "sites": parse_sites,
}
