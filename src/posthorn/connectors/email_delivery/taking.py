"""What a package's mailbox takes, as the contract has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from posthorn.connectors.email_delivery.formats import INVOICES, STATEMENTS, WIRE
from posthorn.connectors.email_delivery.presets import GENERIC, Preset, presets
from posthorn.sdk import Capability, Depth, Idempotency, Kind, OnUnknown, Proof

MAIL_MAX_BYTES = presets()[GENERIC].max_mail_bytes or 0
_XML = "xml"


def largest_document(mail_bytes: int) -> int:
    """Return how large a document may be for a mail of so many bytes.

    Base64 in lines of 76 makes 37 % more of it; 70 % leaves room for the text.
    """
    return mail_bytes * 7 // 10


@cache
def _taken(preset_id: str) -> Mapping[Kind, Capability]:
    preset = presets()[preset_id]
    formats = {
        Kind.PURCHASE: frozenset(INVOICES),
        Kind.SALES: frozenset(INVOICES),
        Kind.STATEMENT: _statements(preset),
    }
    return MappingProxyType(
        {
            kind: _capability(preset, _with_known_endings(preset, found))
            for kind, found in formats.items()
            if found and (preset.kinds is None or kind in preset.kinds)
        }
    )


def taken_by(preset: Preset) -> Mapping[Kind, Capability]:
    """Return what a package takes of each kind; a kind it does not take is missing."""
    return _taken(preset.id)


def _statements(preset: Preset) -> frozenset[str]:
    if preset.statements_supported is None:
        return frozenset(STATEMENTS)
    return frozenset(preset.statements_supported)


def _with_known_endings(preset: Preset, formats: frozenset[str]) -> frozenset[str]:
    """Return the formats whose files are read there; XML travels as a PDF where none is."""
    if preset.allowed_extensions is None:
        return formats
    read = {*preset.allowed_extensions, *({_XML} if preset.xml_ok is False else ())}
    return frozenset(one for one in formats if WIRE[one].extension in read)


def _capability(preset: Preset, formats: frozenset[str]) -> Capability:
    return Capability(
        formats=formats,
        depth=Depth.INBOX,
        # A mailbox never says whether it has seen a Message-ID before.
        idempotency=Idempotency.NONE,
        on_unknown=OnUnknown.RESEND,
        proof=Proof.SERVER,
        max_bytes=largest_document(preset.max_mail_bytes or MAIL_MAX_BYTES),
    )
