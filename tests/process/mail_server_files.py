"""The configuration of the Postfix and Dovecot that a test starts: all of it in its own folder."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Ports = Mapping[str, int]

PASSWORD = "loopback-only"  # noqa: S105  of servers that live for one test run
MAILBOXES = "pakket.example"
REFUSING = "weigert.example"
SENDERS = "kantoor.example"
RETURNS = "terug.posthorn.example"
IMPORTS = "import.example"
MAX_BYTES = 3_000_000

_DOVECOT = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
mailbox_list_index = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.posthorn.test
myorigin = $myhostname
mydestination =
alias_maps =
local_recipient_maps =
mynetworks =
smtp_dns_support_level = disabled
virtual_mailbox_domains = {mailboxes}, {senders}, {returns}
virtual_mailbox_maps = regexp:{folder}/postfix/mailboxes, regexp:{folder}/postfix/senders
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
relay_domains = {refusing}, {imports}
transport_maps = texthash:{folder}/postfix/transport
message_size_limit = {max_bytes}
virtual_mailbox_limit = 0
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_tls_loglevel = 0
smtpd_client_connection_rate_limit = 0
notify_classes =
"""
# Debian's own services (master.cf.proto of Postfix 3.7) without their chroot.
_INTERNAL = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def write_dovecot(folder: Path, ports: Ports) -> None:
    """Write a server that keeps everybody's mail and lets everybody in by the one password."""
    mail = folder / "mail"
    mail.mkdir()
    shutil.chown(mail, "nobody", "nogroup")
    named = {name: ports[name] for name in ("imap", "lmtp", "auth")}
    text = _DOVECOT.format(folder=folder, password=PASSWORD, **named)
    (folder / "dovecot.conf").write_text(text, "utf-8")


def write_postfix(folder: Path, ports: Ports, refusing: tuple[str, int]) -> None:
    """Write a relay with several doors; mail for one domain goes to a server that refuses it."""
    conf, data = folder / "postfix", folder / "data"
    for one in (conf, folder / "queue", data):
        one.mkdir()
    shutil.chown(data, "postfix", "postfix")
    (conf / "mailboxes").write_text(f"/^(box|inkoop|verkoop|bank)[a-z0-9._+-]*@{MAILBOXES}$/ ok\n")
    (conf / "senders").write_text(f"/@({SENDERS}|{RETURNS})$/ ok\n")
    # Taken at the door, refused by the next server: what makes a notice of a failure (RFC 3464).
    host, port = refusing
    (conf / "transport").write_text(
        "".join(f"{domain} smtp:[{host}]:{port}\n" for domain in (REFUSING, IMPORTS))
    )
    text = _MAIN.format(
        folder=folder,
        mailboxes=MAILBOXES,
        senders=SENDERS,
        refusing=REFUSING,
        returns=RETURNS,
        imports=IMPORTS,
        max_bytes=MAX_BYTES,
        lmtp=ports["lmtp"],
        auth=ports["auth"],
    )
    (conf / "main.cf").write_text(text, "utf-8")
    (conf / "master.cf").write_text(_doors(folder, ports) + _INTERNAL, "utf-8")


def _doors(folder: Path, ports: Ports) -> str:
    policy = f"check_policy_service,inet:127.0.0.1:{ports['policy']}"
    return "\n".join(
        [
            _door(ports, "open"),
            _door(ports, "grey", f"smtpd_recipient_restrictions={policy}"),
            *(
                _door(
                    ports,
                    name,
                    "smtpd_tls_security_level=encrypt",
                    f"smtpd_tls_cert_file={folder}/tls/{name}/host.pem",
                    f"smtpd_tls_key_file={folder}/tls/{name}/host.key",
                    "smtpd_sasl_auth_enable=yes",
                    "smtpd_client_restrictions=permit_sasl_authenticated,reject",
                )
                for name in ("login", "expired", "elsewhere")
            ),
        ]
    )


def _door(ports: Ports, name: str, *options: str) -> str:
    lines = [f"127.0.0.1:{ports[name]} inet n - n - - smtpd"]
    return "\n".join([*lines, *(f"  -o {option}" for option in options)])
