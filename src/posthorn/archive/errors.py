"""Why the archive refused something: a stable code and a sentence that says what to do."""

from __future__ import annotations

from typing import ClassVar


class ArchiveError(Exception):
    """Do what the message says; nothing was changed."""

    code: ClassVar[str] = "refused"


class IntakeError(ArchiveError):
    """Do what the message says and send the file again; nothing was taken in."""


class EmptyFileError(IntakeError):
    """Send the file again: it is empty."""

    code = "empty"


class FileTooLargeError(IntakeError):
    """Send a smaller file, or ask the operator to raise POSTHORN_MAX_UPLOAD."""

    code = "too_large"


class DoctypeError(IntakeError):
    """Ask the sender for the file without a DOCTYPE: it could change what the file says."""

    code = "xml.doctype"


class ArchiveBombError(IntakeError):
    """Send the files themselves: the ZIP file would unpack to far more than is accepted."""

    code = "archive_bomb"


class SourceReusedError(IntakeError):
    """Give other bytes another source id: this one belongs to a document with other bytes."""

    code = "source_id_reused"


class UnknownClientError(ArchiveError):
    """Choose a client of this firm."""

    code = "unknown_client"


class DocumentNotFoundError(ArchiveError):
    """Check the document's id: this firm has none under it."""

    code = "not_found"


class AlreadyReleasedError(ArchiveError):
    """Move the document to the other client instead: it was released already."""

    code = "already_released"


class NotADuplicateError(ArchiveError):
    """Approve or send the document in the usual way: nothing holds it back."""

    code = "not_a_duplicate"


class EmptyReasonError(ArchiveError):
    """Write why the document is rejected."""

    code = "empty_reason"


class CutError(ArchiveError):
    """Decide on its parts: the file was cut, and each part is a document of its own."""

    code = "cut"


class SeveralClientsError(ArchiveError):
    """Give the client all account numbers in the file, or ask the bank for a file of each."""

    code = "several_clients"
