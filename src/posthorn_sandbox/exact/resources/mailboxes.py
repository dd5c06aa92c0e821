"""`mailbox/…`: the digital postboxes, what was sent to them, and its attachments."""

from __future__ import annotations

from collections.abc import Mapping

from posthorn_sandbox.exact.house import Refusal, Visit
from posthorn_sandbox.exact.odata.schema import Row, Spec, parse_fields
from posthorn_sandbox.exact.resources.resource import Resource, demand, put_away
from posthorn_sandbox.exact.texts import Text
from posthorn_sandbox.exact.world import Division, named_guid

MESSAGES = "mailbox/MailMessagesSent"
MESSAGE_ATTACHMENTS = "mailbox/MailMessageAttachments"
FEATURE = "Mailbox"
_PREPARED, _PROCESSED = 25, 50
_MAILBOX = parse_fields(
    """
    ID:guid Account:guid AccountName:text Created:date Creator:guid CreatorFullName:text
    Description:text ForDivision:int ForDivisionDescription:text IsScanServiceMailbox:bool
    Mailbox:text Modified:date Modifier:guid ModifierFullName:text Publish:int Type:int
    ValidFrom:date ValidTo:date
    """
)
_MESSAGE = parse_fields(
    """
    ID:guid Bank:guid+ BankAccount:text+ Country:country Created:date Creator:guid
    CreatorFullName:text ForDivision:int+ Modified:date Modifier:guid ModifierFullName:text
    Operation:int+ OriginalMessage:guid+ OriginalMessageSubject:text PartnerKey:guid+
    Quantity:double RecipientAccount:guid RecipientDeleted:int RecipientMailbox:text
    RecipientMailboxDescription:text RecipientMailboxID:guid! RecipientStatus:int
    RecipientStatusDescription:text SenderAccount:guid SenderDateSent:date SenderDeleted:int
    SenderIPAddress:text SenderMailbox:text SenderMailboxDescription:text SenderMailboxID:guid!
    Subject:text! SynchronizationCode:text+ Type:int+
    """
)
_ATTACHMENT = parse_fields(
    """
    ID:guid Attachment:bytes! AttachmentFileExtension:text AttachmentFileName:text! FileSize:double
    MailMessageID:guid! MailMessageOrigin:int RecipientAccount:guid SenderAccount:guid Type:int+
    TypeDescription:text Url:text
    """
)
_STATUSES = {_PREPARED: "Prepared", _PROCESSED: "Processed"}


class Mailboxes(Resource):
    """`mailbox/Mailboxes`: one postbox for each administration of the licence."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the postboxes of the licence that owns the administration."""
        return [
            mailbox_of(visit, one)
            for one in visit.house.world.divisions.values()
            if one.licence == visit.division.licence
        ]

    def find(self, visit: Visit, key: str) -> Row | None:
        """Return one postbox."""
        return next((row for row in self.rows(visit) if row["ID"] == key), None)


class DefaultMailbox(Resource):
    """`read/mailbox/DefaultMailbox`: the administration's own postbox."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the one postbox."""
        return [mailbox_of(visit, visit.division)]


class Messages(Resource):
    """`mailbox/MailMessagesSent`: nobody can delete or correct one."""

    def finish(self, visit: Visit, row: Row) -> None:
        """Name both postboxes and say how far it is. Raises Refusal."""
        known = {str(box["ID"]): box for box in Mailboxes(self.spec).rows(visit)}
        for side in ("Sender", "Recipient"):
            box = known.get(str(row[f"{side}MailboxID"]))
            if box is None:
                raise Refusal(500, Text.UNKNOWN, name=f"{side}Mailbox")
            row[f"{side}Mailbox"] = box["Mailbox"]
            row[f"{side}MailboxDescription"] = box["Description"]
            row[f"{side}Account"] = box["Account"]
        if row.get("ForDivision") is None:
            row["ForDivision"] = known[str(row["RecipientMailboxID"])]["ForDivision"]
        if row.get("Type") is None:
            row["Type"] = 0
        row["SenderDateSent"] = visit.wall_ms
        self._set_status(row, _PREPARED)

    def _set_status(self, row: Row, status: int) -> None:
        row["RecipientStatus"] = status
        row["RecipientStatusDescription"] = _STATUSES[status]


class MessageAttachments(Resource):
    """`mailbox/MailMessageAttachments`: the bytes go to the store."""

    def create(self, visit: Visit, given: Mapping[str, object]) -> Row:
        """Attach to a message of this administration. Raises Refusal."""
        row = super().create(visit, given)
        if row["Type"] in visit.house.switches.processed_file_types:
            shelves = visit.house.shelves
            message = shelves.find(MESSAGES, visit.division.code, str(row["MailMessageID"]))
            if message is not None:
                done: Row = {
                    "RecipientStatus": _PROCESSED,
                    "RecipientStatusDescription": "Processed",
                }
                shelves.put(MESSAGES, message | done)
        return row

    def finish(self, visit: Visit, row: Row) -> None:
        """Put the bytes away. Raises Refusal."""
        demand(visit, self.spec, row)
        shelves = visit.house.shelves
        if shelves.find(MESSAGES, visit.division.code, str(row["MailMessageID"])) is None:
            raise Refusal(500, Text.UNKNOWN, name="MailMessageID")
        put_away(visit, row)
        name = str(row["AttachmentFileName"])
        row["AttachmentFileExtension"] = name.rpartition(".")[2] if "." in name else None
        row["Type"] = row["Type"] or 0


def mailbox_of(visit: Visit, division: Division) -> Row:
    """Return an administration's postbox."""
    licence = visit.house.world.licence(division.licence)
    return {
        "ID": named_guid("mailbox", division.code),
        "Account": licence.guid,
        "AccountName": licence.name,
        "Description": division.description,
        "ForDivision": division.code,
        "ForDivisionDescription": division.description,
        "IsScanServiceMailbox": False,
        "Mailbox": f"{division.code}@postbox.exact.example",
        "Publish": 0,
        "Type": 0,
    }


def mailbox_resources() -> list[Resource]:
    """List the resources of this service."""
    verbs = frozenset({"GET", "POST"})
    return [
        Mailboxes(
            Spec(
                path="mailbox/Mailboxes",
                type_name="Mailbox.Mailbox",
                fields=_MAILBOX,
                feature=FEATURE,
            )
        ),
        DefaultMailbox(
            Spec(
                path="read/mailbox/DefaultMailbox",
                type_name="Mailbox.DefaultMailbox",
                fields=_MAILBOX,
                feature=FEATURE,
            )
        ),
        Messages(
            Spec(
                path=MESSAGES,
                type_name="Mailbox.MailMessagesSent",
                fields=_MESSAGE,
                verbs=verbs,
                feature=FEATURE,
            )
        ),
        MessageAttachments(
            Spec(
                path=MESSAGE_ATTACHMENTS,
                type_name="Mailbox.MailMessageAttachment",
                fields=_ATTACHMENT,
                verbs=verbs,
                feature=FEATURE,
            )
        ),
    ]
