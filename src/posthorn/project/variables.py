"""The POSTHORN_… variables there are: name, kind, default, unit and what each is for."""

from __future__ import annotations

from dataclasses import dataclass


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


def _secret(name: str, help_text: str, *, kind: str = "text") -> Setting:
    return Setting(name=name, kind=kind, default="", help=help_text, is_secret=True)


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
    _setting("link_days", "number", "30", "How long a download link in a mail works.", "days"),
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
        "bounce_domain",
        "domain",
        "",
        "Domain whose mail comes back to Posthorn, for bounces: each mail's envelope sender names"
        " it. Empty: bounces go to the sender address.",
    ),
    _setting(
        "bounce_listen",
        "text",
        "",
        "Where bounces are taken in: lmtp://127.0.0.1:2424 or smtp://127.0.0.1:2525; or nowhere.",
    ),
    _secret(
        "bounce_mailbox",
        "Mailbox that is read for bounces: imaps://user:password@host:993/INBOX.",
    ),
    _setting(
        "bounce_poll", "decimal", "60", "How often the mailbox for bounces is read.", "seconds"
    ),
    _setting(
        "mail_ca",
        "file",
        "",
        "Certificates that a relay's TLS is checked against. Empty: the system's.",
    ),
    _setting(
        "mail_limits",
        "limits",
        "",
        "What a relay (host:port, *) or a recipient's domain (@domain, @*) bears:"
        " @import.example=4 connections of each worker, smtp.example:587=600/min of all together.",
    ),
    _setting(
        "mail_addresses",
        "list",
        "",
        "Where mail leaves to the internet, as SPF writes it: ip4:203.0.113.7, include:spf.example."
        " Empty: the relay's own addresses.",
    ),
    _setting(
        "dns",
        "servers",
        "",
        "Name servers (address:port) that *Check my domain* asks. Empty: the system's.",
    ),
    _setting(
        "allow_private",
        "list",
        "",
        "host:port pairs on private addresses that connectors and relays of firms may reach;"
        " the operator's relay without TLS elsewhere than on this machine, too.",
    ),
    _setting(
        "public_url",
        "origin",
        "",
        "The site's own address as people reach it, https://posthorn.firm.example: download links"
        " and the notices that people are mailed lead there, and packages send people back to it"
        " after signing in. Empty: there are none.",
    ),
    _secret(
        "sites",
        "Your registrations at the packages people sign in to, TOML: [exact_online.be] with"
        " client_id, client_secret and, for a stand-in, base.",
        kind="sites",
    ),
    _setting(
        "several_accounts",
        "flag",
        "no",
        "A firm may sign in to one package as several users at the same time.",
    ),
    _setting(
        "http_ca",
        "file",
        "",
        "Certificates that a package's TLS is checked against. Empty: the system's.",
    ),
    _setting(
        "http_timeout",
        "decimal",
        "60",
        "Longest time of one call to a package, from connecting to the end of its answer.",
        "seconds",
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
        "60",
        "Longest wait for an answer on a mail connection, but for the final dot's.",
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
