"""A stand-in for Exact Online with real state: companies, documents, messages, files."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from posthorn.sdk import Context, Response, Unavailable, Uncertain
from posthorn.sdk.testing import Cut, Stored, memory_context

BASE = "https://start.exactonline.be"
COMPANY = "3400123"
POSTBOX = "0b0b0b0b-1111-4222-8333-444444444444"
PAGE = 60
_EQUALS = re.compile(r"(\w+) eq (?:'((?:[^']|'')*)'|guid'([^']*)'|([0-9]+))")
_TAG = re.compile(r"\[pex:[a-z2-7]{12}\]$")
_FILES = {
    "documents/Documents": ("documents/DocumentAttachments", "Document", "FileName"),
    "mailbox/MailMessagesSent": (
        "mailbox/MailMessageAttachments",
        "MailMessageID",
        "AttachmentFileName",
    ),
}

Row = dict[str, Any]
Answer = Response | Exception


def guid(number: int) -> str:
    return f"5f0c0000-0000-4000-8000-{number:012x}"


def answer(status: int, content: object = None, **headers: str) -> Response:
    """Return an answer with JSON in it; headers with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers=named, body=json.dumps(content).encode())


def refusal(status: int, message: str, **headers: str) -> Response:
    """Return an answer with Exact's error envelope."""
    said = {"error": {"code": "", "message": {"lang": "", "value": message}}}
    return answer(status, said, **headers)


def division(code: int, hid: str, name: str, **changed: object) -> Row:
    """Return one company as `system/Divisions` lists it."""
    return {
        "Code": code,
        "Hid": hid,
        "Description": name,
        "CustomerName": "Kantoor Maes",
        "Country": "BE ",
        "VATNumber": "BE0123456749",
        "Status": 1,
        "BlockingStatus": 0,
        **changed,
    }


