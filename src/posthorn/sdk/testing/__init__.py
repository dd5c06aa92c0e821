"""The conformance kit: everything a connector's author needs to prove the contract."""

from __future__ import annotations

from posthorn.sdk.testing.conformance import Conformance
from posthorn.sdk.testing.documents import sample
from posthorn.sdk.testing.package import Cut, FakePackage, Stored
from posthorn.sdk.testing.seams import (
    MemoryLinks,
    MemoryLog,
    MemoryProgress,
    NoHttp,
    NoMail,
    memory_context,
)

__all__ = [
    "Conformance",
    "Cut",
    "FakePackage",
    "MemoryLinks",
    "MemoryLog",
    "MemoryProgress",
    "NoHttp",
    "NoMail",
    "Stored",
    "memory_context",
    "sample",
]
