"""Delivers a document to the mailbox from which an accounting package imports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from posthorn.connectors.email_delivery.contents import Contents, contents_of
from posthorn.connectors.email_delivery.message import Envelope, build, subject
from posthorn.connectors.email_delivery.package_choice import LINK
from posthorn.connectors.email_delivery.presets import Preset, preset_of
from posthorn.connectors.email_delivery.spec import ATTACHMENT, SPEC
from posthorn.connectors.email_delivery.taking import MAIL_MAX_BYTES, taken_by
from posthorn.sdk import (
    AddressError,
    Capability,
    Connector,
    Context,
    Document,
    Kind,
    Misconfigured,
    Prepared,
    Receipt,
    Rejected,
    clean_address,
    destination,
)

MESSAGE_TYPE = "message/rfc822"
_SENDER = re.compile(r"[!-~]+@[!-~]+")


class EmailDelivery(Connector):
    """One document, one mail, to the address of its kind."""

    spec = SPEC

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        """Return what the chosen package takes; the address of a kind is asked per delivery."""
        return taken_by(preset_of(settings))

    def tells_case_apart(self, settings: Mapping[str, str]) -> bool:
        """Return whether the chosen package has mailboxes that differ in capitals alone."""
        return bool(preset_of(settings).case_sensitive)

    def check(self, ctx: Context) -> str:
        """Return the sender's address, after the relay has let us in; sends nothing."""
        ctx.mail.check()
        return _sender(ctx)

    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        """Build the mail. Raises Rejected for a document no mail to this package may carry."""
        preset = preset_of(ctx.settings)
        _refuse(document, self.capabilities(ctx.settings).get(document.kind))
        envelope = Envelope(
            sender=_sender(ctx),
            recipient=_recipient(ctx, document),
            key=key,
            reply_to=_reply_to(ctx),
        )
        mail = _mail(ctx, document, envelope, preset)
        return Prepared(
            key=key,
            payload=mail.message,
            media_type=MESSAGE_TYPE,
            envelope={"from": envelope.sender, "to": envelope.recipient},
            summary={
                "from": envelope.sender,
                "to": envelope.recipient,
                "subject": subject(document, _prefix(preset, document)),
                "files": mail.files,
                "pdf": mail.remark,
            },
        )

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        """Hand the mail to the relay; its final reply is the proof."""
        sender, recipient = prepared.envelope["from"], prepared.envelope["to"]
        reply = ctx.mail.send(
            prepared.payload,
            sender=sender,
            recipient=recipient,
            envelope_id=prepared.key,
            quotas=preset_of(ctx.settings).quotas,
        )
        envelope = Envelope(sender=sender, recipient=recipient, key=prepared.key)
        return Receipt(
            remote_id=envelope.message_id,
            evidence={
                "server": reply.server,
                "reply": reply.reply,
                "tls": reply.tls,
                "queue_id": reply.queue_id,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    """A message, and what a person reads of it."""

    message: bytes
    files: str
    remark: str


def _mail(ctx: Context, document: Document, envelope: Envelope, preset: Preset) -> _Mail:
    prefix = _prefix(preset, document)
    if ctx.settings.get("attached_as", ATTACHMENT) == LINK:
        if preset.link_mode_forbidden:
            raise Misconfigured("link_not_taken", field="attached_as", detail=preset.name)
        link = ctx.links.address(document, key=envelope.key)
        message = build(document, envelope, (), prefix=prefix, link=link)
        # Not the address: whoever may read this page may not fetch the document with it.
        return _Mail(message=message, files="", remark=LINK)
    contents: Contents | None = contents_of(document, preset, ctx.settings)
    most = preset.max_mail_bytes or MAIL_MAX_BYTES
    while contents is not None:
        message = build(document, envelope, contents.files, prefix=prefix)
        if len(message) <= most:
            names = ", ".join(file.name for file in contents.files)
            return _Mail(message=message, files=names, remark=contents.remark)
        contents = contents.without_pdf
    raise Rejected("too_large_for_mail", detail=f"{len(message)} bytes as a mail, at most {most}")


def _prefix(preset: Preset, document: Document) -> str:
    """Return how a subject of this kind must begin; empty where the package does not say."""
    credit = f"{document.kind}_credit" if document.is_credit_note else ""
    return preset.subject_prefix.get(credit) or preset.subject_prefix.get(document.kind, "")


def _refuse(document: Document, capability: Capability | None) -> None:
    if capability is None or document.format not in capability.formats:
        raise Rejected("format_not_taken", detail=document.format)
    if not document.content:
        raise Rejected("empty_document")
    if len(document.content) > capability.max_bytes:
        raise Rejected("too_large_for_mail", detail=f"{len(document.content)} bytes")


def _sender(ctx: Context) -> str:
    sender = ctx.mail.sender
    if not _SENDER.fullmatch(sender):
        raise Misconfigured("no_sender", field="relay_from")
    return sender


def _reply_to(ctx: Context) -> str:
    """Return where answers go, empty for the sender. Raises Misconfigured naming the setting."""
    given = ctx.settings.get("reply_to", "")
    try:
        return clean_address(given) if given else ""
    except AddressError as error:
        raise Misconfigured("invalid_address", field="reply_to") from error


def _recipient(ctx: Context, document: Document) -> str:
    """Return the address for this kind. Raises Misconfigured naming the setting."""
    goes_to = destination(
        SPEC.client_settings,
        ctx.settings,
        document.kind,
        is_credit_note=document.is_credit_note,
    )
    if goes_to is None or not goes_to.value:
        raise Misconfigured("missing_address", field=goes_to.field if goes_to else "")
    try:
        address = clean_address(goes_to.value)
    except AddressError as error:
        raise Misconfigured("invalid_address", field=goes_to.field) from error
    if address.casefold() == ctx.mail.sender.casefold():
        raise Misconfigured("own_address", field=goes_to.field)
    return address
