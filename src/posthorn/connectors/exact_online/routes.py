"""The two ways into an administration: its documents, and its digital postbox.

Both are one entity with our key in its subject, and one attachment for each file. Fields as in
Exact's reference (Pi-Systems/exact-online, generated 2025-07) and recorded live in June 2026.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.accounts import account_of
from posthorn.connectors.exact_online.calls import Calls
from posthorn.connectors.exact_online.odata import Entity
from posthorn.connectors.exact_online.settings import ROUTE
from posthorn.connectors.exact_online.settings import Route as Way
from posthorn.connectors.exact_online.shipment import File, Shipment
from posthorn.sdk import Misconfigured

_POSTBOX_LASTS: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a route's entities are called."""

    entity: str
    entity_fields: str  # to be read when looking
    attachment: str
    owner: str  # field of an attachment that names its entity
    file_name: str  # field of an attachment


class Route(Protocol):
    """One way into an administration."""

    resources: Resources

    def entity(self, calls: Calls, shipment: Shipment) -> Mapping[str, object]:
        """Return what is posted first; looks up what it needs. Raises an outcome."""
        ...

    def attachment(self, owner: str, file: File) -> Mapping[str, object]:
        """Return what is posted for a file."""
        ...


class Documents:
    """Route A: a document of the administration's own, with its files attached."""

    resources = Resources(
        entity="documents/Documents",
        entity_fields="ID,Subject,Type,HID,Created",
        attachment="documents/DocumentAttachments",
        owner="Document",
        file_name="FileName",
    )

    def entity(self, calls: Calls, shipment: Shipment) -> Mapping[str, object]:
        """Return the document; its account is looked up by VAT number."""
        wanted = {
            "Subject": shipment.subject,
            "Type": shipment.type,
            "DocumentDate": shipment.date,
            "DocumentFolder": shipment.folder,
            "Account": account_of(calls, shipment.vat_number),
        }
        return {name: value for name, value in wanted.items() if value != ""}

    def attachment(self, owner: str, file: File) -> Mapping[str, object]:
        """Return one file of the document."""
        return {"Document": owner, "FileName": file.name, "Attachment": _encoded(file)}


class Mailbox:
    """Route B: a message from the administration's digital postbox to itself."""

    resources = Resources(
        entity="mailbox/MailMessagesSent",
        entity_fields="ID,Subject,Type,Created",
        attachment="mailbox/MailMessageAttachments",
        owner="MailMessageID",
        file_name="AttachmentFileName",
    )

    def entity(self, calls: Calls, shipment: Shipment) -> Mapping[str, object]:
        """Return the message; the postbox is looked up where none was chosen."""
        postbox = shipment.mailbox or _default_postbox(calls)
        wanted: dict[str, object] = {
            "RecipientMailboxID": postbox,
            "SenderMailboxID": postbox,
            "Subject": shipment.subject,
            "Type": shipment.type,
        }
        if shipment.for_company:
            wanted["ForDivision"] = int(shipment.company)
        return wanted

    def attachment(self, owner: str, file: File) -> Mapping[str, object]:
        """Return one file of the message."""
        return {
            "MailMessageID": owner,
            "AttachmentFileName": file.name,
            "Attachment": _encoded(file),
            "Type": file.type,
        }


ROUTES: Final[Mapping[Way, Route]] = {Way.DOCUMENTS: Documents(), Way.MAILBOX: Mailbox()}


def _encoded(file: File) -> str:
    return b64encode(file.content).decode("ascii")


def _default_postbox(calls: Calls) -> str:
    """Return the key of the company's own postbox. Raises Misconfigured when it has none."""
    memory, name = calls.ctx.memory, f"postbox.{calls.company}"
    known = memory.recall(name)
    if known:
        return known
    found: Entity = calls.one("read/mailbox/DefaultMailbox", select="ID,Mailbox,ForDivision") or {}
    postbox = odata.guid(found.get("ID"))
    if not postbox:
        raise Misconfigured("no_postbox", field=ROUTE)
    memory.keep(name, postbox, lasts=_POSTBOX_LASTS)
    return postbox
