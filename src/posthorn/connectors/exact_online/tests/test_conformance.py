"""The Exact Online connector keeps the promises of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from posthorn.connectors.exact_online import connector as exact_online
from posthorn.connectors.exact_online.naming import tag_of
from posthorn.connectors.exact_online.tests.fake import COMPANY, FakeExact
from posthorn.sdk.testing import Conformance


class TestExactOnline(Conformance):
    connector = exact_online
    fake = FakeExact
    settings: ClassVar[Mapping[str, str]] = {"country": "be", "company": COMPANY}

    def key_there(self, key: str) -> str:
        return tag_of(key)
