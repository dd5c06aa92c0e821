"""Asks mypy whether a connector's sources are fully and rightly typed; needs mypy installed."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

_LIMIT_S = 300


def can_be_asked() -> bool:
    """Tell whether mypy is installed here."""
    return find_spec("mypy") is not None


def type_faults(folder: Path) -> list[str]:
    """Return what `mypy --strict` says of a package's own files, a line each."""
    # Nothing of the folder one stands in counts: no settings, no plugins.
    options = ["--strict", "--config-file=", "--follow-imports=silent", "--no-error-summary"]
    files = [
        str(path)
        for path in sorted(folder.rglob("*.py"))
        if "tests" not in path.relative_to(folder).parts
    ]
    asked = subprocess.run(  # noqa: S603  our own Python and the package's files
        [sys.executable, "-m", "mypy", *options, *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT_S,
    )
    return [line for line in asked.stdout.splitlines() if ": error:" in line]
