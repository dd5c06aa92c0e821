"""What holds on every page a walk opens: nothing fails, nothing leaves, everybody can use it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import ConsoleMessage, Page

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_RUN = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return found.violations;
}"""
_SEVERE = ("serious", "critical")
# What htmx says of a request that a change of page cut short.
_ABORTED = ("htmx:sendAbort", "htmx:afterRequest")
_OWN_SCHEMES = ("data", "blob", "about")


class Watch:
    """Notes what a page does wrong while it is used: errors, and requests to other hosts."""

    def __init__(self, page: Page, others: Sequence[str] = ()) -> None:
        self._home = ""
        self._others = {urlsplit(other).netloc for other in others}  # packages people sign in to
        self._page = page
        self.wrong: list[str] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("request", lambda request: self._note_request(request.url))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_ABORTED):
            self.wrong.append(f"console: {message.text}")

    def _note_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in _OWN_SCHEMES:
            return
        if parts.netloc in self._others:
            return
        self._home = self._home or parts.netloc
        if parts.netloc != self._home:
            self.wrong.append(f"request: {url}")

    def assert_clean(self) -> None:
        """Fail with everything that went wrong so far."""
        assert self.wrong == [], f"on {self._page.url}: {self.wrong}"


def assert_accessible(page: Page) -> None:
    """Fail with each serious or critical finding of axe and where it is."""
    page.evaluate(_AXE)
    violations: list[dict[str, Any]] = page.evaluate(_RUN)
    severe = [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in violations
        if one["impact"] in _SEVERE
    ]
    assert severe == [], f"on {page.url}: {severe}"


def assert_focus_is_seen(page: Page) -> None:
    """Fail when what has the focus lies under something else (WCAG 2.4.11)."""
    hidden = ""
    for _ in range(_LOOKS):  # what is loaded beside a list moves it for a moment
        hidden = page.evaluate(_HIDDEN_FOCUS)
        if not hidden:
            return
        page.wait_for_timeout(_BETWEEN_LOOKS_MS)
    raise AssertionError(f"hidden on {page.url}: {hidden}")


_LOOKS, _BETWEEN_LOOKS_MS = 10, 100
_HIDDEN_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const box = one.getBoundingClientRect();
  const spots = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const isSeen = spots.some(([x, y]) => {
    const top = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
    if (!top) return false;
    return one.contains(top) || top.contains(one) || top.closest("label")?.control === one;
  });
  return isSeen ? "" : one.outerHTML.slice(0, 200);
}"""
