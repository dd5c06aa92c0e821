"""What a worker does for the archive in the background; found by its name in the settings."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from posthorn.archive import reading
from posthorn.archive.wakes import QUEUE, TASK


@app.task(queue=QUEUE, name=TASK)
def read_document(firm: str, document: str) -> None:
    """Read one document, unless it was read already."""
    reading.read_document(UUID(firm), UUID(document))
