"""A made-up accounting package and a connector for it that keeps every promise."""

from __future__ import annotations

from tests.kit.daybook.connector import Daybook
from tests.kit.daybook.spec import SPEC

__all__ = ["SPEC", "Daybook"]