@dataclass(slots=True)
class FakeExact:
    """Answers as Exact does; `on_write` may replace or follow the answer of one write."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    calls: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    base: str = BASE
    writes_seen: int = 0
    instead: list[Answer] = field(default_factory=list)  # of the next writes, nothing is kept
    afterwards: list[Answer | None] = field(default_factory=list)  # kept, and then this answer
    on_read: Callable[[str], Answer | None] | None = None
    refuses: Mapping[int, Response] = field(default_factory=dict)  # by the number of the write

    def __post_init__(self) -> None:
        self.tables = {
            "system/Divisions": [division(int(COMPANY), "7", "Bakkerij Janssens BV")],
            "documents/Documents": [],
            "documents/DocumentAttachments": [],
            "documents/DocumentTypes": [
                {"ID": number, "Description": f"Type {number}", "DocumentIsCreatable": number != 3}
                for number in range(1, 601)
            ],
            "documents/DocumentFolders": [
                {"ID": guid(900), "Code": "  01", "Description": "Facturen"}
            ],
            "mailbox/Mailboxes": [
                {"ID": POSTBOX, "Mailbox": "janssens@exact", "ForDivision": int(COMPANY)}
            ],
            "read/mailbox/DefaultMailbox": [{"ID": POSTBOX, "Mailbox": "janssens@exact"}],
            "mailbox/MailMessagesSent": [],
            "mailbox/MailMessageAttachments": [],
            "crm/Accounts": [],
        }

    def context(self, settings: Mapping[str, str]) -> Context:
        return memory_context(settings, http=self)

    def writes(self) -> int:
        return self.writes_seen

    def cut_line(self, when: Cut) -> None:
        if when is Cut.BEFORE:
            self.instead.append(Unavailable("no_line"))
        else:
            self.afterwards.append(Uncertain("answer_lost"))

    def refuse(self) -> None:
        self.instead.append(refusal(400, "Ongeldige request"))

    def stored(self) -> Sequence[Stored]:
        return [
            Stored(key=key_in(row["Subject"]), remote_id=row["ID"], content=self.content_of(row))
            for table in _FILES
            for row in self.tables[table]
        ]

    def content_of(self, row: Row) -> bytes:
        """Return what a person would find: what was said of it, then each file's name and bytes."""
        own = ("ID", "HID", "Created", "RecipientStatus", "ProposedEntryStatus")
        said = {name: value for name, value in sorted(row.items()) if name not in own}
        files = self.files_of(row["ID"])
        return json.dumps(said).encode() + b"".join(
            f"\n{name} {len(content)}\n".encode() + content for name, content in files
        )

    def files_of(self, owner: str) -> list[tuple[str, bytes]]:
        return [
            (row[name], base64.b64decode(row["bytes"]))
            for table, owned_by, name in _FILES.values()
            for row in self.tables[table]
            if row[owned_by] == owner
        ]

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        assert (headers or {})["Accept"] == "application/json"
        query = dict(params or {})
        self.calls.append(("GET", url, query))
        said = self.on_read(url) if self.on_read else None
        if said is not None:
            return given(said)
        if url == "/api/v1/current/Me":
            return answer(200, {"d": {"results": [ME]}})
        assert scope == url.split("/")[3]
        return self._listed(url, query)

    def write(
        self,
        method: str,
        url: str,
        *,
        body: bytes,
        media_type: str,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        assert (method, media_type) == ("POST", "application/json")
        assert (headers or {})["Prefer"] == "return=representation"
        assert scope == url.split("/")[3]
        self.calls.append((method, url, {}))
        self.writes_seen += 1
        if self.instead:
            return given(self.instead.pop(0))
        if self.writes_seen in self.refuses:
            return self.refuses[self.writes_seen]
        made = self._created(url.split("/", 4)[4], json.loads(body))
        after = self.afterwards.pop(0) if self.afterwards else None
        return given(after) if after is not None else made

    def _created(self, resource: str, content: Row) -> Response:
        rows = self.tables[resource]
        number = sum(map(len, self.tables.values()))
        row: Row = {"ID": guid(number), **content}
        if "Attachment" in content:
            row["bytes"] = row.pop("Attachment")
            row["FileSize"] = float(len(base64.b64decode(row["bytes"])))
        else:
            row["HID"] = 20 + len(rows)
            row["Created"] = f"/Date({1795178328217 + number})/"
        rows.append(row)
        shown = {name: value for name, value in row.items() if name != "bytes"}
        return answer(201, {"d": {"__metadata": {"uri": "x", "type": "y"}, **shown}})

    def _listed(self, url: str, query: Mapping[str, str]) -> Response:
        assert "$select" in query
        resource = url.split("/", 4)[4]
        rows = [row for row in self.tables[resource] if _fits(row, query.get("$filter", ""))]
        wanted = query["$select"].split(",")
        shown = [{name: row.get(name) for name in wanted} for row in rows]
        if "$top" in query:
            return answer(200, {"d": shown[: int(query["$top"])]})
        start = int(query.get("$skiptoken", "0"))
        page: Row = {"results": shown[start : start + PAGE]}
        if len(shown) > start + PAGE:
            following = urlencode({**query, "$skiptoken": str(start + PAGE)})
            page["__next"] = f"{self.base}{url}?{following}"
        return answer(200, {"d": page})


ME: Row = {
    "UserID": guid(1),
    "UserName": "an.maes",
    "FullName": "An Maes",
    "Email": "an@maes.example",
    "CurrentDivision": 3400001,
    "DivisionCustomerName": "Kantoor Maes",
}


def given(said: Answer) -> Response:
    """Return an answer, or raise what takes its place."""
    if isinstance(said, Exception):
        raise said
    return said


def key_in(subject: str) -> str:
    found = _TAG.search(subject)
    return found.group() if found else ""


def _fits(row: Row, wanted: str) -> bool:
    if not wanted:
        return True
    found = _EQUALS.fullmatch(wanted)
    assert found, f"the stand-in reads no filter {wanted!r}"
    name, text, key, number = found.groups()
    if text is not None:
        return bool(row.get(name) == text.replace("''", "'"))
    return bool(row.get(name) == (key if key is not None else int(number)))
