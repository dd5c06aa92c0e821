"""Compiles the three lock files, and tells without a network whether they fit pyproject.toml."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ALL = "requirements-dev.lock"
# Each lock beside what uv compiles it from; the first settles the versions for the others.
LOCKS: dict[str, tuple[str, ...]] = {
    ALL: ("pyproject.toml", "--group", "dev"),
    "requirements.lock": ("pyproject.toml", "--constraints", ALL),
    "requirements-setup.lock": ("--group", "setup", "--constraints", ALL),
}
_UV = (
    str(Path(sys.executable).parent / "uv"),
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--generate-hashes",
)
_PLAIN = (
    "--no-emit-index-url",
    "--python-version",
    "3.11",
    "--custom-compile-command",
    "make lock",
)
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

Pins = dict[str, str]


def inputs_line(project: dict[str, Any]) -> str:
    """Give the comment that ties a lock to pyproject.toml; SHA-256 in lower-case hex."""
    asked = {
        "build": project["build-system"]["requires"],
        "groups": project["dependency-groups"],
        "packages": project["project"]["dependencies"],
        "python": project["project"]["requires-python"],
    }
    return "# inputs " + hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def pins_of(text: str) -> Pins:
    """Give the version of each package in a lock, by name."""
    return dict(_PIN.findall(text))


def findings_in(locks: dict[str, str], expected: str) -> list[str]:
    """List what is wrong with the locks' texts; empty when they are current."""
    found = [
        f"{name} does not fit pyproject.toml; run: make lock"
        for name, text in locks.items()
        if text.partition("\n")[0] != expected
    ]
    found += [f"{name} names an address" for name, text in locks.items() if "://" in text]
    settled = pins_of(locks[ALL])
    for name, text in locks.items():
        found += _strays(name, pins_of(text), settled)
        found += _unhashed(name, text)
    return found


def _strays(name: str, pins: Pins, settled: Pins) -> list[str]:
    return [
        f"{name} has {package} {version}, {ALL} has {settled.get(package, 'none')}"
        for package, version in pins.items()
        if settled.get(package) != version
    ]


def _unhashed(name: str, text: str) -> list[str]:
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    return [
        f"{name} has no hash for {entry.split()[0]}" for entry in entries if "sha256:" not in entry
    ]


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def check() -> int:
    """Print what is wrong with the locks; 0 when nothing is."""
    locks = {name: (ROOT / name).read_text("utf-8") for name in LOCKS}
    found = findings_in(locks, inputs_line(_project()))
    for line in found:
        print(line)
    return 1 if found else 0


def write(*extra: str) -> int:
    """Compile every lock anew; versions stay unless `--upgrade` is among the extra arguments."""
    line = inputs_line(_project())
    for name, source in LOCKS.items():
        path = ROOT / name
        command = (*_UV, *_PLAIN, *extra, *source, "--output-file", name)
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  # our own words only
        path.write_text(f"{line}\n{path.read_text('utf-8')}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(write(*sys.argv[2:]) if sys.argv[1:2] == ["write"] else check())
