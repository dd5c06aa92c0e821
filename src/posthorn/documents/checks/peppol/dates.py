"""How Peppol wants dates, and the periods of lines within that of the invoice.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from posthorn.documents.checks.calendar import in_order
from posthorn.documents.checks.peppol.text import raw
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken
from posthorn.documents.checks.selects import Select, at, named
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_LENGTH: Final = 10  # of YYYY-MM-DD
_DATES: Final = (
    "cbc:IssueDate",
    "cbc:DueDate",
    "cbc:TaxPointDate",
    "cbc:StartDate",
    "cbc:EndDate",
    "cbc:ActualDeliveryDate",
)


@lru_cache(maxsize=64)  # lines of one invoice mostly have the same days
def day(text: str) -> date | None:
    """Return the day that YYYY-MM-DD means, exactly so written; None for anything else."""
    # Checked here, as fromisoformat() takes weeks and dates without hyphens too.
    if len(text) != _LENGTH or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@rule("PEPPOL-EN16931-F001", named(*_DATES))
def is_a_day(written: Element, _: Subject) -> Answer:
    """BT-2, 7, 9, 72 to 74, 134, 135: a date is written YYYY-MM-DD, without a time zone."""
    return day(written.value or "") is not None or Broken(found=written.value)


def _of_lines(name: str) -> Select:
    """Select the starts or ends of the periods of lines, where the invoice has its own."""

    def of_lines(periods: Sequence[Element], subject: Subject) -> Iterable[Element]:
        if not any(name in period.kids for period in periods):
            return ()
        lines = subject.root.kids.get(subject.line_name, ())
        return [
            found
            for line in lines
            for period in line.kids.get("cac:InvoicePeriod", ())
            for found in period.kids.get(name, ())
        ]

    return at("cac:InvoicePeriod").then(of_lines)


@rule("PEPPOL-EN16931-R110", _of_lines("cbc:StartDate"))
def line_starts_within_the_period(start: Element, subject: Subject) -> Answer:
    """BT-134: the period of a line does not start before that of the invoice (BT-73)."""
    first = raw(subject.root, "cac:InvoicePeriod", "cbc:StartDate")
    return _in_order(first, start.value or "") or Broken(expected=first, found=start.value)


@rule("PEPPOL-EN16931-R111", _of_lines("cbc:EndDate"))
def line_ends_within_the_period(end: Element, subject: Subject) -> Answer:
    """BT-135: the period of a line does not end after that of the invoice (BT-74)."""
    last = raw(subject.root, "cac:InvoicePeriod", "cbc:EndDate")
    return _in_order(end.value or "", last) or Broken(expected=last, found=end.value)


def _in_order(earlier: str, later: str) -> bool:
    """Tell whether one date is not after another; without a date at all, nothing compares."""
    return bool(earlier and later) and in_order(earlier, later)
