"""Writes the generated pages anew, or with `--check` only says which are out of date."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Each page beside the module that renders it.
PAGES = {
    "docs/reference/settings.md": "tools.docs.settings_page",
    "docs/reference/states.md": "tools.docs.states_page",
    "docs/reference/cli.md": "tools.docs.command_line_page",
    "docs/reference/connectors.md": "tools.docs.connectors_page",
    "docs/reference/packages.md": "tools.docs.packages_page",
    "docs/reference/rules.md": "tools.docs.rules_page",
}


def render(module: str) -> str:
    """Give the text of the page that a module renders."""
    text: str = importlib.import_module(module).render()
    return text


def main(*, is_check: bool) -> int:
    """Write the pages, or compare them; 0 when they are current."""
    found: list[str] = []
    for name, module in PAGES.items():
        path = ROOT / name
        text = render(module)
        if is_check and (not path.exists() or path.read_text("utf-8") != text):
            found.append(f"{name} is out of date; run: make docs")
        elif not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(is_check="--check" in sys.argv[1:]))
