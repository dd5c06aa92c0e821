"""Reads a connector's sources without running them: what they import, and which codes they name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

# The engine waits, repeats and runs things side by side; the seams call; nothing else may.
_FORBIDDEN: Final = (
    "asyncio", "celery", "concurrent", "django", "ftplib", "http.client", "httpx", "poplib",
    "multiprocessing", "psycopg", "requests", "sched", "smtplib", "socket", "subprocess",
    "threading", "urllib.request",
)  # fmt: skip
_OURS: Final = ("posthorn.sdk", "posthorn.documents")
_WAITING: Final = "sleep"
_OUTCOMES: Final = frozenset(
    {"AuthorizationLost", "Misconfigured", "RateLimited", "Rejected", "Unavailable", "Uncertain"}
)
_STATUS: Final = "RemoteStatus"


def folder_of(package: str) -> Path:
    """Return the folder of an importable package."""
    with resources.as_file(resources.files(package)) as folder:
        return folder


@lru_cache(maxsize=16)
def faults_of(package: str) -> list[str]:
    """Return what the sources do that a connector must not, one sentence each."""
    return [
        f"{path.name}:{line} {fault}"
        for path, tree in _trees(package)
        for line, fault in _faults(tree, package)
    ]


@lru_cache(maxsize=16)
def codes_of(package: str) -> set[str]:
    """Return the codes that the sources give to outcomes and to statuses as plain text."""
    nodes = (node for _, tree in _trees(package) for node in ast.walk(tree))
    given = (_code_given(node) for node in nodes if isinstance(node, ast.Call))
    return {
        one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def _code_given(call: ast.Call) -> ast.expr | None:
    """Return what stands for the code in the making of an outcome or a status."""
    if _name(call.func) in _OUTCOMES and call.args:
        return call.args[0]
    if _name(call.func) == _STATUS:
        return next((one.value for one in call.keywords if one.arg == "code"), None)
    return None


@lru_cache(maxsize=16)
def _trees(package: str) -> tuple[tuple[Path, ast.Module], ...]:
    folder = folder_of(package)
    return tuple(
        (path, ast.parse(path.read_text("utf-8")))
        for path in sorted(folder.rglob("*.py"))
        if "tests" not in path.relative_to(folder).parts
    )


def _faults(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for module in _imported(node):
            if _is_within(module, _FORBIDDEN):
                yield _line(node), f"imports {module}"
            if _is_within(module, ("posthorn",)) and not _is_within(module, (*_OURS, package)):
                yield _line(node), f"imports {module}, which is not posthorn.sdk"
        if isinstance(node, ast.Attribute | ast.Name) and _name(node) == _WAITING:
            yield _line(node), "sleeps"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module


def _is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{one}.") for one in packages)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _line(node: ast.AST) -> int:
    line: int = getattr(node, "lineno", 0)
    return line
