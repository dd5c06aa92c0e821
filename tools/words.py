"""Refuses words no file may hold: download hosts, somebody's folders, open ends."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Written so that this file does not hold them itself.
FORBIDDEN = {
    "names a download host": re.compile(
        r"pythonhosted[.]org|pypi[.]org|registry[.]npmjs|deb[.]debian[.]org|astral[.]sh",
        re.IGNORECASE,
    ),
    "names a folder of one machine": re.compile(r"(?<![\w.])/(?:wor[k]|home|Users)/[A-Za-z.]"),
    "leaves an open end": re.compile(r"\b(?:TOD[O]|FIXM[E]|HAC[K])\b|# ?XX[X]\b"),
}


def findings_in(name: str, text: str) -> list[str]:
    """Give a line for each forbidden word in a file's text."""
    return [
        f"{name}:{number} {reason}: {match.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for reason, pattern in FORBIDDEN.items()
        for match in pattern.finditer(line)
    ]


def tracked_files() -> list[Path]:
    """List the files that git keeps or would keep."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    return sorted(ROOT / name for name in listed.stdout.split("\0") if name)


def main() -> int:
    """Print each forbidden word with its place; 0 when there is none."""
    found: list[str] = []
    for path in tracked_files():
        try:
            text = path.read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        found += findings_in(str(path.relative_to(ROOT)), text)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
