"""Periods end on or after the day they begin."""

from __future__ import annotations

import re
from datetime import date, timedelta

from posthorn.documents.checks.en16931.contexts import BLANKS, LINES, is_child_of, string
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

rule = EN16931.rule
# XML Schema 2, 3.2.9: a date may have a time zone, and a year more than four digits.
_DATE = re.compile(r"(-?\d{4,9})-(\d\d)-(\d\d)(?:Z|([+-])(\d\d):(\d\d))?", re.ASCII)
_PLAIN = len("2026-01-01")
_CYCLE_YEARS = 400  # after which the Gregorian calendar repeats itself
_CYCLE_DAYS = 146_097

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
    # Dates of ten characters have no zone, and sort as they are written.
    if len(start) == len(end) == _PLAIN and start <= end:
        return True
    first, last = _beginning(start), _beginning(end)
    # What is no date is the schema's to name.
    if first is None or last is None or first <= last:
        return True
    return Broken(start=start, end=end)


def _beginning(text: str) -> timedelta | None:
    """Return when a date begins, in universal time; without a zone it is taken for that one."""
    found = _DATE.fullmatch(text.strip(BLANKS))
    if found is None:
        return None
    cycles, year = divmod(int(found[1]), _CYCLE_YEARS)
    try:
        day = date(_CYCLE_YEARS + year, int(found[2]), int(found[3])).toordinal()
    except ValueError:
        return None
    begins = timedelta(days=day + cycles * _CYCLE_DAYS)
    if not found[4]:
        return begins
    ahead = timedelta(hours=int(found[5]), minutes=int(found[6]))
    return begins - ahead if found[4] == "+" else begins + ahead
