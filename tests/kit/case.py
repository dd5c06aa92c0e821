"""The case of the sound connector; a broken one is tried in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import ClassVar

from posthorn.sdk import Connector, Prepared
from posthorn.sdk.testing import Conformance
from tests.kit.daybook import Daybook
from tests.kit.daybook_package import DaybookPackage

SETTINGS = {"api_key": "s3cret-of-the-firm", "book": "2026"}
# As release 0.9 wrote it: no party yet.
OLDER = Prepared(
    key="older-key",
    payload=json.dumps(
        {"key": "older-key", "book": "2025", "number": "1", "file": "QQ=="}
    ).encode(),
    media_type="application/json",
)


class DaybookCase(Conformance):
    """Not named as a test, so that it is collected only where it is meant to be."""

    connector: ClassVar[type[Connector]] = Daybook
    fake = DaybookPackage
    settings: ClassVar[Mapping[str, str]] = SETTINGS
    package = "tests.kit.daybook"

    def kept(self) -> Sequence[Prepared]:
        return [OLDER]


def case_for(tried: type[Connector], package: str = "tests.kit.daybook") -> type[Conformance]:
    """Return the case of another connector, or of one whose texts are in another package."""

    class Case(DaybookCase):
        connector = tried

    Case.package = package
    return Case
