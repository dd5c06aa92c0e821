"""Delivers a document to the mailbox from which an accounting package imports."""

from __future__ import annotations

import re
from collections.abc import Mapping

from posthorn.connectors.email_delivery.embedded import embedded_pdf
from posthorn.connectors.email_delivery.formats import INVOICES, STATEMENTS
from posthorn.connectors.email_delivery.message import (
    Envelope,
    attachments,
    build,
    subject,
)
from posthorn.connectors.email_delivery.spec import INHERIT, SPEC
from posthorn.documents.model import Format
from posthorn.sdk import (
    OFF,
    ON,
    AddressError,
    Capability,
    Connector,
    Context,
    Depth,
    Document,
    Idempotency,
    Kind,
    Misconfigured,
    OnUnknown,
    Prepared,
    Proof,
    Receipt,
    Rejected,
    clean_address,
    destination,
)

# 7 MB is 9.6 MB once encoded: below the 10 MB per mail of the strictest mailbox that names a limit
# (TriFact365 help, "Uploaden e-mail", read 2026-11).
MAX_BYTES = 7_000_000
MESSAGE_TYPE = "message/rfc822"

_SENDER = re.compile(r"[!-~]+@[!-~]+")


def _capability(formats: Mapping[str, object]) -> Capability:
    return Capability(
        formats=frozenset(formats),
        depth=Depth.INBOX,
        # A mailbox never says whether it has seen a Message-ID before.
        idempotency=Idempotency.NONE,
        on_unknown=OnUnknown.RESEND,
        proof=Proof.SERVER,
        max_bytes=MAX_BYTES,
    )


_TAKES = {
    Kind.PURCHASE: _capability(INVOICES),
    Kind.SALES: _capability(INVOICES),
    Kind.STATEMENT: _capability(STATEMENTS),
}


class EmailDelivery(Connector):
    """One document, one mail, to the address of its kind."""

    spec = SPEC

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        """Return the same for all settings: which address is filled in is asked per delivery."""
        del settings
        return _TAKES

    def check(self, ctx: Context) -> str:
        """Return the sender's address, after the relay has let us in; sends nothing."""
        ctx.mail.check()
        return _sender(ctx)

    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        """Build the mail. Raises Rejected for a document no mail may carry."""
        _refuse(document)
        envelope = Envelope(sender=_sender(ctx), recipient=_recipient(ctx, document), key=key)
        pdf, remark = _pdf(ctx.settings, document)
        files = attachments(document, pdf)
        return Prepared(
            key=key,
            payload=build(document, envelope, files),
            media_type=MESSAGE_TYPE,
            envelope={"from": envelope.sender, "to": envelope.recipient},
            summary={
                "from": envelope.sender,
                "to": envelope.recipient,
                "subject": subject(document),
                "files": ", ".join(file.name for file in files),
                "pdf": remark,
            },
        )

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        """Hand the mail to the relay; its final reply is the proof."""
        sender, recipient = prepared.envelope["from"], prepared.envelope["to"]
        reply = ctx.mail.send(prepared.payload, sender=sender, recipient=recipient)
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


def _refuse(document: Document) -> None:
    capability = _TAKES.get(document.kind)
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


def _recipient(ctx: Context, document: Document) -> str:
    """Return the address for this kind. Raises Misconfigured naming the setting."""
    goes_to = destination(SPEC.client_settings, ctx.settings, document.kind)
    if goes_to is None or not goes_to.value:
        raise Misconfigured("missing_address", field=goes_to.field if goes_to else "")
    try:
        address = clean_address(goes_to.value)
    except AddressError as error:
        raise Misconfigured("invalid_address", field=goes_to.field) from error
    if address.casefold() == ctx.mail.sender.casefold():
        raise Misconfigured("own_address", field=goes_to.field)
    return address


def _pdf(settings: Mapping[str, str], document: Document) -> tuple[bytes | None, str]:
    """Return the PDF to send beside the document, and one word on it for the summary."""
    wish = settings.get("pdf_alongside", INHERIT)
    if (settings.get("attach_pdfs", OFF) if wish == INHERIT else wish) != ON:
        return None, "off"
    if document.kind is Kind.STATEMENT or document.format == Format.PDF:
        return None, "not_for_this_format"
    pdf = embedded_pdf(document.content)
    if pdf is None:
        return None, "none_in_document"
    if len(pdf) + len(document.content) > MAX_BYTES:
        return None, "too_large"
    return pdf, "attached"
