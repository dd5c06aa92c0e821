"""An invoice on its way to Peppol BIS, with the list of what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from posthorn.documents.invoice import Invoice
from posthorn.documents.sentences import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that the converted document says otherwise, or no longer."""

    code: str  # CONVERT-…, of a sentence
    path: str = ""  # XPath in the file that came, or a term such as BT-34
    before: str | None = None  # as sent, hostile text; the first where there are several
    after: str | None = None  # None where it is dropped
    count: int = 1  # how often

    def message(self, language: str = "en") -> str:
        """Return one sentence that tells the change; nl, fr, en or de."""
        return sentence(self.code, language, self._values())

    def _values(self) -> Mapping[str, str]:
        shown = {"path": self.path, "before": self.before, "after": self.after}
        return {name: value or "—" for name, value in shown.items()} | {"count": str(self.count)}


class Draft:
    """An invoice that steps change, each noting what it did."""

    __slots__ = ("changes", "invoice")

    def __init__(self, invoice: Invoice) -> None:
        """Begin with the invoice as it was read."""
        self.invoice = invoice
        self.changes: list[Change] = []

    def put(self, **terms: Any) -> None:  # noqa: ANN401  # the fields of Invoice, as for replace
        """Replace terms of the invoice."""
        self.invoice = replace(self.invoice, **terms)

    def note(
        self, code: str, path: str, before: str | None = None, after: str | None = None
    ) -> None:
        """Add to the list of changes; what is alike in code and path is counted."""
        for at, known in enumerate(self.changes):
            if (known.code, known.path) == (code, path):
                self.changes[at] = replace(known, count=known.count + 1)
                return
        self.changes.append(Change(code=code, path=path, before=before, after=after))
