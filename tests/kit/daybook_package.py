"""The daybook itself: keeps rows and their files, honours an Idempotency-Key and nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from posthorn.sdk import Context, Response, Unavailable, Uncertain
from posthorn.sdk.testing import Cut, Stored, memory_context

Row = dict[str, Any]


class DaybookPackage:
    """One administration of the daybook; each starts empty."""

    base = ""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.write_count = 0
        self.cut: Cut | None = None
        self.refuses = False

    def context(self, settings: Mapping[str, str]) -> Context:
        return memory_context(settings, http=self)

    def stored(self) -> Sequence[Stored]:
        return [
            Stored(key=row["key"], remote_id=row["id"], content=json.dumps(_shown(row)).encode())
            for row in self.rows
        ]

    def writes(self) -> int:
        return self.write_count

    def cut_line(self, when: Cut) -> None:
        self.cut = when

    def refuse(self) -> None:
        self.refuses = True

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        del headers, scope
        path = urlsplit(url).path
        if path == "/documents":
            wanted = (params or {}).get("key")
            return _answer(200, [_head(row) for row in self.rows if row["key"] == wanted])
        return _answer(200, _LISTS.get(path, {}))

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
        del method, media_type, scope
        self.write_count += 1
        cut, self.cut = self.cut, None
        if cut is Cut.BEFORE:
            raise Unavailable("no_line")
        answer = self._written(urlsplit(url).path.split("/"), body, headers or {})
        if cut is Cut.AFTER:
            raise Uncertain("answer_lost")
        return answer

    def _written(self, path: list[str], body: bytes, headers: Mapping[str, str]) -> Response:
        if path[1:] == ["documents"]:
            return self._posted(json.loads(body), headers.get("Idempotency-Key", ""))
        found = [row for row in self.rows if path[1:] == ["documents", row["id"], "file"]]
        for row in found:
            row["file"] = row["file"] + base64.b64encode(body).decode()
        return _answer(201 if found else 204, {"id": f"F{len(found)}"})

    def _posted(self, said: Row, honoured: str) -> Response:
        refuses, self.refuses = self.refuses, False
        if refuses:
            return _answer(422, {"error": "the book is closed"})
        for row in self.rows:
            if honoured and row["honoured"] == honoured:
                return _answer(200, {"id": row["id"], "duplicate": True})
        row = {"id": f"D{len(self.rows) + 1}", "file": "", **said, "honoured": honoured}
        self.rows.append(row)
        return _answer(201, {"id": row["id"]})


_LISTS: dict[str, object] = {
    "/me": {"name": "Kantoor Peeters"},
    "/journals": [{"id": f"J{number}", "name": f"Journal {number}"} for number in range(600)],
    "/companies": [
        {"id": "C1", "code": "7", "name": "Bakkerij Janssens", "closed": False},
        {"id": "C2", "code": "8", "name": "Slagerij Peeters", "closed": True},
    ],
}


def _head(row: Row) -> Row:
    return {"id": row["id"], "has_file": bool(row["file"])}


def _shown(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}


def _answer(status: int, content: object = None) -> Response:
    return Response(status=status, body=json.dumps(content).encode())
