"""Refuses files over 300 lines and functions over 50, and prints the medians."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
FOLDERS = ("src", "tests", "tools", "benchmarks", "examples")
MAX_FILE = 300
MAX_FUNCTION = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Length of one file or function, in lines."""

    where: str
    lines: int


def sizes_of_functions(source: str, path: str) -> list[Size]:
    """Measure every function and method of a source, decorators and docstring left out."""
    return [
        Size(where=f"{path}:{node.lineno} {node.name}", lines=_length(node))
        for node in ast.walk(ast.parse(source, path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    documented = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    words = (documented.end_lineno or 0) - documented.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - words


def sources() -> list[Path]:
    """List our Python files; migrations are written by Django."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def over(sizes: list[Size], limit: int) -> list[str]:
    """Give a line for each size over its limit."""
    return [
        f"{size.where}: {size.lines} lines, at most {limit}" for size in sizes if size.lines > limit
    ]


def main() -> int:
    """Print what is too long and the medians; 0 when nothing is."""
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sources()}
    files = [Size(where=name, lines=len(text.splitlines())) for name, text in texts.items()]
    functions = [size for name, text in texts.items() for size in sizes_of_functions(text, name)]
    found = over(files, MAX_FILE) + over(functions, MAX_FUNCTION)
    for line in found:
        print(line)
    written = [size.lines for size in files if size.lines]
    print(f"{len(files)} files, median {median(written):.0f} lines (goal 120)")
    lengths = [size.lines for size in functions]
    print(f"{len(functions)} functions, median {median(lengths):.0f} lines (goal 10)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
