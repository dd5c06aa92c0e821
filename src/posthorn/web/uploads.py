"""Stops files that are too large while they come in, before they fill the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, load_handler

if TYPE_CHECKING:
    from django.http import HttpRequest

_HANDLERS: Final = (
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
)


class BoundedUpload(FileUploadHandler):
    """Leaves out each file that grows past a limit, in bytes, and remembers its name."""

    def __init__(self, request: HttpRequest, max_bytes: int) -> None:
        super().__init__(request)
        self.max_bytes = max_bytes
        self.refused: list[str] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a piece on; raises SkipFile past the limit."""
        if start + len(raw_data) > self.max_bytes:
            self.refused.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
        del file_size


def bound(request: HttpRequest, max_bytes: int) -> BoundedUpload:
    """Limit the files of a request that nobody has read yet; gives who knows what was refused."""
    handler = BoundedUpload(request, max_bytes)
    others: list[Any] = [load_handler(name, request) for name in _HANDLERS]
    request.upload_handlers = [handler, *others]
    return handler
