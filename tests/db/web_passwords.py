"""What everybody in the tests types; apart, so that a browser test needs no Django."""

from __future__ import annotations

PASSWORD = "plenty-of-brass-horns"  # noqa: S105  # of nobody
