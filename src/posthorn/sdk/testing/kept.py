"""Keeps what a release prepares, so that every later one is tried with it: files of JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

from posthorn.sdk.connector import Prepared


def read(folder: Path) -> Iterator[Prepared]:
    """Yield what is kept in a folder, by name; nothing where there is no folder."""
    for path in sorted(folder.glob("*.json")):
        said = json.loads(path.read_text("utf-8"))
        yield Prepared(
            key=said["key"],
            payload=base64.b64decode(said["payload"]),
            media_type=said["media_type"],
            envelope=said["envelope"],
            summary=said["summary"],
        )


def write(folder: Path, name: str, prepared: Prepared) -> Path:
    """Keep one in a folder, under a name that tells release and kind; gives the file."""
    said = {
        "key": prepared.key,
        "media_type": prepared.media_type,
        "envelope": dict(prepared.envelope),
        "summary": dict(prepared.summary),
        "payload": base64.b64encode(prepared.payload).decode("ascii"),
    }
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path
