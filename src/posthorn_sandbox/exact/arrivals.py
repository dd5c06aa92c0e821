"""What people made, as the admin surface tells it: documents and messages with their files."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import UTC, datetime

from posthorn_sandbox.exact.odata.schema import Row
from posthorn_sandbox.exact.resources.documents import ATTACHMENTS, DOCUMENTS
from posthorn_sandbox.exact.resources.mailboxes import MESSAGE_ATTACHMENTS, MESSAGES
from posthorn_sandbox.exact.shelves import Shelves
from posthorn_sandbox.exact.store import Store

_SHELVES = ((ATTACHMENTS, "FileName"), (MESSAGE_ATTACHMENTS, "AttachmentFileName"))

_PARENTS = {ATTACHMENTS: "Document", MESSAGE_ATTACHMENTS: "MailMessageID"}


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
        documents = self._keys(DOCUMENTS, "ID")
        messages = self._keys(MESSAGES, "ID")
        return {
            "documents": len(documents),
            "attachments": len(self._shelves.all_rows(ATTACHMENTS)),
            "documents_without_attachment": len(documents - self._keys(ATTACHMENTS, "Document")),
            "messages": len(messages),
            "message_attachments": len(self._shelves.all_rows(MESSAGE_ATTACHMENTS)),
            "messages_without_attachment": len(
                messages - self._keys(MESSAGE_ATTACHMENTS, "MailMessageID")
            ),
        }

    def newest(self, count: int) -> dict[int, list[Row]]:
        """Return the newest of each administration, newest first, for the page."""
        shown: defaultdict[int, deque[Row]] = defaultdict(lambda: deque(maxlen=count))
        for shelf, place in ((DOCUMENTS, "Division"), (MESSAGES, "ForDivision")):
            for row in self._shelves.all_rows(shelf):
                shown[_number(row[place])].append(row)
        files = self._shown_files({str(row["ID"]) for rows in shown.values() for row in rows})
        return {
            code: [_arrived(row, files.get(str(row["ID"]), [])) for row in reversed(rows)]
            for code, rows in shown.items()
        }

    def _keys(self, shelf: str, name: str) -> set[object]:
        return {row[name] for row in self._shelves.all_rows(shelf)}

    def _shown_files(self, wanted: set[str]) -> dict[str, list[Row]]:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for shelf, name in _SHELVES:
            parent = _PARENTS[shelf]
            for row in self._shelves.all_rows(shelf):
                if row[parent] in wanted:
                    file: Row = {"id": row["ID"], "file_name": row[name], "size": row["FileSize"]}
                    found[str(row[parent])].append(file)
        return found

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


def _arrived(row: Row, files: list[Row]) -> Row:
    kind = "document" if "HID" in row else "message"
    described = f" ({row['TypeDescription']})" if row.get("TypeDescription") else ""
    return {
        "number": row.get("HID", ""),
        "arrived": _wall_text(row["Created"]),
        "kind": f"{kind}, type {row['Type']}{described}",
        "subject": row["Subject"],
        "files": files,
    }


def _wall_text(milliseconds: object) -> str:
    moment = datetime.fromtimestamp(_number(milliseconds) / 1000, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _number(value: object) -> int:
    return int(str(value))
