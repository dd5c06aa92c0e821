"""Periods end on or after the day they begin."""

from __future__ import annotations

from posthorn.documents.checks.calendar import in_order
from posthorn.documents.checks.en16931.contexts import LINES, is_child_of, string
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule

periods = named("cac:InvoicePeriod")


@rule("BR-29", where(periods, lambda period: not is_child_of(period, LINES)))
def ends_after_it_begins(period: Element, _: Subject) -> Answer:
    """BT-73, BT-74: the invoicing period ends no earlier than it begins (EN 16931-1, BR-29)."""
    return _in_order(period)


@rule("BR-30", where(periods, lambda period: is_child_of(period, LINES)))
def ends_after_it_begins_on_a_line(period: Element, _: Subject) -> Answer:
    """BT-134, BT-135: a line's period ends no earlier than it begins (EN 16931-1, BR-30)."""
    return _in_order(period)


def _in_order(period: Element) -> Answer:
    starts, ends = period.kids.get("cbc:StartDate"), period.kids.get("cbc:EndDate")
    if starts is None or ends is None:
        return True
    start, end = string(starts[0]), string(ends[0])
    return in_order(start, end) or Broken(start=start, end=end)
