"""What arrived in the stand-in for Exact Online, as its admin surface tells it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.request import Request, urlopen

_LOOK_EVERY_S = 0.2
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A document of an administration: its number there, its subject, its files by name."""

    number: int
    subject: str
    files: dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrations:
    """The administrations behind the admin surface at `url`."""

    url: str

    def documents_in(self, division: int) -> list[Arrived]:
        """Give the documents of an administration, oldest first."""
        return [self._arrived(one) for one in self._asked(f"documents?division={division}")]

    def await_documents(self, division: int, count: int) -> list[Arrived]:
        """Give the documents of an administration once there are as many, each with its file."""
        deadline = time.monotonic() + _PATIENCE_S
        found: list[Arrived] = []
        while time.monotonic() < deadline:
            found = self.documents_in(division)
            # Exact Online takes a document first and its file with the next request.
            if len(found) >= count and all(one.files for one in found):
                assert len(found) == count, [one.subject for one in found]
                return found
            time.sleep(_LOOK_EVERY_S)
        raise AssertionError(f"{len(found)} of {count} came to {division} in {_PATIENCE_S:.0f} s.")

    def count(self) -> int:
        """Count the documents of all administrations."""
        return len(self._asked("documents"))

    def clear_documents(self) -> None:
        """Throw away everything that arrived."""
        asked = Request(f"{self.url}documents", method="DELETE")  # noqa: S310  # our own server
        with urlopen(asked, timeout=10) as answer:  # noqa: S310
            answer.read()

    def _arrived(self, row: dict[str, Any]) -> Arrived:
        files = {one["file_name"]: self._get(f"attachments/{one['id']}") for one in row["files"]}
        told = {one["file_name"]: one["sha256"] for one in row["files"]}
        assert {name: sha256(data).hexdigest() for name, data in files.items()} == told
        return Arrived(number=row["hid"], subject=row["subject"], files=files)

    def _asked(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._get(path))
        return found

    def _get(self, path: str) -> bytes:
        with urlopen(f"{self.url}{path}", timeout=10) as answer:  # noqa: S310  # our own server
            content: bytes = answer.read()
        return content
