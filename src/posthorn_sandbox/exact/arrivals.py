"""What people made, as the admin surface tells it: documents and messages with their files."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from posthorn_sandbox.exact.odata.schema import Row
from posthorn_sandbox.exact.resources.documents import ATTACHMENTS, DOCUMENTS
from posthorn_sandbox.exact.resources.mailboxes import MESSAGE_ATTACHMENTS, MESSAGES
from posthorn_sandbox.exact.shelves import Shelves
from posthorn_sandbox.exact.store import Store

_SHELVES = ((ATTACHMENTS, "FileName"), (MESSAGE_ATTACHMENTS, "AttachmentFileName"))


class Arrivals:
    """Reads the shelves."""

    def __init__(self, shelves: Shelves, store: Store) -> None:
        self._shelves = shelves
        self._store = store

    def documents(self, division: int | None = None) -> list[Row]:
        """List the documents, oldest first, with their files."""
        files = self._files(ATTACHMENTS, "Document", "FileName")
        return [
            {
                "id": row["ID"],
                "division": row["Division"],
                "hid": row["HID"],
                "subject": row["Subject"],
                "type": row["Type"],
                "account": row["Account"],
                "folder": row["DocumentFolder"],
                "document_date": row["DocumentDate"],
                "created": row["Created"],
                "files": files.get(str(row["ID"]), []),
            }
            for row in self._shelves.all_rows(DOCUMENTS)
            if division in {None, row["Division"]}
        ]

    def messages(self, division: int | None = None) -> list[Row]:
        """List the messages to postboxes, oldest first, with their files."""
        files = self._files(MESSAGE_ATTACHMENTS, "MailMessageID", "AttachmentFileName")
        return [
            {
                "id": row["ID"],
                "division": row["Division"],
                "for_division": row["ForDivision"],
                "subject": row["Subject"],
                "type": row["Type"],
                "synchronization_code": row["SynchronizationCode"],
                "status": row["RecipientStatus"],
                "created": row["Created"],
                "files": files.get(str(row["ID"]), []),
            }
            for row in self._shelves.all_rows(MESSAGES)
            if division in {None, row["Division"]}
        ]

    def counts(self) -> dict[str, object]:
        """Count what arrived; a document without a file is one that is half there."""
        return self._count("documents", DOCUMENTS, ATTACHMENTS, "Document") | self._count(
            "messages", MESSAGES, MESSAGE_ATTACHMENTS, "MailMessageID"
        )

    def _count(self, name: str, whole: str, part: str, parent: str) -> dict[str, object]:
        keys = {row["ID"] for row in self._shelves.all_rows(whole)}
        files = self._shelves.all_rows(part)
        return {
            name: len(keys),
            f"{name}_attachments": len(files),
            f"{name}_without_attachment": len(keys - {row[parent] for row in files}),
        }

    def by_division(self) -> dict[int, list[Row]]:
        """Return what the page shows for each administration, newest first."""
        shown: defaultdict[int, list[Row]] = defaultdict(list)
        for row in self.documents():
            shown[_number(row["division"])].append(
                {
                    "number": row["hid"],
                    "arrived": _wall_text(row["created"]),
                    "kind": f"document, type {row['type']}",
                    "subject": row["subject"],
                    "files": row["files"],
                }
            )
        for row in self.messages():
            shown[_number(row["for_division"])].append(
                {
                    "number": "",
                    "arrived": _wall_text(row["created"]),
                    "kind": f"message, type {row['type']}",
                    "subject": row["subject"],
                    "files": row["files"],
                }
            )
        return {code: rows[::-1] for code, rows in shown.items()}

    def find_file(self, key: str) -> str | None:
        """Return an attachment's name."""
        for shelf, field in _SHELVES:
            row = self._shelves.find_anywhere(shelf, key)
            if row is not None:
                return str(row[field])
        return None

    def _files(self, shelf: str, parent: str, name: str) -> dict[str, list[Row]]:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._shelves.all_rows(shelf):
            found[str(row[parent])].append(self._file(row, name))
        return found

    def _file(self, row: Row, name: str) -> Row:
        return {
            "id": row["ID"],
            "file_name": row[name],
            "size": row["FileSize"],
            "sha256": self._store.digest(str(row["ID"])),
            "created": row["_at"],
        }


def _wall_text(milliseconds: object) -> str:
    moment = datetime.fromtimestamp(_number(milliseconds) / 1000, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _number(value: object) -> int:
    return int(str(value))
