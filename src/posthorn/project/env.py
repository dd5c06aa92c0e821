"""Reads POSTHORN_… variables once, into one frozen object; nothing else reads the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_HIGHEST_PORT = 65_535
_LONGEST_S = 1_000_000.0


class SettingError(Exception):
    """Correct the variable that the message names and start again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One POSTHORN_… variable, as the generated page of settings shows it."""

    name: str
    kind: str
    default: str
    help: str
    unit: str = ""
    is_secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return f"POSTHORN_{self.name.upper()}"


def _setting(name: str, kind: str, default: str, help_text: str, unit: str = "") -> Setting:
    return Setting(name=name, kind=kind, default=default, help=help_text, unit=unit)


def _secret(name: str, help_text: str) -> Setting:
    return Setting(name=name, kind="text", default="", help=help_text, is_secret=True)


SETTINGS: tuple[Setting, ...] = (
    _setting(
        "data",
        "folder",
        "~/.local/share/posthorn",
        "Folder of the archive, the keys and the embedded database.",
    ),
    _secret(
        "database_url",
        "PostgreSQL 15 or newer, as the posthorn_app login. Empty: the embedded server.",
    ),
    _secret(
        "database_owner_url",
        "The same database as the posthorn_owner login; used by `posthorn migrate` alone.",
    ),
    _secret(
        "secret_key", "Signs sessions and links. Empty: made once and kept in the data folder."
    ),
    _secret(
        "keyring",
        "Keys of stored secrets: id:base64, …, newest first. Empty: kept in the data folder.",
    ),
    _setting(
        "hosts", "list", "localhost,127.0.0.1,[::1]", "Host names under which the site is reached."
    ),
    _setting("https", "flag", "no", "The site is reached over HTTPS: cookies are marked secure."),
    _setting(
        "proxies",
        "count",
        "0",
        "Proxies in front of the site whose X-Forwarded-For is believed; sign-in limits use it.",
    ),
    _setting("listen", "address", "127.0.0.1:8000", "Address and port of the web server."),
    _secret(
        "mail_relay",
        "Relay of outgoing mail, invitations and links for passwords included:"
        " smtp://user:password@host:587?tls=starttls (implicit, none).",
    ),
    _setting(
        "mail_from",
        "text",
        "",
        "Sender address of outgoing mail; the packages' allow-lists need it.",
    ),
    _setting(
        "mail_ca",
        "file",
        "",
        "Certificates that a relay's TLS is checked against. Empty: the system's.",
    ),
    _setting(
        "allow_private",
        "list",
        "",
        "host:port pairs on private addresses that connectors and relays of firms may reach.",
    ),
    _setting("connectors", "list", "", "Connector ids that may load. Empty: all that are found."),
    _setting(
        "connector_folder", "folder", "", "A folder with connectors of your own, scanned at start."
    ),
    _setting("senders", "number", "16", "Deliveries that one worker sends at the same time."),
    _setting("heartbeat", "decimal", "5", "How often a worker says that it lives.", "seconds"),
    _setting("lease", "decimal", "30", "Silence after which a worker counts as dead.", "seconds"),
    _setting(
        "sweep",
        "decimal",
        "1",
        "How often due work is looked for and dead workers are swept.",
        "seconds",
    ),
    _setting(
        "connect_timeout",
        "decimal",
        "30",
        "Longest wait for a connection or a greeting.",
        "seconds",
    ),
    _setting(
        "reply_timeout",
        "decimal",
        "300",
        "Longest wait for an answer on a mail connection.",
        "seconds",
    ),
    _setting(
        "accept_timeout",
        "decimal",
        "600",
        "Longest wait for the answer to the final dot (RFC 5321 section 4.5.3.2.6).",
        "seconds",
    ),
    _setting("max_upload", "number", "26214400", "Largest file that intake takes.", "bytes"),
    _setting("readers", "number", "1", "Child processes that read documents, per worker."),
    _setting(
        "reader_memory",
        "number",
        "536870912",
        "Memory limit of one reading child process.",
        "bytes",
    ),
    _setting("reader_timeout", "decimal", "20", "Longest time to read one document.", "seconds"),
    _setting(
        "crash_at",
        "text",
        "",
        "Name of a crash point and its count, for the crash suite: after_claim:3.",
    ),
)

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
    https: bool
    proxies: int
    listen: tuple[str, int]
    mail_relay: str
    mail_from: str
    mail_ca: Path | None
    allow_private: tuple[str, ...]
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
        message = f"{setting.variable} is {text!r}: {error}"
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


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _folder(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


_CONVERTERS: Mapping[str, Callable[[str], object]] = {
    "text": str,
    "flag": _flag,
    "number": _number,
    "count": _count,
    "decimal": _decimal,
    "address": _address,
    "list": _list,
    "folder": _folder,
    "file": _folder,
}
