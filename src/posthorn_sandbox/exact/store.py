"""Where everything is kept: in memory, and written through to a file when one is given."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from posthorn_sandbox.exact.contents import decode
from posthorn_sandbox.mail.settings import SandboxError

Record = dict[str, object]


class FileTakenError(SandboxError):
    """Give another file, or stop the stand-in that has this one open."""


class Store:
    """Records by table and key in the order they came, and the files that were attached.

    With a file, `commit()` puts what changed there; a killed process loses nothing it answered for.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._tables: dict[str, dict[str, Record]] = {}
        self._contents: dict[str, bytes] = {}
        self._interned: dict[bytes, bytes] = {}
        self._digests: dict[str, str] = {}
        self._is_dirty = False
        self._file = _open(path) if path is not None else None
        if self._file is not None:
            self._load(self._file)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self.commit()
            self._file.close()
            self._file = None

    def table(self, name: str) -> dict[str, Record]:
        """Return a table to read; change it through `put` and `remove` only."""
        return self._tables.setdefault(name, {})

    def put(self, table: str, key: str, record: Record) -> None:
        """Keep a record, in place of the one with its key."""
        self.table(table)[key] = record
        self._write(
            "INSERT INTO records (kind, name, body) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body",
            lambda: (table, key, json.dumps(record)),
        )

    def remove(self, table: str, key: str) -> None:
        """Throw a record away, if it is there."""
        self.table(table).pop(key, None)
        self._write("DELETE FROM records WHERE kind = ? AND name = ?", lambda: (table, key))

    def clear(self, table: str) -> None:
        """Empty a table."""
        self.table(table).clear()
        self._write("DELETE FROM records WHERE kind = ?", lambda: (table,))

    def put_content(self, key: str, encoded: bytes) -> None:
        """Keep a file's base64 under a key of its own."""
        if self._file is None:
            # The same file a thousand times takes the room of one.
            self._contents[key] = self._interned.setdefault(encoded, encoded)
        self._write(
            "INSERT OR REPLACE INTO contents (name, body) VALUES (?, ?)", lambda: (key, encoded)
        )

    def content(self, key: str) -> bytes:
        """Return a file's bytes. Raises KeyError when there are none."""
        if self._file is None:
            return decode(self._contents[key])
        row = self._file.execute("SELECT body FROM contents WHERE name = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return decode(bytes(row[0]))

    def digest(self, key: str) -> str:
        """Return the SHA-256 of a file's bytes, lower-case hex. Raises KeyError."""
        if key not in self._digests:
            self._digests[key] = hashlib.sha256(self.content(key)).hexdigest()
        return self._digests[key]

    def clear_contents(self) -> None:
        """Throw every file away."""
        for kept in (self._contents, self._interned, self._digests):
            kept.clear()
        self._write("DELETE FROM contents", tuple)

    def commit(self) -> None:
        """Put on file what changed since the last time."""
        if self._is_dirty and self._file is not None:
            self._file.execute("COMMIT")
            self._is_dirty = False

    def _write(self, statement: str, values: Callable[[], tuple[object, ...]]) -> None:
        if self._file is None:
            return
        if not self._is_dirty:
            self._file.execute("BEGIN")
            self._is_dirty = True
        self._file.execute(statement, values())

    def _load(self, file: sqlite3.Connection) -> None:
        for kind, name, body in _rows(file):
            self.table(kind)[name] = json.loads(body)


def _rows(file: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    yield from file.execute("SELECT kind, name, body FROM records ORDER BY rowid")


def _open(path: Path) -> sqlite3.Connection:
    try:
        # The server's loop runs in a thread of its own, alone.
        file = sqlite3.connect(path, timeout=0.5, isolation_level=None, check_same_thread=False)
        file.execute("PRAGMA locking_mode = EXCLUSIVE")
        file.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing by this; a machine without power may.
        file.execute("PRAGMA synchronous = OFF")
        file.execute(
            "CREATE TABLE IF NOT EXISTS records "
            "(kind TEXT, name TEXT, body TEXT, PRIMARY KEY (kind, name))"
        )
        file.execute("CREATE TABLE IF NOT EXISTS contents (name TEXT PRIMARY KEY, body BLOB)")
        file.execute("BEGIN EXCLUSIVE")
        file.execute("COMMIT")
    except sqlite3.Error as problem:
        raise FileTakenError(f"Cannot keep the state in {path}: {problem}.") from problem
    return file
