"""Why bytes were not read, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from typing import ClassVar


class DocumentError(Exception):
    """Send the file again as its sender made it, or ask the sender for a new one."""

    code: ClassVar[str] = "unreadable"

    def __init__(self, detail: str = "") -> None:
        """Take what was seen in the file; it may quote the file and is hostile text."""
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        """Return the advice, then the detail in brackets when there is one."""
        return f"{self.advice} ({self.detail})" if self.detail else self.advice

    @property
    def advice(self) -> str:
        """Return what to do, one sentence, without any words of the file."""
        return " ".join((type(self).__doc__ or "").split())


class EmptyError(DocumentError):
    """The file is empty: send it again."""

    code = "empty"


class TooLargeError(DocumentError):
    """The file is larger than this system accepts: ask for it without its large attachments."""

    code = "too_large"


class TooComplexError(DocumentError):
    """The XML nests or repeats far beyond any real document: ask the sender for a new file."""

    code = "too_complex"


class UnreadableError(DocumentError):
    """The file cannot be read as what it claims to be: ask the sender for a new file."""


class MalformedError(UnreadableError):
    """The XML is broken or cut off: ask the sender to send the complete file again."""

    code = "xml.malformed"


class XmlDoctypeError(DocumentError):
    """The XML has a DOCTYPE, which could change its amounts: ask for the file without one."""

    code = "xml.doctype"


class XmlIncludeError(DocumentError):
    """The XML wants to include other files: ask the sender for one complete file."""

    code = "xml.include"


class EnvelopeError(UnreadableError):
    """The transport envelope holds none or several documents: ask for each in a file of its own."""

    code = "envelope"


class XmlEncodingError(DocumentError):
    """The XML's character encoding is not what it says or not accepted: ask for it in UTF-8."""

    code = "xml.encoding"


class UnwritableError(DocumentError):
    """A value cannot be written as XML: take the control characters out of it, or type it anew."""

    code = "xml.unwritable"


class StatementLineError(UnreadableError):
    """A line of the CODA file is not 128 characters long: download it again from the bank."""

    code = "coda.line"


class StatementOrderError(UnreadableError):
    """Records of the CODA file are missing or out of order: download it again from the bank."""

    code = "coda.records"


class StatementValueError(UnreadableError):
    """A date, balance or version in the CODA file cannot be read: download it from the bank."""

    code = "coda.value"


class CamtKindError(UnreadableError):
    """The file is a report or advice of the bank: ask the bank for the statement, camt.053."""

    code = "camt.kind"


class CamtValueError(UnreadableError):
    """A date, amount or sign in the CAMT file cannot be read: download it again from the bank."""

    code = "camt.value"


class Mt940RecordError(UnreadableError):
    """The MT940 file is cut off or out of order: download it again from the bank."""

    code = "mt940.records"


class Mt940ValueError(UnreadableError):
    """A date, amount or number in the MT940 file cannot be read: download it from the bank."""

    code = "mt940.value"


class StatementCutError(DocumentError):
    """The statements of several accounts cannot be parted: ask the bank for a file of each."""

    code = "statement.cut"
