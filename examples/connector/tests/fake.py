"""A stand-in for the package with real state, for the conformance kit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from posthorn.sdk import Context, Response, Unavailable, Uncertain
from posthorn.sdk.testing import Cut, Stored, memory_context


class FakePackage:
    """Keeps what was put, by its address; the same address twice changes nothing."""

    base = ""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        self._writes = 0
        self._cut: Cut | None = None
        self._answers: list[Response] = []

    def context(self, settings: Mapping[str, str]) -> Context:
        return memory_context(settings, http=self)

    def stored(self) -> Sequence[Stored]:
        return [
            Stored(key=path.rpartition("/")[2], remote_id=path, content=content)
            for path, content in self.rows.items()
        ]

    def writes(self) -> int:
        return self._writes

    def cut_line(self, when: Cut) -> None:
        self._cut = when

    def refuse(self) -> None:
        self.answer(422, {"error": "the year is closed"})

    def answer(self, status: int, content: object) -> None:
        """Answer the next call in this way, keeping nothing."""
        self._answers.append(Response(status=status, body=json.dumps(content).encode()))

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        del params, headers, scope
        if self._answers:
            return self._answers.pop()
        rows = [{"id": str(number), "name": f"Client {number}"} for number in range(600)]
        content = {"name": "Firm", "rows": rows if url.endswith("/administrations") else []}
        return Response(status=200, body=json.dumps(content).encode())

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
        del method, media_type, headers, scope
        self._writes += 1
        cut, self._cut = self._cut, None
        if cut is Cut.BEFORE:
            raise Unavailable("no_line")
        answer = self._answers.pop() if self._answers else self._put(url, body)
        if cut is Cut.AFTER:
            raise Uncertain("answer_lost")
        return answer

    def _put(self, path: str, body: bytes) -> Response:
        status = 200 if path in self.rows else 201
        self.rows.setdefault(path, body)
        return Response(status=status, body=json.dumps({"id": path}).encode())
