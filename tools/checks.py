"""Runs every check but the tests, two at a time, and tells all that failed: `make check`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
CODE = ("src", "tests", "tools", "benchmarks", "examples", "conftest.py")
TEMPLATES = "src/posthorn/web/templates"
# Type checking imports the settings: these keep it off the data folder of whoever runs it.
SETTINGS_FOR_TYPES = {
    "POSTHORN_DATABASE_URL": "postgresql://types:types@127.0.0.1/types",
    "POSTHORN_SECRET_KEY": "types",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One command that must end with code 0."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a check ended."""

    check: Check
    is_passed: bool
    seconds: float
    output: str


def _tool(name: str, *arguments: str) -> Check:
    return Check(name=" ".join((name, *arguments[:1])), command=(str(BIN / name), *arguments))


def _own(module: str, *arguments: str) -> Check:
    return Check(name=module, command=(sys.executable, "-m", module, *arguments))


def checks() -> list[Check]:
    """List the checks, the slowest first."""
    code = [folder for folder in CODE if (ROOT / folder).exists()]
    listed = [
        Check(name="mypy", command=(str(BIN / "mypy"), *code)),
        Check(name="lint-imports", command=(str(BIN / "lint-imports"), "--no-logo")),
        _tool("ruff", "check", "--quiet", *code),
        _tool("ruff", "format", "--check", "--quiet", "--diff", *code),
        _tool("deptry", "src"),
        _tool("codespell", *code, "docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
        _own("tools.docs", "--check"),
        _own("tools.locks"),
        _own("tools.messages", "--check"),
        _own("tools.sizes"),
        _own("tools.words"),
    ]
    if any((ROOT / TEMPLATES).rglob("*.html")):
        listed.append(_tool("djlint", TEMPLATES, "--lint", "--quiet"))
    return listed


def run(check: Check) -> Result:
    """Run one check to its end."""
    started = time.monotonic()
    ended = subprocess.run(  # noqa: S603  # the commands above
        check.command,
        cwd=ROOT,
        env={**os.environ, **SETTINGS_FOR_TYPES},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    return Result(
        check=check, is_passed=ended.returncode == 0, seconds=seconds, output=ended.stdout
    )


def report(result: Result) -> None:
    """Print a check's line, and its output when it failed."""
    word = "ok" if result.is_passed else "FAILED"
    print(f"{word:<7}{result.check.name:<16}{result.seconds:6.1f} s", flush=True)
    if not result.is_passed:
        print(result.output, flush=True)


def main(wanted: list[str]) -> int:
    """Run the checks whose name holds one of the wanted words, or all; 0 when every one passed."""
    chosen = [one for one in checks() if not wanted or any(word in one.name for word in wanted)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(run, chosen))
    for result in results:
        report(result)
    failed = [result.check.name for result in results if not result.is_passed]
    print(f"{len(results) - len(failed)} checks passed, {len(failed)} failed", *failed)
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
